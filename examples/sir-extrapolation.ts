/**
 * What physics adds to a network: an epidemic seen for ten days, forecast for twenty more. A network of 200 sigmoids
 * fitted to the data alone, the same network with the equations of SIR, and the network that is taken by default.
 * Run: npx tsx examples/sir-extrapolation.ts [seeds, default 3] [tfjs]
 */
import {
  iterateEulerMap,
  type ProblemDefinition,
  problem,
  type SolveSettings,
  solve,
  solveIvp,
} from 'ansatz';

const rates = { beta: 1.1, gamma: 0.5 };
const days = Array.from({ length: 30 }, (_, day) => day);
const [last, names] = [9, ['S', 'I', 'R'] as const];
const sir = {
  domain: { t: [0, 29] },
  equations: ['dS/dt = -beta*S*I', 'dI/dt = beta*S*I - gamma*I', 'dR/dt = gamma*I'],
  conditions: Object.entries({ S: 0.95, I: 0.05, R: 0 }).map(([name, value]) => ({
    on: 't = 0',
    equation: `${name} = ${value}`,
  })),
} satisfies Partial<ProblemDefinition>;

type Row = Record<'day' | 'S' | 'I' | 'R', number>;
const steps = iterateEulerMap(
  problem({ ...sir, name: 'daily', fields: [...names], constants: rates }),
).fields;
const flow = solveIvp(
  (_, [S, I]) => [-rates.beta * S * I, rates.beta * S * I - rates.gamma * I, rates.gamma * I],
  [0, 29],
  [0.95, 0.05, 0],
  { rtol: 1e-11, atol: 1e-13 },
);
const made: Record<string, Row[]> = {
  'Euler, one day a step': days.map((day) => ({ day, S: steps.S[day], I: steps.I[day], R: steps.R[day] })),
  'exact flow': days.map((day) => {
    const [S, I, R] = flow.at(day);
    return { day, S, I, R };
  }),
};

const sigmoids: SolveSettings = {
  network: '200x1',
  activation: 'sigmoid',
  initialization: 'siren', // spreads the sigmoids over time
  points: 64,
  ...(process.argv[3] === 'tfjs'
    ? { engine: 'tfjs', optimizer: 'lbfgs', iterations: 4000 }
    : { engine: 'f64', optimizer: 'lm', iterations: 150 }),
};
const unknown = { initial: 0.5, min: 0, max: 10 };
const free = { unknown: true };
const models: Record<string, [Partial<ProblemDefinition>, SolveSettings]> = {
  'data alone, 200 sigmoids': [{ fields: { S: free, I: free, R: free } }, sigmoids],
  'physics, 200 sigmoids': [
    { ...sir, fields: [...names], unknowns: { beta: unknown, gamma: unknown } },
    sigmoids,
  ],
  'physics, default network': [
    { ...sir, fields: [...names], unknowns: { beta: unknown, gamma: unknown } },
    {},
  ],
};

for (const [origin, rows] of Object.entries(made)) {
  const observed = {
    rows: rows.slice(0, last + 1),
    at: { t: 'day' },
    observe: { S: 'S', I: 'I', R: 'R' },
  };
  const ahead = rows.slice(last + 1);
  console.log(`\nData: ${origin}. Relative L2 and largest error on days 10 to 29`);
  for (const [name, [model, settings]] of Object.entries(models))
    for (let seed = 0; seed < Number(process.argv[2] ?? 3); seed++) {
      const solution = await solve(
        problem({ name, domain: sir.domain, ...model, data: [observed] } as ProblemDefinition),
        { threads: 1, ...settings, seed },
      );
      const forecast = solution.evaluateFields(Float64Array.from(ahead, ({ day }) => day));
      const errors = names.map((field) => {
        const misses = ahead.map((row, n) => forecast[field][n] - row[field]);
        const relative = Math.hypot(...misses) / Math.hypot(...ahead.map((row) => row[field]));
        return `${field} ${relative.toExponential(1)} ${Math.max(...misses.map(Math.abs)).toExponential(1)}`;
      });
      const found = Object.entries(solution.unknowns).map(([rate, value]) => `${rate} ${value.toFixed(4)}`);
      console.log(
        `${name}, seed ${seed}: ${errors.join('; ')}${found.length > 0 ? `; ${found.join(', ')}` : ''}; ${solution.run.seconds.toFixed(1)} s`,
      );
    }
}
