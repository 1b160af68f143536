/** The first week of an epidemic, and what it says of the second. Run: npx tsx examples/forecast.ts */
import { loadProblem, predictionBands, problem, resolveProblemFile, shoot } from 'ansatz/node';

const lastSeen = 6;
const school = await loadProblem(resolveProblemFile('influenza-1978'));
const [{ points: days, values: inBed }] = school.observations;
const rows = Array.from(days, (day, n) => ({ day, in_bed: inBed[n] }));

const seen = problem({
  ...school.definition,
  data: [{ rows: rows.filter(({ day }) => day <= lastSeen), at: { t: 'day' }, observe: { I: 'in_bed' } }],
});
const fit = shoot(seen);
for (const [name, { value, low, high }] of Object.entries({ ...fit.estimates, ...fit.derived }))
  console.log(`${name} = ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`);

// A new count has the uncertainty of the mean and its own noise.
const future = rows.filter(({ day }) => day > lastSeen);
const bands = predictionBands(seen, fit, { times: future.map(({ day }) => day) });
const { value, low, high } = bands.find(({ name, kind }) => name === 'I' && kind === 'prediction')!;

console.log('\nday   forecast   95% of new counts   counted');
future.forEach(({ day, in_bed }, n) => {
  const band = `${Math.max(0, low[n]).toFixed(0)} to ${high[n].toFixed(0)}`;
  console.log(
    `${String(day).padStart(3)}   ${value[n].toFixed(0).padStart(8)}   ${band.padStart(17)}   ${String(in_bed).padStart(7)}`,
  );
});
const inside = future.filter(({ in_bed }, n) => in_bed >= low[n] && in_bed <= high[n]).length;
const squares = future.reduce((sum, { in_bed }, n) => sum + (value[n] - in_bed) ** 2, 0);
console.log(`\n${inside} of ${future.length} held-out days lie in the band`);
console.log(`root mean square error ${Math.sqrt(squares / future.length).toFixed(1)} boys`);
