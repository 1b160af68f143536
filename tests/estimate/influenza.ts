import { problem } from '../../src/problem/index.ts';
import type { Problem } from '../../src/problem/problem.ts';

type Definition = Parameters<typeof problem>[0];
export type Noise = NonNullable<NonNullable<Definition['data']>[number]['noise']>;

/** Boys in bed in an English boarding school, day by day: British Medical Journal, 4 March 1978, p. 587. */
export const inBed = [3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4];

/** SIR with unknown rates; the rest of the 763 boys are susceptible at the start. */
export function influenza(noise?: Noise, infected = 3, change: Partial<Definition> = {}): Problem {
  return problem({
    name: 'influenza-1978',
    domain: { t: [0, 13] },
    fields: ['S', 'I', 'R'],
    constants: { N: 763 },
    unknowns: { beta: { initial: 1, min: 0, max: 10 }, gamma: { initial: 1, min: 0, max: 10 } },
    equations: ['dS/dt = -beta*S*I/N', 'dI/dt = beta*S*I/N - gamma*I', 'dR/dt = gamma*I'],
    conditions: [
      { on: 't = 0', equation: `S = ${763 - infected}` },
      { on: 't = 0', equation: `I = ${infected}` },
      { on: 't = 0', equation: 'R = 0' },
    ],
    data: [
      {
        rows: inBed.map((count, day) => ({ day, in_bed: count })),
        at: { t: 'day' },
        observe: { I: 'in_bed' },
        noise,
      },
    ],
    derived: { R0: 'beta/gamma' },
    ...change,
  });
}

/** Weekly reported cases, drawn once: SIR of 10,000 people, beta 0.45, gamma 0.25, 30% reported, dispersion 15. */
export const weeklyCases = [24, 76, 277, 536, 429, 353, 170, 59, 25, 5, 2, 0, 2, 0];

export function weekly(noise: Noise, values: readonly number[] = weeklyCases): Problem {
  return problem({
    name: 'weekly-cases',
    domain: { t: [0, 98] },
    fields: ['S', 'I', 'R'],
    constants: { N: 10000 },
    unknowns: {
      beta: { initial: 1, min: 0, max: 10 },
      gamma: { initial: 0.5, min: 0, max: 10 },
      rho: { initial: 0.5, min: 0, max: 1 },
    },
    equations: ['dS/dt = -beta*S*I/N', 'dI/dt = beta*S*I/N - gamma*I', 'dR/dt = gamma*I'],
    conditions: [
      { on: 't = 0', equation: 'S = 9990' },
      { on: 't = 0', equation: 'I = 10' },
      { on: 't = 0', equation: 'R = 0' },
    ],
    data: [
      {
        rows: values.map((cases, week) => ({ day: 7 * (week + 1), cases })),
        at: { t: 'day' },
        observe: { 'rho*beta*S*I/N': 'cases' },
        over: 7,
        noise,
      },
    ],
  });
}
