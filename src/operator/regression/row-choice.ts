/** Rows of a table by their places. */
import { randomGenerator } from '../../random/generator.ts';

/** The numbers 0 … count − 1 in a random order. */
export function shuffled(count: number, seed: number): number[] {
  const places = Array.from({ length: count }, (_, i) => i);
  const random = randomGenerator(seed);
  for (let i = 0; i < count; i++) {
    const other = i + random.integer(count - i);
    [places[i], places[other]] = [places[other], places[i]];
  }
  return places;
}

/** The rows at some places, (places, width). */
export function rowsAt(table: Float64Array, places: readonly number[], width: number): Float64Array {
  const rows = new Float64Array(places.length * width);
  places.forEach((place, i) => {
    rows.set(table.subarray(place * width, (place + 1) * width), i * width);
  });
  return rows;
}
