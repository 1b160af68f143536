import { describe, expect, test } from 'vitest';
import { LIGHT } from '../../src/report/figures/palette.ts';
import { profileFigure } from '../../src/report/figures/profiles.ts';
import { reproductionFigure } from '../../src/report/figures/reproduction-number.ts';
import { trajectoryFigure } from '../../src/report/figures/trajectories.ts';
import { renderReport } from '../../src/report/html-report.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { assumptionTable } from '../../src/report/tables.ts';

const values = [1.6, 1.65, 1.7, 1.75, 1.8];
const t = [0, 1, 2, 3, 4];

const data: ReportData = {
  title: 'An outbreak',
  settings: { engine: 'shooting', optimizer: 'Levenberg–Marquardt', seed: 0 },
  profiles: {
    level: 0.95,
    profiles: [
      {
        name: 'beta',
        tex: '\\beta',
        values,
        deviance: values.map((value) => ((value - 1.7) / 0.0255) ** 2),
        threshold: 3.84,
        estimate: 1.7,
        low: 1.65,
        high: 1.75,
        words: 'The data bound beta on both sides.',
      },
      { name: 'rho', values, deviance: values.map(() => 0), threshold: 3.84, estimate: 1.7 },
    ],
  },
  reproduction: {
    coordinate: { name: 't', unit: 'days' },
    curve: { at: t, values: [3, 2, 1.5, 0.5, 0.4] },
    band: { at: t, low: [2.5, 1.7, 1.2, 0.3, 0.2], high: [3.5, 2.3, 1.8, 0.7, 0.6] },
    bandName: '95% band',
  },
  assumptions: {
    level: 0.95,
    quantities: [{ name: 'R0' }],
    rows: [
      { assumption: 'least squares', values: [{ value: 3.804, low: 3.5, high: 4.1 }], sumOfSquares: 3874.36 },
      { assumption: 'I(0) <unknown>', values: [null], failure: 'no minimum' },
    ],
  },
  trajectories: {
    coordinate: { name: 't', unit: 'days' },
    solutionName: 'fit',
    forecastFrom: 2,
    fields: [
      {
        name: 'I',
        solution: { at: t, values: [1, 3, 9, 20, 30] },
        band: { at: t, low: [1, 2, 8, 18, 27], high: [1, 4, 10, 22, 33] },
        prediction: { at: t, low: [0, 1, 5, 12, 20], high: [3, 6, 13, 28, 45] },
        data: { at: [0, 1, 2], values: [1, 3, 8] },
        later: { at: [3, 4], values: [19, 33] },
      },
    ],
  },
};

describe('profiles', () => {
  const figure = profileFigure(data.profiles)!;
  const shapes = (panel: number) =>
    (figure.panels[panel].layout as { shapes: { x0: number; y0: number; yref: string }[] }).shapes;

  test('mark the threshold and the ends of the interval, where there are any', () => {
    expect(shapes(0).map(({ yref, x0, y0 }) => (yref === 'y' ? y0 : x0))).toEqual([3.84, 1.65, 1.75]);
    expect(shapes(1)).toHaveLength(1);
  });

  test('say in words what they show', () => {
    expect(figure.caption).toContain('The data bound beta on both sides.');
    expect(figure.caption).toContain('95%');
  });
});

test('R(t) is said to fall below 1 where the line crosses it', () => {
  // From 1.5 at t = 2 to 0.5 at t = 3.
  expect(reproductionFigure(data.reproduction)!.caption).toContain('falls below 1 at t = 2.50');
  const growing = { ...data.reproduction!, curve: { at: t, values: [3, 3, 2, 2, 2] } };
  expect(reproductionFigure(growing)!.caption).not.toContain('falls below');
});

test('a forecast shows both bands, the observations it was fitted to and those held out', () => {
  const figure = trajectoryFigure(data.trajectories)!;
  expect(figure.panels[0].traces).toHaveLength(7);
  expect(figure.legend.map(({ label }) => label)).toEqual([
    'fit',
    'band',
    'prediction band',
    'data',
    'held out',
  ]);
  expect(figure.caption).toContain('forecast begins (t = 2)');
  const { range } = (figure.panels[0].layout as { xaxis: { range: [number, number] } }).xaxis;
  expect(range[1]).toBeGreaterThan(4);
});

test('an assumption that fails says why, as text', () => {
  const table = assumptionTable(data.assumptions)!;
  expect(table.rows[1].cells[0]).toBe('I(0) &lt;unknown&gt;: no minimum');
  expect(table.head).toContain('sum of squares');
  expect(table.head).not.toContain('AIC');
});

test('the whole stands in one file, in colours of the palette', async () => {
  const html = await renderReport(data, { plotly: '' });
  for (const id of ['profiles', 'reproduction-number', 'trajectories'])
    expect(html).toContain(`id="${id}-0"`);
  for (const [, name] of html.matchAll(/"@(\w+)"/g)) expect(LIGHT).toHaveProperty(name);
});

test('lengths that do not agree are refused', async () => {
  const broken = structuredClone(data) as unknown as { profiles: { profiles: { deviance: number[] }[] } };
  broken.profiles.profiles[0].deviance.pop();
  await expect(renderReport(broken as unknown as ReportData, { plotly: '' })).rejects.toThrow('values');
});
