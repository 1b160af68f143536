/** The problems that come with the package. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProblem } from '../../src/cli/problem-file.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { initialize, trialSize } from '../../src/network/index.ts';
import { buildResidualSystem, fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { defaultTrial, periodicCoordinates } from '../../src/solve/default-trial.ts';
import { resolveSettings } from '../../src/solve/settings.ts';
import { oneDraw } from './one-draw.ts';

const folder = join(import.meta.dirname, '../../problems');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const problems = await Promise.all(files.map((name) => loadProblem(join(folder, name))));
const named = problems.map(oneDraw).map((problem, i) => [files[i].replace(/\.json$/, ''), problem] as const);

describe.each(named)('%s', (name, problem) => {
  test('is named as its file, with a title and a source', () => {
    expect(problem.name).toBe(name);
    expect(problem.definition.title).toMatch(/\S/);
    expect(problem.definition.source).toMatch(/\S/);
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
