/** Rates of an epidemic from counts, by a network and by classical least squares. Run: npx tsx examples/epidemic.ts */
import { assess, loadProblem, reportOf, resolveProblemFile, solve, writeReport } from 'ansatz/node';

const problem = await loadProblem(resolveProblemFile('influenza-1978'));
const solution = await solve(problem, { seed: 1 });
const assessment = await assess(solution);

for (const [name, { value, low, high }] of Object.entries({
  ...assessment.parameters,
  ...assessment.derived,
})) {
  const classical = assessment.shooting?.estimates[name] ?? assessment.shooting?.derived[name];
  console.log(
    `${name}: ${value.toFixed(4)} (${low?.toFixed(3)} to ${high?.toFixed(3)}), shooting ${classical?.value.toFixed(4)}`,
  );
}
await writeReport('epidemic.html', reportOf(solution, assessment));
