import { expect } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { type ProblemDefinition, type ProblemOptions, problem } from '../../src/problem/index.ts';

/** The error with which a definition, of whatever form, is refused. */
export function refusal(definition: unknown, options: ProblemOptions = {}): ProblemError {
  try {
    problem(definition as ProblemDefinition, options);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(definition)}`);
}

/** Heat in a rod. */
export const heat: ProblemDefinition = {
  name: 'heat',
  domain: { x: [0, 1], t: [0, 2] },
  fields: ['u'],
  constants: { D: 0.1 },
  equations: ['u_t = D*u_xx'],
  conditions: [
    { on: 't = 0', equation: 'u = sin(pi*x)' },
    { on: 'x = 0', equation: 'u = 0' },
    { on: 'x = 1', equation: 'u = 0' },
  ],
};

export const decay: ProblemDefinition = {
  name: 'decay',
  domain: { t: [0, 2] },
  fields: ['u'],
  equations: ['du/dt = -u'],
  conditions: [{ on: 't = 0', equation: 'u = 1' }],
};

/** SIR with unknown rates, observed through rows. */
export const epidemic: ProblemDefinition = {
  name: 'epidemic',
  domain: { t: [0, 10] },
  fields: ['S', 'I', 'R'],
  constants: { N: 1000 },
  unknowns: { beta: { initial: 1, min: 0, max: 10 }, gamma: { initial: 0.5, min: 0 } },
  equations: ['dS/dt = -beta*S*I/N', 'dI/dt = beta*S*I/N - gamma*I', 'dR/dt = gamma*I'],
  conditions: [
    { on: 't = 0', equation: 'S = 990' },
    { on: 't = 0', equation: 'I = 10' },
    { on: 't = 0', equation: 'R = 0' },
  ],
  data: [
    {
      rows: [
        { day: 1, ill: 20 },
        { day: 2, ill: 40 },
        { day: 3, ill: 80 },
      ],
      at: { t: 'day' },
      observe: { I: 'ill' },
    },
  ],
  derived: { R0: 'beta/gamma' },
};

export type Row = readonly [what: string, definition: unknown, path: string, reason: RegExp, hint?: RegExp];

/** Reason, place and hint of the refusal. */
export function check([, definition, path, reason, hint]: Row): void {
  const error = refusal(definition);
  expect(error.reason).toMatch(reason);
  expect(error.path).toBe(path);
  if (hint !== undefined) expect(error.hint).toMatch(hint);
  expect(error.message).not.toMatch(/undefined|\[object|invalid input/i);
}

/** Decay with something else in its condition. */
export const condition = (extra: object) => ({
  ...decay,
  conditions: [{ ...decay.conditions![0], ...extra }],
});
/** The epidemic with something else in its data. */
export const data = (extra: object) => ({ ...epidemic, data: [{ ...epidemic.data![0], ...extra }] });
export const rows = (...list: unknown[]) => data({ rows: list });
