/** A synthetic outbreak with an intervention: the transmission rate falls from 0.5 to 0.16 about day 24. */
import { problem } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';

export const population = 1e5;
export const gamma = 0.2;
const infectedAtStart = 10;
const days = 60;

export function transmissionRate(t: number): number {
  return 0.16 + 0.34 / (1 + Math.exp((t - 24) / 1.5));
}

interface State {
  readonly t: number;
  readonly S: number;
  readonly I: number;
  readonly R: number;
}

/** Classic Runge–Kutta with step 0.01; the states of whole days, R the effective reproduction number. */
export const truth: readonly State[] = (() => {
  const step = 0.01;
  const slope = (t: number, [S, I]: number[]): number[] => {
    const infections = (transmissionRate(t) * S * I) / population;
    return [-infections, infections - gamma * I];
  };
  const along = (y: number[], k: number[], h: number): number[] => y.map((v, i) => v + h * k[i]);
  let y = [population - infectedAtStart, infectedAtStart];
  const states: State[] = [];
  for (let i = 0; i <= days / step; i++) {
    const t = i * step;
    if (i % 100 === 0) {
      const [S, I] = y;
      const day = Math.round(t);
      states.push({ t: day, S, I, R: (transmissionRate(day) * S) / (gamma * population) });
    }
    const a = slope(t, y);
    const b = slope(t + step / 2, along(y, a, step / 2));
    const c = slope(t + step / 2, along(y, b, step / 2));
    const d = slope(t + step, along(y, c, step));
    y = y.map((v, j) => v + (step / 6) * (a[j] + 2 * b[j] + 2 * c[j] + d[j]));
  }
  return states;
})();

export const peak = Math.max(...truth.map(({ I }) => I));
export const wholeDays = Float64Array.from(truth, ({ t }) => t);

/** Relative root mean square error over the days on which at least a tenth of the peak is infected. */
export function relativeError(found: ArrayLike<number>, of: (state: State) => number): number {
  let square = 0;
  let total = 0;
  truth.forEach((state, i) => {
    if (state.I < 0.1 * peak) return;
    square += (found[i] - of(state)) ** 2;
    total += of(state) ** 2;
  });
  return Math.sqrt(square / total);
}

/** Prevalence day by day, with Gaussian noise of a share of the peak; ln β unknown. */
export function outbreak(noise: number, seed: number, smooth?: number) {
  const random = randomGenerator(seed);
  const rows = truth.map(({ t, I }) => ({ day: t, infected: I + noise * peak * random.normal() }));
  return problem({
    name: 'outbreak',
    domain: { t: [0, days] },
    constants: { N: population, gamma },
    fields: { logBeta: { of: ['t'], unknown: true, ...(smooth === undefined ? {} : { smooth }) } },
    functions: { beta: 'exp(logBeta)' },
    flows: ['S -> I: beta*S*I/N', 'I -> : gamma*I'],
    conditions: [
      { on: 't = 0', equation: `S = ${population - infectedAtStart}` },
      { on: 't = 0', equation: `I = ${infectedAtStart}` },
    ],
    data: [{ rows, at: { t: 'day' }, observe: { I: 'infected' } }],
  });
}
