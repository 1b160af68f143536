/** Small problems with known solutions. */
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';

export const decay: ProblemDefinition = {
  name: 'decay',
  domain: { t: [0, 2] },
  fields: ['u'],
  equations: ['u_t = -u'],
  conditions: [{ on: 't = 0', equation: 'u = 1' }],
  exact: { u: 'exp(-t)' },
};

/** −u″ = π² sin(πx) between two points. */
export const boundaryValue: ProblemDefinition = {
  name: 'beam',
  domain: { x: [0, 1] },
  fields: ['u'],
  equations: ['-u_xx = pi^2*sin(pi*x)'],
  conditions: [
    { on: 'x = 0', equation: 'u = 0' },
    { on: 'x = 1', equation: 'u = 1' },
  ],
  exact: { u: 'sin(pi*x) + x' },
};

export const heat: ProblemDefinition = {
  name: 'heat',
  domain: { x: [0, 1], t: [0, 0.5] },
  fields: ['u'],
  constants: { k: 0.3 },
  equations: ['u_t = k*u_xx'],
  conditions: [
    { on: 't = 0', equation: 'u = sin(pi*x)' },
    { on: 'x = 0', equation: 'u = 0' },
    { on: 'x = 1', equation: 'u = 0' },
  ],
  exact: { u: 'exp(-k*pi^2*t)*sin(pi*x)' },
};

/** Decay at a rate to be found; the data are the exact solution at the rate 0.7. */
export const unknownRate: ProblemDefinition = {
  name: 'unknown-rate',
  domain: { t: [0, 3] },
  fields: ['u'],
  unknowns: { k: { initial: 2, min: 0, max: 5 } },
  equations: ['u_t = -k*u'],
  conditions: [{ on: 't = 0', equation: 'u = 4' }],
  data: [
    {
      rows: Array.from({ length: 13 }, (_, i) => ({ day: i / 4, count: 4 * Math.exp((-0.7 * i) / 4) })),
      at: { t: 'day' },
      observe: { u: 'count' },
    },
  ],
  derived: { halfLife: 'log(2)/k' },
};

/** One of the definitions above, read, with some keys replaced. */
export function read(definition: ProblemDefinition, changes: Partial<ProblemDefinition> = {}) {
  return problem({ ...definition, ...changes });
}

/** Settings under which a run takes a second or less and stops by count, never by the clock. */
export const quick = { network: '8x2', points: 48, timeLimit: 1000, threads: 1, seed: 1 } as const;
