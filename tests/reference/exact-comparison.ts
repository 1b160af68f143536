import { expect } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { type AvailableReference, type ReferenceOptions, reference } from '../../src/reference/index.ts';
import { domainGrid, evaluateExact, fieldError } from '../../src/solve/error-norms.ts';

export type Definition = Parameters<typeof problem>[0];

export async function solved(
  definition: Definition,
  options?: ReferenceOptions,
): Promise<AvailableReference> {
  const result = await reference(problem(definition), options);
  if (!result.available) throw new Error(result.reason);
  return result;
}

/** The true relative error, against `exact`, lies below the tolerance and below three times the estimate. */
export async function expectHonest(
  definition: Definition,
  method: RegExp,
  tolerance: number,
  options?: ReferenceOptions,
): Promise<void> {
  const result = await solved(definition, options);
  expect(result.method).toMatch(method);
  const checked = problem(definition);
  const side = [0, 201, 31, 11, 6][checked.coordinates.length];
  const points = domainGrid(
    checked,
    checked.coordinates.map(() => side),
  );
  const values = result.evaluate(points);
  const exact = evaluateExact(checked, points, {});
  for (const name of Object.keys(exact)) {
    const { relativeL2 } = fieldError(values[name], exact[name]);
    expect(relativeL2).toBeLessThan(tolerance);
    expect(relativeL2).toBeLessThan(3 * result.errorEstimate + 1e-13);
  }
  expect(result.errorEstimate).toBeLessThan(10 * tolerance);
}
