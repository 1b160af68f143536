import { ProblemError } from '../../errors.ts';
import { type Problem, type ProblemDefinition, problem as readProblem } from '../../problem/index.ts';
import type { OperatorData } from './operator-data.ts';

/** What of a problem says what its solutions are; the space that inputs are drawn from does not. */
const meaning = [
  'domain',
  'time',
  'regions',
  'fields',
  'constants',
  'functions',
  'equations',
  'conditions',
  'flows',
] as const satisfies readonly (keyof ProblemDefinition)[];

/**
 * Checks that a data set is one of the problem: the same equations, conditions and sensors. Where its functions come
 * from may differ.
 *
 * @throws ProblemError that says in what they differ
 */
export function requireMatch(problem: Problem, data: OperatorData): void {
  const refuse = (reason: string, path: string): never => {
    throw new ProblemError(`the data set was made for another problem: ${reason}`, {
      path,
      hint: `make one for ${problem.name} as it is now`,
    });
  };
  for (const key of meaning)
    if (JSON.stringify(problem.definition[key]) !== JSON.stringify(data.problem[key]))
      refuse(`its ${key} are ${JSON.stringify(data.problem[key]) ?? 'missing'}`, key);
  const { inputs } = readProblem(data.problem);
  const names = (of: readonly { readonly name: string }[]): string => of.map(({ name }) => name).join(', ');
  if (names(inputs) !== names(problem.inputs)) refuse(`its input functions are ${names(inputs)}`, 'inputs');
  problem.inputs.forEach(({ name, of, sensors, sensorCount }, i) => {
    const other = inputs[i];
    const path = `inputs.${name}`;
    if (other.of.join() !== of.join()) refuse(`${name} depends on other coordinates`, `${path}.of`);
    if (other.sensorCount !== sensorCount)
      refuse(`${name} has ${other.sensorCount} sensors in it, not ${sensorCount}`, `${path}.sensors`);
    const moved = sensors.findIndex(
      (value, k) => Math.abs(value - other.sensors[k]) > 1e-12 * (1 + Math.abs(value)),
    );
    if (moved >= 0)
      refuse(
        `sensor ${Math.floor(moved / Math.max(of.length, 1))} of ${name} lies elsewhere`,
        `${path}.sensors`,
      );
  });
  requireWhole(problem, data);
}

/** @throws ProblemError for values that are missing, too few or too many, or no numbers */
function requireWhole(
  problem: Problem,
  { inputs, fields, points, count, pointCount, aligned }: OperatorData,
): void {
  const check = (values: Float64Array | undefined, rows: number, width: number, path: string): void => {
    if (!(values instanceof Float64Array))
      throw new ProblemError(`the values of ${path} are missing`, {
        path: `data.${path}`,
        hint: 'operatorDataFrom makes a data set of plain lists',
      });
    if (values.length !== rows * width)
      throw new ProblemError(`${values.length} numbers stand where ${rows} rows of ${width} belong`, {
        path: `data.${path}`,
      });
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new ProblemError(`${values[bad]} is no value`, {
        path: `data.${path}[${Math.floor(bad / width)}][${bad % width}]`,
      });
  };
  for (const { name, sensorCount } of problem.inputs)
    check(inputs?.[name], count, sensorCount, `inputs.${name}`);
  for (const { name } of problem.fields) check(fields?.[name], count, pointCount, `fields.${name}`);
  check(points, (aligned ? 1 : count) * pointCount, problem.coordinates.length, 'points');
}
