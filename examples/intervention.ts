/**
 * What if contacts had been halved from some day on? With the uncertainty of the fitted rates.
 * Run: npx tsx examples/intervention.ts
 */
import { bootstrap, loadProblem, resolveProblemFile, solveIvp } from 'ansatz/node';

const population = 763;
const school = await loadProblem(resolveProblemFile('influenza-1978'));

/** Largest number in bed at once, and how many were ill in the end, β being halved from a day on. */
function outbreak({ beta, gamma }: Readonly<Record<string, number>>, halvedFrom: number) {
  const run = (rate: number, from: number, to: number, state: readonly number[]) =>
    solveIvp(
      (_, [s, i]) => [(-rate * s * i) / population, (rate * s * i) / population - gamma * i],
      [from, to],
      [...state],
      { rtol: 1e-8, atol: 1e-6 },
    );
  const end = 200;
  const change = Math.min(halvedFrom, end);
  const before = run(beta, 0, change, [760, 3]);
  const after = change < end ? run(beta / 2, change, end, [...before.at(change)]) : undefined;
  const at = (t: number) => (t > change && after !== undefined ? after : before).at(t);
  let peak = 0;
  for (let t = 0; t <= 60; t += 0.1) peak = Math.max(peak, at(t)[1]);
  return { peak, ill: population - at(end)[0] };
}

const days = [Number.POSITIVE_INFINITY, 5, 4, 3, 2];
const quantities = Object.fromEntries(
  days.flatMap((day) => [
    [`peak ${day}`, (unknowns: Readonly<Record<string, number>>) => outbreak(unknowns, day).peak],
    [`ill ${day}`, (unknowns: Readonly<Record<string, number>>) => outbreak(unknowns, day).ill],
  ]),
);
const { estimates, intervals, failed } = await bootstrap(school, { replicates: 100, seed: 1, quantities });

const cell = (name: string): string => {
  const { low, high } = intervals[name];
  return `${estimates[name].toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`.padStart(18);
};
console.log('β halved from day        most in bed   ill in the end');
for (const day of days)
  console.log(
    `${(Number.isFinite(day) ? String(day) : 'never').padStart(17)}${cell(`peak ${day}`)}${cell(`ill ${day}`)}`,
  );
console.log(`95% intervals from ${100 - failed} bootstrap replicates`);
