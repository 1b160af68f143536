/** The problems that come with the package. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProblem } from '../../src/cli/problem-file.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { apply } from '../../src/expression/build.ts';
import { differentiate } from '../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { type Expression, substitute } from '../../src/expression/expression.ts';
import { initialize, trialSize } from '../../src/network/index.ts';
import { conditionPoints } from '../../src/problem/condition-points.ts';
import { rowsOf } from '../../src/problem/domain-points.ts';
import type { Condition, Problem } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import { buildResidualSystem, fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { defaultTrial, periodicCoordinates } from '../../src/solve/default-trial.ts';
import { resolveSettings } from '../../src/solve/settings.ts';

const folder = join(import.meta.dirname, '../../problems');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const problems = await Promise.all(files.map((name) => loadProblem(join(folder, name))));
const named = problems.map((problem, i) => [files[i].replace(/\.json$/, ''), problem] as const);

/** The value of an expression where every field is its exact solution. */
function valueAtExact(
  expression: Expression,
  problem: Problem,
  point: readonly number[],
  normal?: readonly number[],
) {
  const inserted = substitute(
    expression,
    (leaf) => {
      if (leaf.kind !== 'field') return leaf;
      let result = problem.exact.get(leaf.name)!;
      leaf.order.forEach((times, coordinate) => {
        for (let k = 0; k < times; k++) result = differentiate(result, coordinate);
      });
      return result;
    },
    apply,
  );
  return evaluateScalar(inserted, (leaf) => {
    if (leaf.kind === 'coordinate') return point[leaf.index];
    const axis = problem.coordinates.findIndex((c) => leaf.name === `normal:${c.name}`);
    if (leaf.kind === 'column' && axis >= 0) return normal![axis];
    throw new Error(`no value for ${leaf.name}`);
  });
}

/** Random points of a condition, with the outward normal there. */
function placesOf(condition: Condition, problem: Problem, random: () => number[]) {
  if (condition.kind === 'periodic') return [];
  const d = problem.coordinates.length;
  if (condition.kind !== 'planes') {
    const { points, normals } = conditionPoints(condition, problem, 40);
    const directions = rowsOf(normals, d);
    return rowsOf(points, d).map((point, n) => ({ point, normal: directions[n] }));
  }
  return condition.planes.flatMap(({ coordinate, value, outward }) =>
    Array.from({ length: 10 }, () => ({
      point: random().map((x, i) => (i === coordinate ? value : x)),
      normal: random().map((_, i) => (i === coordinate ? outward : 0)),
    })),
  );
}

describe.each(named)('%s', (name, problem) => {
  test('is named as its file, with a title', () => {
    expect(problem.name).toBe(name);
    expect(problem.definition.title).toMatch(/\S/);
  });

  test.runIf(problem.exact.size > 0)('its exact solution satisfies equations and conditions', () => {
    expect(problem.fields.filter((field) => !problem.exact.has(field.name))).toEqual([]);
    const generator = randomGenerator(7);
    const random = () => problem.coordinates.map(({ low, high }) => low + (high - low) * generator.uniform());
    const agree = (
      left: Expression,
      right: Expression,
      point: readonly number[],
      normal?: readonly number[],
    ) => {
      const [a, b] = [left, right].map((side) => valueAtExact(side, problem, point, normal));
      expect(Math.abs(a - b)).toBeLessThan(1e-9 * (1 + Math.abs(a)));
    };
    for (let n = 0; n < 40; n++) {
      const point = random();
      for (const { left, right } of problem.equations) agree(left, right, point);
    }
    for (const condition of problem.conditions)
      for (const { point, normal } of placesOf(condition, problem, random))
        if (condition.kind !== 'periodic') agree(condition.left, condition.right, point, normal);
  });

  test('loss, terms and gradient of both engines agree to single precision', async () => {
    const settings = resolveSettings(problem, {});
    const trial = defaultTrial(problem, settings);
    const scaling = scalingOf(problem, fieldRanges(problem));
    const system = buildResidualSystem(problem, scaling, trial, {
      points: 120,
      conditionPoints: problem.coordinates.length === 1 ? 1 : 24,
      sampling: settings.sampling,
      seed: 2,
      weights: { equations: 1, conditions: 10, data: 1 },
      periodicCoordinates: periodicCoordinates(problem, settings),
    });
    const size = trialSize(trial);
    const theta = new Float64Array(size + problem.unknowns.length);
    theta.set(initialize(trial, { seed: 4 }));
    scaling.unknowns.forEach((unknown, i) => {
      theta[size + i] = unknown.initialRaw;
    });
    const at = theta.map(Math.fround);
    const double = await createEngine('f64', system, { threads: 1 });
    const single = await createEngine('tfjs', system);
    try {
      const expected = await double.lossAndGradient(at);
      const found = await single.lossAndGradient(at);
      expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-5);
      found.terms.forEach((term, b) => {
        expect(Math.abs(term - expected.terms[b])).toBeLessThan(
          1e-5 * expected.loss + 1e-4 * expected.terms[b],
        );
      });
      const difference = Math.hypot(...found.gradient.map((g, i) => g - expected.gradient[i]));
      expect(difference / Math.hypot(...expected.gradient)).toBeLessThan(3e-5);
    } finally {
      await double.dispose();
      await single.dispose();
    }
  });
});
