/** The ordinary problem that an operator problem is once its input functions are given. */
import { ProblemError } from '../../errors.ts';
import { coordinate, isUndefined, number } from '../../expression/build.ts';
import { nearestName } from '../../expression/suggestion.ts';
import type { MultiIndex } from '../../jet/multi-index.ts';
import { type InputExpression, withInputs } from '../../problem/given-inputs.ts';
import type { InputFunction, Problem } from '../../problem/problem.ts';
import type { FunctionSample } from './function-sample.ts';
import { type GivenFunction, sampleOf } from './given-function.ts';

/** @throws ProblemError for a function that is missing, or a name that is no input */
function inputsGiven(problem: Problem, given: Readonly<Record<string, unknown>>): void {
  const names = problem.inputs.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    throw new ProblemError(`\`${name}\` is no input function of ${problem.name}`, {
      path: `inputs.${name}`,
      hint:
        names.length === 0
          ? 'the problem has none'
          : near === undefined
            ? `input functions are ${names.join(', ')}`
            : `did you mean ${near}?`,
    });
  }
  for (const name of names)
    if (given[name] === undefined)
      throw new ProblemError(`the input function \`${name}\` is missing`, {
        path: `inputs.${name}`,
        hint: 'give an expression, a JavaScript function, a number, or its values at the sensors',
      });
}

function expressionOf(input: InputFunction, sample: FunctionSample, all: Problem): InputExpression {
  const own = input.of.map((position) => coordinate(all.coordinates[position].name, position));
  return (order: MultiIndex) => {
    const expression = sample.expression(
      own,
      input.of.map((position) => order[position]),
    );
    if (isUndefined(expression))
      throw new ProblemError('the function has no finite value', { path: `inputs.${input.name}` });
    return order.some((k, position) => k > 0 && !input.of.includes(position)) ? number(0) : expression;
  };
}

/** What is given for every input function, read. @throws ProblemError as `sampleOf` and for names that do not fit */
export function samplesOf(
  problem: Problem,
  given: Readonly<Record<string, GivenFunction>>,
): Record<string, FunctionSample> {
  inputsGiven(problem, given);
  return Object.fromEntries(
    problem.inputs.map((input) => [input.name, sampleOf(input, given[input.name], problem.constants)]),
  );
}

/**
 * The problem for given input functions: an ordinary one, which every solver and reference takes.
 *
 * @param given  for every input function a sample, an expression in its coordinates, a number, a JavaScript function
 * of its coordinates, or values at its sensors
 * @throws ProblemError naming the input function that is missing or not as it should be
 * @example
 * const given = problemOf(integrator, { v: 'cos(2*pi*x)' });
 * const { evaluate } = await reference(given);
 */
export function problemOf(problem: Problem, given: Readonly<Record<string, GivenFunction>>): Problem {
  const samples = samplesOf(problem, given);
  return withInputs(
    problem,
    new Map(problem.inputs.map((input) => [input.name, expressionOf(input, samples[input.name], problem)])),
  );
}
