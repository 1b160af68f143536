import { describe, expect, it } from 'vitest';
import { assessOperator, trainOperator } from '../../src/operator/index.ts';
import { problem } from '../../src/problem/index.ts';
import { renderReport } from '../../src/report/html-report.ts';
import { reportOfOperator } from '../../src/report/report-of-operator.ts';
import type { PlotPanel, SectionFigure } from '../../src/report/report-section.ts';

const logistic = problem({
  name: 'logistic',
  title: 'Logistic growth <from> a rate',
  domain: { t: [0, 2] },
  fields: ['y'],
  inputs: { r: { of: 't', space: 'gaussian-random-field', lengthScale: 1, mean: 1, sensors: 30 } },
  equations: ['dy/dt = r*y*(1 - y)'],
  conditions: [{ on: 't = 0', equation: 'y = 0.2' }],
});

describe('the report of an operator', async () => {
  const operator = await trainOperator(logistic, { functions: 60, testFunctions: 21, threads: 1 });
  const assessment = await assessOperator(operator, { functions: 4, threads: 1, timeLimit: 20 });
  const data = reportOfOperator(operator, assessment, { command: 'ansatz solve logistic' });
  const panelsOf = (heading: string): PlotPanel[] =>
    data
      .sections!.find((section) => section.heading === heading)!
      .parts.filter((part): part is SectionFigure => typeof part === 'object' && 'panels' in part)
      .flatMap(({ panels }) => panels as PlotPanel[]);

  it('counts every test function in the distribution once', () => {
    const [{ curves }] = panelsOf('Test errors');
    expect(Array.from(curves[0].curve.values).reduce((a, b) => a + b)).toBe(21);
  });

  it('shows the worst, the median and the best test function with their own errors', () => {
    const { relativeL2: _, median, worst, each } = operator.errors!.y;
    const errors = assessment.cases.map(({ relativeL2 }) => relativeL2.y);
    expect(errors).toEqual([worst, median, Math.min(...each)]);
    for (const { solution, expected, relativeL2 } of assessment.cases) {
      const t = Float64Array.from({ length: 201 }, (_, k) => k / 100);
      const [found, right] = [solution.evaluateFields(t).y, expected!(t).y];
      const squares = (of: (k: number) => number): number => t.reduce((sum, __, k) => sum + of(k) ** 2, 0);
      const error = Math.sqrt(squares((k) => found[k] - right[k]) / squares((k) => right[k]));
      expect(error / relativeL2.y).toBeCloseTo(1, 3);
    }
    expect(panelsOf('Worst, median and best case')).toHaveLength(9);
  });

  it('finds larger errors for larger functions, and for rougher ones, at larger distances', () => {
    const mean = (measure: string, factor: number, of: 'error' | 'distance'): number => {
      const { functions } = assessment.varied.find((v) => v.measure === measure && v.factor === factor)!;
      const values = functions.map((f) => (of === 'error' ? f.relativeL2.y : f.distance));
      return values.reduce((a, b) => a + b) / values.length;
    };
    for (const of of ['error', 'distance'] as const) {
      expect(mean('amplitude', 4, of)).toBeGreaterThan(3 * mean('amplitude', 1, of));
      expect(mean('lengthScale', 0.25, of)).toBeGreaterThan(3 * mean('lengthScale', 1, of));
    }
    expect(mean('amplitude', 0.25, 'distance')).toBeLessThan(mean('amplitude', 1, 'distance'));
  });

  it('gives the distance that the operator itself says', () => {
    const [{ samples }] = assessment.cases;
    const own = operator.distance(samples).r;
    expect(assessment.tested.some(({ distance }) => Math.abs(distance - own) < 1e-9 * own)).toBe(true);
  });

  it('is one page: problem with its input functions, errors, cases, training', async () => {
    const html = await renderReport(data, { plotly: '' });
    for (const text of [
      'Logistic growth &lt;from&gt; a rate',
      'Input functions',
      'Gaussian random field, kernel rbf, length scale 1',
      'Test errors',
      'Worst, median and best case',
      'Away from the training functions',
      'training functions',
      'ansatz solve logistic',
    ])
      expect(html).toContain(text);
  });

  it('needs no assessment, and says why there are no errors', async () => {
    const untested = await trainOperator(logistic, { functions: 20, testFunctions: 0, threads: 1 });
    const plain = reportOfOperator(untested);
    expect(plain.sections).toEqual([]);
    expect(plain.errors).toMatchObject([{ relativeL2: null, reason: 'no test functions were asked for' }]);
    await expect(renderReport(plain, { plotly: '' })).resolves.toContain('no test functions were asked for');
  });
});
