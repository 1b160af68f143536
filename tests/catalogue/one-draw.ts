import { drawInputs, problemOf } from '../../src/operator/index.ts';
import type { Problem } from '../../src/problem/index.ts';

/** The problem itself, or an operator problem for one draw of its input functions. */
export function oneDraw(problem: Problem): Problem {
  return problem.inputs.length === 0 ? problem : problemOf(problem, drawInputs(problem, 0, 0));
}
