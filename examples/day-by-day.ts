/**
 * An epidemic forecast anew each day, every day's network starting from the one that was kept the day before: the
 * forecasts and their bands go into one animated figure. Run: npx tsx examples/day-by-day.ts [last day, default 14]
 */
import { readFile, writeFile } from 'node:fs/promises';
import {
  assess,
  type ForecastFrame,
  forecastFrame,
  loadSolution,
  type ProblemDefinition,
  predictionBands,
  problem,
  reference,
  reportOf,
  type Solution,
  saveSolution,
  shoot,
  simulateObservations,
  solve,
  writeReport,
} from 'ansatz/node';

const last = Number(process.argv[2] ?? 14);
const days = Array.from({ length: 31 }, (_, day) => day);
const times = Array.from({ length: 121 }, (_, quarter) => quarter / 4);
const names = ['S', 'I', 'R'];
const sir: ProblemDefinition = {
  name: 'sir',
  domain: { t: [0, 30] },
  fields: names,
  constants: { beta: 1.3, gamma: 0.4 },
  equations: ['dS/dt = -beta*S*I', 'dI/dt = beta*S*I - gamma*I', 'dR/dt = gamma*I'],
  conditions: ['S = 1', 'I = 0.1', 'R = 0'].map((equation) => ({ on: 't = 0', equation })),
};
const unknown = { initial: 1, min: 0, max: 10 };

/** The problem as it stands when the rows reach so far. */
const upTo = (rows: Record<string, number>[]) =>
  problem({
    ...sir,
    name: `SIR, day ${rows.length - 1}`,
    constants: {},
    unknowns: { beta: unknown, gamma: unknown },
    data: [{ rows, at: { t: 't' }, observe: { S: 'S', I: 'I', R: 'R' }, noise: 0.03 }],
    derived: { R0: 'beta/gamma' },
  });

const truth = await reference(problem(sir));
if (!truth.available) throw new Error(truth.reason);
const exact = truth.evaluate(Float64Array.from(days));
const rowsOf = (columns: ArrayLike<number>[]) =>
  days.map((t) => ({ t, S: columns[0][t], I: columns[1][t], R: columns[2][t] }));
const curve = truth.evaluate(Float64Array.from(times));
const means = names.map((name) => exact[name]);
const rows = rowsOf(simulateObservations(upTo(rowsOf(means)), means, {}, 1));

const file = 'day-by-day.json';
const frames: ForecastFrame[] = [];
const spent = { warm: 0, cold: 0 };
let solution: Solution | undefined;
for (let day = 1; day <= last; day++) {
  const today = upTo(rows.slice(0, day + 1));
  const start = solution && loadSolution(JSON.parse(await readFile(file, 'utf8')));
  solution = await solve(today, start ? { threads: 1, start } : { threads: 1, seed: 1 });
  await writeFile(file, JSON.stringify(saveSolution(solution)));
  const cold = start ? await solve(today, { threads: 1, seed: 1 }) : solution;
  if (start) {
    spent.warm += solution.run.seconds;
    spent.cold += cold.run.seconds;
  }
  const fit = shoot(today, { start: solution.unknowns });
  const words = Object.entries(solution.unknowns).map(([name, value]) => {
    const { low, high } = fit.estimates[name];
    return `${name} ${value.toFixed(4)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  });
  console.log(
    `day ${day}: ${words.join(', ')}; ${solution.run.seconds.toFixed(2)} s, ${solution.run.iterations} steps; from nothing ${cold.run.seconds.toFixed(2)} s, ${cold.run.iterations} steps`,
  );
  const bands = predictionBands(today, fit, { times });
  const curves = names.map((name) => [name, { at: times, values: curve[name] }]);
  frames.push(
    forecastFrame(solution, {
      label: `day ${day}`,
      bands,
      all: upTo(rows),
      reference: Object.fromEntries(curves),
    }),
  );
}
console.log(
  `a day from day 2 on: ${(spent.warm / (last - 1)).toFixed(2)} s from yesterday's network, ${(spent.cold / (last - 1)).toFixed(2)} s from nothing`,
);
await writeReport('day-by-day.html', {
  ...reportOf(solution!, await assess(solution!)),
  forecasts: {
    coordinate: { name: 't', unit: 'days' },
    frames,
    bandName: '95% band',
    referenceName: 'what made the data',
  },
});
