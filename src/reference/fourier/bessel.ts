/** Bessel functions of the first kind, of integer orders. */

/** Beyond order z + this many times z^(1/3) + 1 the functions are below rounding. */
const beyond = 14;

/** The number of orders whose functions at z are above rounding. */
export const besselCount = (z: number): number => Math.ceil(z + beyond * (Math.cbrt(z) + 1));

/**
 * J₀(z) … J_{count−1}(z), z ≥ 0, by recurrence from high orders to low ones (J. C. P. Miller): Abramowitz & Stegun,
 * Handbook of Mathematical Functions (1964), section 9.12.
 */
export function besselFunctions(z: number, count: number): Float64Array {
  const result = new Float64Array(count);
  if (z === 0) {
    result[0] = 1;
    return result;
  }
  const top = 2 * Math.ceil((Math.max(count, besselCount(z)) + beyond) / 2);
  let above = 0;
  let here = 1e-300;
  // J₀ + 2 Σ J_{2k} = 1.
  let sum = 0;
  for (let order = top; order >= 0; order--) {
    if (order < count) result[order] = here;
    if (order % 2 === 0) sum += order === 0 ? here : 2 * here;
    const below = ((2 * order) / z) * here - above;
    above = here;
    here = below;
    if (Math.abs(here) < 1e250) continue;
    const down = 1e-250;
    here *= down;
    above *= down;
    sum *= down;
    for (let i = order; i < count; i++) result[i] *= down;
  }
  return result.map((value) => value / sum);
}
