/**
 * Coverage of nominal 95% intervals: synthetic outbreaks of known truth are drawn again and again, each is
 * fitted, and it is counted how often the intervals hold the truth.
 *
 *   npx tsx bench/coverage.ts [--data-sets 200] [--replicates 100] [--level 0.95] [--seed 1]
 *
 * An SIR epidemic is observed daily by its prevalence, with Gaussian noise and with negative binomial noise,
 * the size of either unknown. The Monte Carlo error of a coverage of 95% over 200 data sets is 1.5%.
 */
import { parseArgs } from 'node:util';
import { SolveError } from '../src/errors.ts';
import { simulateObservations } from '../src/estimate/simulate.ts';
import { TrajectoryLikelihood } from '../src/estimate/trajectory-likelihood.ts';
import { withObservedValues } from '../src/estimate/with-values.ts';
import { bootstrap, type ProblemDefinition, problem, profileLikelihood, shoot } from '../src/index.ts';
import { figure, table } from './table.ts';

const truth = { beta: 0.9, gamma: 0.3 };
const quantities = { ...truth, R0: truth.beta / truth.gamma };
type Quantity = keyof typeof quantities;
const names = Object.keys(quantities) as Quantity[];

const noises = {
  Gaussian: { noise: 'gaussian', parameters: { 'standard deviation of I': 15 } },
  'negative binomial': { noise: 'negative-binomial', parameters: { 'dispersion of I': 10 } },
} as const;

function outbreak(noise: 'gaussian' | 'negative-binomial'): ProblemDefinition {
  return {
    name: 'synthetic-outbreak',
    domain: { t: [0, 20] },
    fields: ['S', 'I', 'R'],
    constants: { N: 1000 },
    unknowns: { beta: { initial: 0.9, min: 0, max: 10 }, gamma: { initial: 0.3, min: 0, max: 10 } },
    equations: ['dS/dt = -beta*S*I/N', 'dI/dt = beta*S*I/N - gamma*I', 'dR/dt = gamma*I'],
    conditions: [
      { on: 't = 0', equation: 'S = 990' },
      { on: 't = 0', equation: 'I = 10' },
      { on: 't = 0', equation: 'R = 0' },
    ],
    data: [
      {
        rows: Array.from({ length: 20 }, (_, i) => ({ t: i + 1, I: 1 })),
        at: { t: 't' },
        observe: { I: 'I' },
        noise,
      },
    ],
    derived: { R0: 'beta/gamma' },
  };
}

interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** How often an interval held the truth, and how wide it was. */
class Tally {
  private readonly held: Record<string, number> = {};
  private readonly width: Record<string, number> = {};
  private sets = 0;
  failed = 0;

  add(intervals: Readonly<Record<Quantity, Interval>>): void {
    this.sets++;
    for (const name of names) {
      const { low, high } = intervals[name];
      const holds = (low ?? -Infinity) <= quantities[name] && quantities[name] <= (high ?? Infinity);
      this.held[name] = (this.held[name] ?? 0) + (holds ? 1 : 0);
      this.width[name] = (this.width[name] ?? 0) + (high ?? Infinity) - (low ?? -Infinity);
    }
  }

  row(): string[] {
    return [
      ...names.map((name) => `${((100 * this.held[name]) / this.sets).toFixed(1)}%`),
      figure(this.width.R0 / this.sets),
      String(this.failed),
    ];
  }
}

const { values: options } = parseArgs({
  options: {
    'data-sets': { type: 'string', default: '200' },
    replicates: { type: 'string', default: '100' },
    level: { type: 'string', default: '0.95' },
    seed: { type: 'string', default: '1' },
  },
});
const sets = Number(options['data-sets']);
const replicates = Number(options.replicates);
const level = Number(options.level);
const seed = Number(options.seed);

const rows: string[][] = [];
for (const [name, { noise, parameters }] of Object.entries(noises)) {
  const template = problem(outbreak(noise));
  const { predicted } = new TrajectoryLikelihood(template).evaluate(
    Float64Array.from(new TrajectoryLikelihood(template).names, (unknown) =>
      unknown in truth ? truth[unknown as keyof typeof truth] : 10,
    ),
  );
  const wald = noise === 'gaussian' ? 'Gauss–Newton' : 'Fisher';
  const methods: Record<string, (set: typeof template, seed: number) => Promise<Record<Quantity, Interval>>> =
    {
      [wald]: async (set) => {
        const { estimates, derived } = shoot(set, { level });
        return { ...estimates, ...derived } as unknown as Record<Quantity, Interval>;
      },
      profile: async (set) => {
        const curves = profileLikelihood(set, { names, level });
        return Object.fromEntries(curves.map((curve) => [curve.name, curve])) as unknown as Record<
          Quantity,
          Interval
        >;
      },
      bootstrap: async (set, seed) => {
        const { intervals } = await bootstrap(set, { replicates, seed, level, threads: 1, times: [0] });
        return intervals as unknown as Record<Quantity, Interval>;
      },
    };
  for (const [method, intervalsOf] of Object.entries(methods)) {
    const tally = new Tally();
    const start = performance.now();
    for (let i = 0; i < sets; i++) {
      const drawn = simulateObservations(template, predicted, parameters, seed * 10_000 + i);
      try {
        tally.add(await intervalsOf(withObservedValues(template, drawn), i));
      } catch (error) {
        if (!(error instanceof SolveError)) throw error;
        tally.failed++;
      }
    }
    const milliseconds = (performance.now() - start) / sets;
    rows.push([name, method, ...tally.row(), `${figure(milliseconds)} ms`]);
  }
}
console.log(
  `Coverage of nominal ${100 * level}% intervals, ${sets} data sets, ${replicates} bootstrap replicates\n`,
);
console.log(table(['noise', 'interval', ...names, 'width of R0', 'failed', 'each'], rows));
