/** Reports in miniature with every part filled in. */
import type { ReportData } from '../../src/report/report-data.ts';

const days = [0, 1, 2, 3];
const horizontal = [0, 0.5, 1];
const vertical = [-1, 1];

export const FULL: ReportData = {
  title: 'Influenza in a boarding school',
  problem: {
    name: 'influenza-1978',
    description: 'An outbreak among 763 boys.',
    source: 'British Medical Journal, 4 March 1978',
    domain: [{ tex: 't \\in [0, 13]' }],
    equations: [{ tex: '\\frac{dI}{dt} = \\beta S I / N - \\gamma I' }],
    conditions: [{ tex: 'I = 3', note: 'built into the network' }],
    data: [{ tex: 'I(t_i) = y_i', note: '14 rows' }],
    constants: [{ name: 'N', tex: 'N', value: 763, unit: 'persons' }],
    unknowns: [{ name: 'beta', tex: '\\beta', unit: '1/day', initial: 1, min: 0, max: 10 }],
  },
  notes: [{ kind: 'warning', text: 'Errors are taken as independent.' }],
  settings: {
    engine: 'f64',
    optimizer: 'lm',
    seed: 7,
    command: 'ansatz solve influenza-1978 --seed 7',
    versions: { ansatz: '0.1.0' },
    seconds: 200,
    iterations: 180,
    loss: 1.2e-7,
    stopped: 'target',
  },
  estimates: {
    level: 0.95,
    methods: [
      { name: 'network', interval: 'profile likelihood', sumOfSquares: 4123.41 },
      { name: 'shooting', sumOfSquares: 4121.9 },
    ],
    rows: [
      { name: 'R0', derived: true, values: [{ value: 3.7645, low: 3.55, high: 4.01 }, null] },
      {
        name: 'beta',
        tex: '\\beta',
        values: [
          { value: 1.701, low: 1.637, high: 1.768 },
          { value: 1.69, low: 1.612 },
        ],
      },
    ],
  },
  errors: [
    { name: 'I', relativeL2: 2.1e-5, maximum: 0.012, against: 'Dormand–Prince 5(4)', referenceError: 1e-10 },
    { name: 'R', relativeL2: null, reason: 'no reference converged' },
  ],
  trajectories: {
    coordinate: { name: 't', unit: 'days' },
    referenceName: 'Dormand–Prince',
    bandName: '95% band',
    fields: [
      {
        name: 'I',
        unit: 'persons',
        solution: { at: days, values: Float64Array.of(3, 8.5, 26.25, 76.125) },
        reference: { at: days, values: [3, 8, 26, 76] },
        band: { at: days, low: [1, 6, 20, 70], high: [5, 11, 31, 81] },
        data: { at: [1, 2], values: [7, 29] },
      },
    ],
  },
  surfaces: {
    coordinates: [{ name: 't' }, { name: 'x' }],
    grid: { horizontal, vertical },
    referenceName: 'collocation',
    fields: [{ name: 'u', tex: 'u', solution: [1, 2, 3, 4, 5, 6], reference: [1, 2, 3, 4, 5.5, 6] }],
    slices: { coordinate: 0, at: [0.49] },
  },
  history: {
    iterations: [0, 10, 20],
    total: [1, 0.1, 0.01],
    terms: [{ name: 'dI/dt = beta*S*I/N - gamma*I', values: [0.6, 0, 0.004] }],
    phases: [
      { name: 'adam', start: 0 },
      { name: 'lbfgs', start: 10 },
    ],
  },
  parameters: {
    iterations: [0, 10, 20],
    referenceName: 'shooting',
    parameters: [{ name: 'beta', tex: '\\beta', unit: '1/day', values: [1, 1.5, 1.7], reference: 1.69 }],
  },
  residuals: [
    {
      name: 'dI/dt = beta*S*I/N',
      coordinate: { name: 't', unit: 'days' },
      curve: { at: days, values: [0.001, -0.004, 0.002, 0] },
    },
    {
      name: 'u_t = u_xx',
      coordinates: [{ name: 't' }, { name: 'x' }],
      grid: { horizontal, vertical },
      values: [0.1, -0.01, 0, Number.NaN, 1e-3, 1e-12],
    },
  ],
};

export const LEAST: ReportData = {
  title: 'A run',
  settings: { engine: 'f64', optimizer: 'lm', seed: 0 },
};
