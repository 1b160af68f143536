/**
 * Reciprocals of positive input functions: where a speed or a conductivity is given, solutions depend on travel times and
 * resistances, and are smoother functions of those.
 */

/** For each column half of the least value of its input function, or 0 where that is not positive throughout. */
export function reciprocalFloors(x: Float64Array, count: number, groups: readonly number[]): Float64Array {
  const inputs = x.length / count;
  const floors = new Float64Array(inputs);
  let first = 0;
  for (const width of groups) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      for (let j = first; j < first + width; j++) least = Math.min(least, x[i * inputs + j]);
    }
    floors.fill(least > 0 ? least / 2 : 0, first, first + width);
    first += width;
  }
  return floors;
}

/** 1/v in the columns that have a floor, and below it the tangent, so that it is finite and monotone everywhere. */
export function reciprocals(rows: Float64Array, floors: Float64Array): Float64Array {
  return rows.map((value, k) => {
    const floor = floors[k % floors.length];
    if (floor === 0) return value;
    return value > floor ? 1 / value : (2 - value / floor) / floor;
  });
}
