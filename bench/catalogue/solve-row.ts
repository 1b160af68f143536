/**
 * One row of the catalogue in a process of its own: solves the problem and prints what `ansatz solve --json`
 * would, also where the answer is off by too much to be given out.
 *
 *   npx tsx bench/catalogue/solve-row.ts NAME SETTINGS-AS-JSON
 */

import { operatorJson } from '../../src/cli/operator-result.ts';
import { resultJson } from '../../src/cli/result-json.ts';
import { AnsatzError } from '../../src/errors.ts';
import { assess } from '../../src/estimate/index.ts';
import { loadProblem, resolveProblemFile } from '../../src/node.ts';
import { trainOperator } from '../../src/operator/index.ts';
import type { SolveSettings } from '../../src/problem/index.ts';
import { solve } from '../../src/solve/index.ts';

const [name, settings] = process.argv.slice(2);
try {
  const problem = await loadProblem(resolveProblemFile(name));
  const options = JSON.parse(settings) as SolveSettings;
  if (problem.inputs.length > 0) {
    const operator = await trainOperator(problem, options);
    console.log(JSON.stringify({ result: operatorJson(operator) }));
    process.exit(0);
  }
  const solution = await solve(problem, options);
  // The classical reference may take as long as the training.
  const assessment = await assess(solution, { referenceTimeLimit: Math.max(20, options.timeLimit ?? 0) });
  const { unusable } = assessment;
  console.log(JSON.stringify({ result: resultJson(solution, assessment), unusable }));
} catch (error) {
  if (!(error instanceof AnsatzError)) throw error;
  console.log(JSON.stringify({ failure: error.message }));
}
