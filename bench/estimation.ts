/**
 * Estimates from starting values that are off by up to a factor of 10 either way: how often shooting alone finds the
 * optimum, and how often a network and shooting together.
 *
 *   npx tsx bench/estimation.ts [influenza|seir …] [--starts 100] [--seed 0] [--time-limit 20] [--threads 1] [--quick]
 *                               [--each]
 *
 * Starts are drawn log-uniformly from [x/10, 10x] around the optimum x, each unknown for itself; the optimum counts as
 * found where the sum of squares is that of shooting from x to six digits. `--quick` takes 10 starts.
 */
import { parseArgs } from 'node:util';
import { type EstimationResult, estimate, type Problem, problem, shoot, solveIvp } from '../src/index.ts';
import { randomGenerator } from '../src/random/generator.ts';
import { benchmarkProblem } from './comparison-grid.ts';
import { figure, table } from './table.ts';
import { medianOf } from './timing.ts';

interface Case {
  readonly title: string;
  /** With the unknowns at the optimum. */
  readonly problem: Problem;
}

/** Rates are positive: with an upper bound as well, a start might lie outside. */
const positive = (initial: number) => ({ initial, min: 0 });

async function influenza(): Promise<Case> {
  const { definition, observations } = await benchmarkProblem('influenza-1978');
  const [{ points, values }] = observations;
  const rows = Array.from(points, (day, n) => ({ day, boys: values[n] }));
  return {
    title: 'influenza 1978, SIR: β, γ',
    problem: problem({
      ...definition,
      unknowns: { beta: positive(1.7), gamma: positive(0.45) },
      data: [{ rows, at: { t: 'day' }, observe: { I: 'boys' } }],
    }),
  };
}

/** Prevalence every other day over two months, with Gaussian noise of 5% of its peak. */
function syntheticSeir(): Case {
  const population = 10_000;
  const [beta, sigma, gamma] = [0.9, 0.25, 0.2];
  const conditions = { S: population - 20, E: 10, I: 10, R: 0 };
  const truth = solveIvp(
    (_, [s, e, i]) => {
      const infections = (beta * s * i) / population;
      return [-infections, infections - sigma * e, sigma * e - gamma * i, gamma * i];
    },
    [0, 60],
    Object.values(conditions),
    { rtol: 1e-10, atol: 1e-8 },
  );
  const days = Array.from({ length: 31 }, (_, n) => 2 * n);
  const infected = days.map((day) => truth.at(day)[2]);
  const random = randomGenerator(1);
  const deviation = 0.05 * Math.max(...infected);
  const rows = days.map((day, n) => ({ day, infected: infected[n] + deviation * random.normal() }));
  return {
    title: 'synthetic SEIR, 5% noise: β, σ, γ',
    problem: problem({
      name: 'synthetic-seir',
      domain: { t: [0, 60] },
      fields: ['S', 'E', 'I', 'R'],
      constants: { N: population },
      unknowns: { beta: positive(beta), sigma: positive(sigma), gamma: positive(gamma) },
      equations: [
        'dS/dt = -beta*S*I/N',
        'dE/dt = beta*S*I/N - sigma*E',
        'dI/dt = sigma*E - gamma*I',
        'dR/dt = gamma*I',
      ],
      conditions: Object.entries(conditions).map(([name, value]) => ({
        on: 't = 0',
        equation: `${name} = ${value}`,
      })),
      data: [{ rows, at: { t: 'day' }, observe: { I: 'infected' } }],
    }),
  };
}

const cases: Readonly<Record<string, () => Case | Promise<Case>>> = { influenza, seir: syntheticSeir };

interface Attempt {
  readonly result: EstimationResult | undefined;
  readonly failure: string;
  readonly seconds: number;
}

async function attempt(run: () => Promise<EstimationResult>): Promise<Attempt> {
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  try {
    const result = await run();
    return { result, failure: '', seconds: seconds() };
  } catch (error) {
    return { result: undefined, failure: (error as Error).message, seconds: seconds() };
  }
}

/** Why shooting from one start did not find the optimum. */
function reasonOf({ result, failure }: Attempt): string {
  if (result === undefined)
    return /out of time/.test(failure) ? 'out of time' : 'no trajectory from the start';
  if (result.atBounds.length > 0) return 'stuck at a bound, where the data have no say';
  if (result.fit?.stopped === 'iterations') return 'still on the way down a flat valley after 200 steps';
  return 'another optimum, or a flat region';
}

export async function estimationBenchmark(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      starts: { type: 'string' },
      seed: { type: 'string', default: '0' },
      'time-limit': { type: 'string', default: '20' },
      threads: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      each: { type: 'boolean', default: false },
    },
  });
  const count = Number(values.starts ?? (values.quick ? 10 : 100));
  const timeLimit = Number(values['time-limit']);
  const network = { threads: Number(values.threads) };
  const rows: string[][] = [];
  const reasons: string[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
    if (cases[name] === undefined)
      throw new Error(`there is no case ${name}: ${Object.keys(cases).join(', ')}`);
    const { title, problem: posed } = await cases[name]();
    const { sumOfSquares: least, estimates } = shoot(posed);
    const random = randomGenerator(Number(values.seed));
    const found = (squares: number | undefined): boolean =>
      squares !== undefined && squares <= least * (1 + 1e-6);
    const alone: Attempt[] = [];
    const both: Attempt[] = [];
    for (let n = 0; n < count; n++) {
      const start = Object.fromEntries(
        Object.entries(estimates).map(([unknown, { value }]) => [
          unknown,
          value * 10 ** (2 * random.uniform() - 1),
        ]),
      );
      alone.push(await attempt(() => estimate(posed, { method: 'shooting', start, timeLimit })));
      both.push(await attempt(() => estimate(posed, { start, seed: n, network, timeLimit })));
      const line = [alone[n], both[n]].map(({ result, seconds }) =>
        [found(result?.sumOfSquares) ? 'found' : 'missed', `${seconds.toFixed(2)} s`].join(' '),
      );
      const from = Object.entries(start).map(([unknown, value]) => `${unknown} = ${value.toPrecision(3)}`);
      if (values.each)
        console.error(
          `${n}: ${from.join(', ')}: shooting ${line[0]}, both ${line[1]} (${both[n].result?.from})`,
        );
    }
    const missed = alone.filter(({ result }) => !found(result?.sumOfSquares));
    const times = (attempts: readonly Attempt[]): string =>
      `${figure(medianOf(attempts.map(({ seconds }) => seconds)))} (${figure(Math.max(...attempts.map(({ seconds }) => seconds)))})`;
    const foundBoth = both.filter(({ result }) => found(result?.sumOfSquares)).length;
    const fromNetwork = both.filter(({ result }) =>
      result?.stages.some((s) => s.stage === 'shooting from the network' && found(s.sumOfSquares)),
    ).length;
    rows.push([
      title,
      `${count - missed.length} of ${count}`,
      `**${foundBoth} of ${count}**`,
      `${fromNetwork}`,
      times(alone),
      times(both),
    ]);
    const counts = new Map<string, number>();
    for (const miss of missed) counts.set(reasonOf(miss), (counts.get(reasonOf(miss)) ?? 0) + 1);
    for (const [reason, times] of counts)
      reasons.push(`- ${title}: shooting alone, ${times} times: ${reason}.`);
  }
  console.log(
    table(
      [
        'starts off by up to a factor of 10',
        'shooting alone',
        'network and shooting',
        'of these by shooting from the network',
        's, median (longest): shooting',
        'both',
      ],
      rows,
    ),
  );
  console.log(['', ...reasons].join('\n'));
}

if (process.argv[1] === import.meta.filename) await estimationBenchmark(process.argv.slice(2));
