/** Exact solutions of the catalogue satisfy their equations and conditions. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trueUnknowns } from '../../bench/catalogue/true-unknowns.ts';
import { loadProblem } from '../../src/cli/problem-file.ts';
import type { Expression } from '../../src/expression/expression.ts';
import {
  exactValue,
  insidePoints,
  isKnown,
  type PlaceOfCheck,
  periodicGap,
  placesOf,
} from './exact-value.ts';
import { oneDraw } from './one-draw.ts';

const folder = join(import.meta.dirname, '../../problems');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const problems = await Promise.all(files.map((name) => loadProblem(join(folder, name))));
const solved = problems
  .map(oneDraw)
  .filter(({ exact }) => exact.size > 0)
  .map((problem) => [problem.name, problem] as const);

describe.each(solved)('%s', (name, problem) => {
  const unknowns = trueUnknowns[name] ?? {};
  const agree = (left: Expression, right: Expression, place: PlaceOfCheck, what: string): void => {
    const [a, b] = [left, right].map((side) => exactValue(side, problem, place, unknowns));
    expect(Math.abs(a - b), `${what} at ${place.point}`).toBeLessThan(1e-9 * (1 + Math.abs(a)));
  };

  test('satisfies the equations at random points', () => {
    for (const { left, right, text } of problem.equations)
      if (isKnown([left, right], problem))
        for (const point of insidePoints(problem, 40, 7)) agree(left, right, { point }, text);
  });

  test('satisfies the conditions at random points of their places', () => {
    for (const condition of problem.conditions)
      if (condition.kind === 'periodic')
        expect(periodicGap(condition, problem, unknowns), condition.text).toBeLessThan(1e-9);
      else if (isKnown([condition.left, condition.right], problem))
        for (const place of placesOf(condition, problem, 7))
          agree(condition.left, condition.right, place, condition.text);
  });
});
