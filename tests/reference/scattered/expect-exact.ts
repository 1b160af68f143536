import { expect } from 'vitest';
import { evaluateScalar } from '../../../src/expression/evaluate.ts';
import { shapeOf } from '../../../src/geometry/shape.ts';
import { problem } from '../../../src/problem/index.ts';
import { reference } from '../../../src/reference/index.ts';

/** Solves to a target and compares with `exact` at random points of space, at ten times where there is time. */
export async function expectExact(
  definition: Parameters<typeof problem>[0],
  target: number,
  worst: number,
): Promise<string> {
  const read = problem(definition);
  const result = await reference(read, { target, timeLimit: 60 });
  if (!result.available) throw new Error(result.reason);
  const { coordinates, time } = read;
  const space = coordinates.map((_, i) => i).filter((i) => i !== time);
  const box = space.map((i) => [coordinates[i].low, coordinates[i].high]);
  const shape = read.space?.shape ?? shapeOf({ box }, 'domain');
  const count = 200;
  const inside = shape.sample('uniform', count, 3);
  const points = new Float64Array(count * coordinates.length);
  for (let i = 0; i < count; i++) {
    coordinates.forEach(({ low, high }, c) => {
      const axis = space.indexOf(c);
      points[i * coordinates.length + c] =
        axis < 0 ? low + ((high - low) * ((i % 10) + 1)) / 10 : inside[i * space.length + axis];
    });
  }
  const values = result.evaluate(points);
  let error = 0;
  for (const [field, exact] of read.exact) {
    values[field].forEach((value, i) => {
      const expected = evaluateScalar(exact, (leaf) =>
        leaf.kind === 'coordinate' ? points[i * coordinates.length + leaf.index] : Number.NaN,
      );
      error = Math.max(error, Math.abs(value - expected));
    });
  }
  expect(error).toBeLessThan(worst);
  // The estimate is honest: not far below the true error.
  expect(error).toBeLessThan(20 * result.errorEstimate + 1e-11);
  return result.method;
}
