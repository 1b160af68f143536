import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { type Assessment, assess } from '../../src/estimate/assess.ts';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import { renderReport } from '../../src/report/html-report.ts';
import type { ReportData, Series, Statement } from '../../src/report/report-data.ts';
import { reportOf } from '../../src/report/report-of-solution.ts';
import { builtSolution } from './built-solution.ts';
import { outline } from './html-outline.ts';

const plotly = 'window.Plotly = { react() {} };';

/** Renders, checks that lengths agree and that the page is well formed; returns its text. */
async function rendered(data: ReportData, name: string): Promise<string> {
  const folder = process.env['REPORT_FOLDER'];
  if (folder !== undefined) await writeFile(join(folder, `${name}.html`), await renderReport(data));
  const elements = outline(await renderReport(data, { plotly }));
  expect(elements.filter((element) => element.name === 'code' && !element.inside.includes('pre'))).toEqual(
    [],
  );
  return elements.find((element) => element.name === 'body')!.text;
}

function expectTypeset(statements: readonly Statement[] | undefined): void {
  for (const { tex } of statements ?? []) expect(() => katex.renderToString(tex)).not.toThrow();
}

function texts(data: ReportData): string[] {
  return (data.notes ?? []).map(({ text }) => text);
}

function nothing(overrides: Partial<Assessment> = {}): Assessment {
  return {
    errors: null,
    reason: 'there is nothing to compare with',
    reference: undefined,
    parameters: {},
    derived: {},
    sumOfSquares: undefined,
    shooting: undefined,
    notes: [],
    unusable: undefined,
    ...overrides,
  };
}

function all(series: Series, value: number, digits = 9): void {
  for (let i = 0; i < series.length; i++) expect(series[i]).toBeCloseTo(value, digits);
}

// y(t) = exp(−k t) with k = 0.7, observed with small errors; the decayed share is observed as well.
const decay: ProblemDefinition = {
  name: 'decay-and-growth',
  title: 'A substance that decays into another',
  domain: { t: [0, 4] },
  flows: ['A -> B: k*A'],
  constants: { A0: 2 },
  unknowns: { k: { initial: 0.5, min: 0, max: 5 } },
  conditions: [
    { on: 't = 0', equation: 'A = A0' },
    { on: 't = 0', equation: 'B = 0' },
  ],
  data: [
    {
      rows: [0.5, 1, 1.5, 2, 3, 4].map((t, i) => ({
        t,
        a: 2 * Math.exp(-0.7 * t) + 0.01 * (-1) ** i,
        total: i === 2 ? null : 2,
      })),
      at: { t: 't' },
      observe: { A: 'a', 'A + B': 'total' },
    },
  ],
  derived: { half_life: 'log(2)/k' },
};

const history = {
  entries: [0, 1, 2].map((iteration) => ({
    iteration,
    seconds: iteration,
    loss: 10 ** -iteration,
    terms: [Number.NaN, 10 ** -iteration, 0.5, 0.25],
    unknowns: [0.5 + 0.1 * iteration],
  })),
  phases: [
    { name: 'lm, data alone', start: 0 },
    { name: 'lm, equations and data', start: 1 },
  ],
};

const decayRun = {
  history,
  iterations: 5,
  loss: 1e-4,
  terms: [1e-6, 1e-7, 1e-3, 1e-3],
  blocks: [
    { path: 'equations', kind: 'equation' as const, points: 128 },
    { path: 'conditions[0], conditions[1]', kind: 'condition' as const, points: 1 },
    { path: 'data[0].observe.A', kind: 'data' as const, points: 6 },
    { path: 'data[0].observe.A + B', kind: 'data' as const, points: 5 },
  ],
};

describe('the report of an inverse problem', async () => {
  const solution = builtSolution(decay, { unknowns: { k: 2 }, run: decayRun });
  const assessment = await assess(solution);
  const data = reportOf(solution, assessment, {
    command: 'ansatz solve decay.json',
    versions: { ansatz: '0.1.0' },
    date: '2026-11-21',
  });

  it('states the generated equations, conditions with their places, data and bounds', () => {
    const { problem } = data;
    expect(problem!.equations!.map(({ text }) => text)).toEqual([
      'dA/dt = -(k*A)',
      'dB/dt = (k*A)',
      'half_life = log(2)/k',
    ]);
    expect(problem!.equations![0].tex).toBe('\\frac{d A}{dt} = {-\\left(k\\, A\\right)}');
    expect(problem!.conditions![0].tex).toBe('A = A_{0} \\quad \\text{on } t = 0');
    expect(problem!.data!.map(({ note }) => note)).toEqual([
      '6 observations, column a',
      '5 observations, column total, 1 missing',
    ]);
    expect(problem!.domain).toEqual([{ tex: 't \\in [0,\\, 4]', text: 't in [0, 4]', note: undefined }]);
    expect(problem!.constants).toEqual([{ name: 'A0', tex: 'A_{0}', value: 2 }]);
    expect(problem!.unknowns![0]).toMatchObject({ name: 'k', initial: 0.5, min: 0, max: 5 });
    for (const list of [problem!.equations, problem!.conditions, problem!.data]) expectTypeset(list);
  });

  it('sets the network beside shooting, whose estimate is that of the exponential', () => {
    const { methods, rows, level } = data.estimates!;
    expect(level).toBe(0.95);
    expect(methods.map(({ name }) => name)).toEqual(['PINN', 'shooting (Dormand–Prince, least squares)']);
    expect(methods[0].sumOfSquares).toBeGreaterThan(methods[1].sumOfSquares!);
    expect(rows.map(({ name, derived }) => [name, derived])).toEqual([
      ['k', false],
      ['half_life', true],
    ]);
    expect(rows[0].values[0]!.value).toBeCloseTo(2, 10);
    expect(rows[0].values[1]!.value).toBeCloseTo(0.7, 1);
    expect(rows[1].values[1]!.value).toBeCloseTo(Math.LN2 / rows[0].values[1]!.value, 10);
  });

  it('warns where the network lies outside the classical interval or is inaccurate', () => {
    const warnings = data.notes!.filter(({ kind }) => kind === 'warning').map(({ text }) => text);
    expect(warnings.some((text) => text.includes('k = 2 lies outside the 95% interval'))).toBe(true);
    expect(warnings.some((text) => /^The relative L² error is above 0.01: .* in A/.test(text))).toBe(true);
    expect(data.notes!.findIndex(({ kind }) => kind === 'note')).toBe(warnings.length);
    const good = builtSolution(decay, {
      unknowns: { k: assessment.shooting!.estimates['k'].value },
      run: decayRun,
    });
    expect(texts(reportOf(good, assessment)).some((text) => text.includes('lies outside'))).toBe(false);
    // Noiseless data: the interval is narrower than any difference, and no warning is due.
    const { value } = assessment.shooting!.estimates['k'];
    const narrow = { value, standardError: 1e-9, low: value - 1e-9, high: value + 1e-9 };
    const near = builtSolution(decay, { unknowns: { k: value * (1 + 1e-4) }, run: decayRun });
    const noiseless = { ...assessment, shooting: { ...assessment.shooting!, estimates: { k: narrow } } };
    const said = reportOf(near, noiseless).notes!.filter(({ text }) => text.includes('differs from'));
    expect(said.map(({ kind }) => kind)).toEqual(['note']);
  });

  it('draws the reference at the estimates: 2 exp(−2 t), beside the data', () => {
    const { fields, referenceName } = data.trajectories!;
    expect(referenceName).toBe('Dormand–Prince 8 at the estimates');
    expect(fields.map(({ name }) => name)).toEqual(['A', 'B', 'A + B']);
    const [a, b, total] = fields;
    expect(a.solution.at).toHaveLength(401);
    const { at, values } = a.reference!;
    for (let i = 0; i < at.length; i += 25) expect(values[i]).toBeCloseTo(2 * Math.exp(-2 * at[i]), 7);
    expect(a.data!.at).toEqual([0.5, 1, 1.5, 2, 3, 4]);
    expect(b.data).toBeUndefined();
    expect(total.data!.values).toEqual([2, 2, 2, 2, 2]);
    for (let i = 0; i < 401; i += 50)
      expect(total.solution.values[i]).toBeCloseTo(a.solution.values[i] + b.solution.values[i], 10);
  });

  it('gives every block of the loss a readable name, gaps for what did not count, and the end of the run', () => {
    const loss = data.history!;
    expect(loss.terms!.map(({ name }) => name)).toEqual([
      'dA/dt = -(k*A), dB/dt = (k*A)',
      'A = A0, B = 0 on t = 0',
      'data of A',
      'data of A + B',
    ]);
    expect(loss.iterations).toEqual([0, 1, 2, 5]);
    expect(loss.terms![0].values).toEqual([Number.NaN, Number.NaN, Number.NaN, 1e-6]);
    expect(loss.total[3]).toBe(1e-4);
    const [path] = data.parameters!.parameters;
    expect(path.values).toEqual([0.5, 0.6, 0.7, 2].map((value) => expect.closeTo(value, 10)));
    expect(path.reference).toBe(assessment.shooting!.estimates['k'].value);
  });

  it('holds everything that makes the run again', async () => {
    const page = await rendered(data, 'decay');
    for (const text of [
      'ansatz solve decay.json',
      'ansatz 0.1.0',
      'wasm-simd (2 threads)',
      'float64',
      'Levenberg–Marquardt (lm)',
      '6 × 2, tanh, 68 parameters',
      '128 inside',
      '6 for data of A',
      'the network is small',
      'convergence',
      '11.2 s',
    ])
      expect(page).toContain(text);
  });
});

describe('the report of a partial differential equation in space and time', () => {
  const heat: ProblemDefinition = {
    name: 'heat',
    domain: { x: [0, '2*pi'], t: [0, 1] },
    fields: ['u'],
    constants: { D: 0.5 },
    functions: { source: '3*t' },
    equations: [{ equation: 'u_t = D*u_xx + source', where: 'x > pi' }],
    conditions: [{ on: 't = 0', equation: 'u = sin(x)', weight: 10 }, { periodic: 'x' }],
    exact: { u: 'exp(-D*t)*sin(x) + 1.5*t^2' },
  };
  const solution = builtSolution(heat, {
    constant: { u: 0.25 },
    run: {
      blocks: [
        { path: 'equations[0]', kind: 'equation', points: 1000 },
        { path: 'conditions[0]', kind: 'condition', points: 100 },
      ],
    },
  });

  it('has time along the horizontal axis and the exact solution beside the network', async () => {
    const data = reportOf(solution, await assess(solution));
    const { coordinates, grid, fields, referenceName, equalScale } = data.surfaces!;
    expect(coordinates.map(({ name }) => name)).toEqual(['t', 'x']);
    expect(referenceName).toBe('exact solution');
    expect(equalScale).toBe(false);
    all(fields[0].solution, 0.25);
    const { horizontal: t, vertical: x } = grid;
    for (let j = 0; j < x.length; j += 17)
      for (let i = 0; i < t.length; i += 13)
        expect(fields[0].reference![j * t.length + i]).toBeCloseTo(
          Math.exp(-0.5 * t[i]) * Math.sin(x[j]) + 1.5 * t[i] ** 2,
          12,
        );
    expect(data.errors![0]).toMatchObject({ name: 'u', against: 'exact solution' });
    expect(data.trajectories).toBeUndefined();
    await rendered(data, 'heat');
  });

  it('shows the residual in the user’s units, −3t for a constant field, and a gap where the equation does not hold', () => {
    const [residual] = reportOf(solution, nothing()).residuals!;
    if ('curve' in residual) throw new Error('a map was expected');
    const { horizontal: t, vertical: x } = residual.grid;
    for (let j = 0; j < x.length; j += 7)
      for (let i = 0; i < t.length; i += 11) {
        const value = residual.values[j * t.length + i];
        if (x[j] > Math.PI + 1e-9) expect(value).toBeCloseTo(-3 * t[i], 9);
        else if (x[j] < Math.PI - 1e-9) expect(value).toBeNaN();
      }
  });

  it('states definitions, weights, places and what is built into the network', () => {
    const problem = reportOf(solution, nothing()).problem!;
    expect(problem.equations!.map(({ note }) => note)).toEqual([
      'where x > pi',
      'defined',
      'exact solution, for comparison alone',
    ]);
    expect(problem.domain![0].tex).toContain('\\pi');
    expect(problem.conditions!.map(({ note }) => note)).toEqual([
      'weight 10',
      'values and derivatives up to order 1, built into the network',
    ]);
    expectTypeset([...problem.equations!, ...problem.conditions!, ...problem.domain!]);
  });
});

describe('the report in space', () => {
  it('draws an elliptic problem over its square, with reasons where nothing can be compared', async () => {
    const solution = builtSolution(
      {
        name: 'poisson',
        domain: { x: [-1, 1], y: [0, 3] },
        fields: ['u', 'v'],
        equations: ['laplacian(u) = v', 'v_x + v_y = 2'],
        conditions: [
          { on: 'boundary', equation: 'u = x*y' },
          { on: { points: [[0, 1]] }, equation: 'v = 1' },
        ],
        exact: { u: 'sqrt(x)*y' },
      },
      { constant: { u: 1, v: 4 } },
    );
    const data = reportOf(
      solution,
      nothing({ errors: { u: { relativeL2: 0.002, maximum: 0.1, against: 'exact' } }, reason: undefined }),
    );
    const { surfaces, residuals, errors, problem } = data;
    expect(surfaces!.coordinates.map(({ name }) => name)).toEqual(['x', 'y']);
    expect(surfaces!.equalScale).toBe(true);
    expect(surfaces!.fields[0].reference![0]).toBeNaN();
    expect(surfaces!.fields[1].reference).toBeUndefined();
    expect(errors![1]).toMatchObject({ relativeL2: null, reason: expect.stringContaining('neither') });
    expect(residuals).toHaveLength(2);
    all('values' in residuals![0] ? residuals![0].values : [], -4);
    all('values' in residuals![1] ? residuals![1].values : [], -2);
    expect(problem!.conditions!.map(({ tex }) => tex)).toEqual([
      'u = x\\, y \\quad \\text{on the boundary}',
      'v = 1 \\quad \\text{at } (x,\\, y) = \\left(0,\\, 1\\right)',
    ]);
    await rendered(data, 'poisson');
  });

  it('holds time at its end and further coordinates at their middle, and says so', async () => {
    const solution = builtSolution({
      name: 'wave',
      domain: { x: [0, 1], y: [0, 1], t: [0, 2] },
      fields: ['u'],
      equations: ['u_tt = u_xx + u_yy'],
      conditions: [
        { on: 't = 0', equation: 'u = sin(pi*x)*sin(pi*y)' },
        { on: 't = 0', equation: 'u_t = 0' },
      ],
      exact: { u: 'x + 10*y + 100*t' },
    });
    const data = reportOf(solution, await assess(solution));
    const { fixed, fields, grid } = data.surfaces!;
    expect(fixed).toEqual([{ name: 't', value: 2 }]);
    expect(fields[0].reference![3 * grid.horizontal.length + 60]).toBeCloseTo(0.5 + 10 * (3 / 120) + 200, 10);
    const page = await rendered(data, 'wave');
    expect(page).toContain('over x and y at t = 2, at t = 0 and at t = 1');
    expect(data.planes!.map((plane) => plane.fixed)).toEqual([
      [{ name: 't', value: 0 }],
      [{ name: 't', value: 1 }],
    ]);

    const ball = builtSolution({
      name: 'ball',
      domain: { x: [0, 1], y: [0, 1], z: [2, 4] },
      fields: ['u'],
      equations: ['laplacian(u) = z'],
      conditions: [{ on: 'boundary', equation: 'u = 0' }],
    });
    expect(reportOf(ball, nothing()).surfaces!.fixed).toEqual([{ name: 'z', value: 3 }]);
  });

  it('draws a coefficient of one coordinate as a curve beside the surfaces', async () => {
    const solution = builtSolution({
      name: 'conductivity',
      domain: { x: [0, 1], t: [0, 1] },
      fields: { u: {}, k: { of: ['x'], unknown: true } },
      equations: ['u_t = d(k*u_x, x)'],
      conditions: [{ on: 't = 0', equation: 'u = x' }],
      data: [{ rows: [{ x: 0.5, t: 0.5, u: 1 }], at: { x: 'x', t: 't' }, observe: { u: 'u' } }],
      exact: { k: '1 + x' },
    });
    const data = reportOf(solution, nothing());
    expect(data.trajectories!.coordinate.name).toBe('x');
    expect(data.trajectories!.fields.map(({ name }) => name)).toEqual(['k']);
    const { at, values } = data.trajectories!.fields[0].reference!;
    expect(values[100]).toBeCloseTo(1 + at[100], 12);
    expect(data.surfaces!.fields.map(({ name }) => name)).toEqual(['u']);
    expect(data.surfaces!.marks).toMatchObject({ horizontal: [0.5], vertical: [0.5] });
    await rendered(data, 'conductivity');
  });
});
