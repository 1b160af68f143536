/** The problem of one step: from the state and the input functions on a window to the state at its end. */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { leavesOf } from '../../expression/expression.ts';
import { type Problem, type ProblemDefinition, problem as readProblem } from '../../problem/index.ts';
import type { InputDefinition } from '../../problem/input-options.ts';

/** Low and high, by field. */
export type StateRanges = Readonly<Record<string, readonly [number, number]>>;

export interface WindowOptions {
  /** Length of a window, in units of the coordinate. */
  readonly step: number;
  /** Sensors of every input function in a window; default: as many as its length scale asks for. */
  readonly sensors?: number;
  /** By which random fields deviate more from their mean than the problem says, so that tails are known too. */
  readonly spread: number;
}

/** Name of the input that stands for a field's value at the beginning of a window. */
export const startName = (field: string): string => `${field}_start`;

/**
 * @throws NotSupportedError where a step is not a function of the fields and the window alone: partial differential
 * equations, derivatives above the first, a coordinate that stands in the equations itself, boundary values
 */
export function requireSteppable(problem: Problem): void {
  if (problem.inputs.length === 0)
    throw new ProblemError(`${problem.name} has no input functions`, {
      path: 'inputs',
      hint: 'a stepper is trained on an operator problem',
    });
  if (problem.coordinates.length > 1)
    throw new NotSupportedError('a stepper of partial differential equations', {
      path: 'domain',
      hint: 'it takes ordinary differential equations of first order',
    });
  const [{ name, low }] = problem.coordinates;
  const fields = new Set(problem.fields.map((field) => field.name));
  const sides = problem.equations.flatMap(({ left, right, path }) =>
    [left, right].map((side) => [side, path] as const),
  );
  for (const [side, path] of sides)
    for (const leaf of leavesOf([side])) {
      if (leaf.kind === 'coordinate')
        throw new NotSupportedError(
          `\`${name}\` stands in an equation, so that a step depends on when it is made`,
          {
            path,
            hint: `write an input function of ${name} in its place`,
          },
        );
      if (leaf.kind === 'field' && fields.has(leaf.name) && leaf.order[0] > 1)
        throw new NotSupportedError(`a derivative of ${leaf.name} above the first`, {
          path,
          hint: 'write a system of first order, with the lower derivatives as fields',
        });
    }
  for (const condition of problem.conditions)
    if (condition.kind !== 'planes' || condition.planes.some(({ value }) => value !== low))
      throw new NotSupportedError('a stepper of a problem whose conditions are not all initial', {
        path: condition.path,
        hint: `give every field at ${name} = ${low}`,
      });
}

/** Sensors in a length scale, and at least in a window. */
const perLength = 8;
const fewestSensors = 8;

function windowInput(
  input: InputDefinition,
  name: string,
  coordinate: string,
  domain: readonly [number, number],
  { step, sensors, spread }: WindowOptions,
): InputDefinition {
  const path = `inputs.${name}`;
  if (input.space === 'uniform') return input;
  if (input.space === 'functions') {
    const shift = `${name}_shift`;
    const moved = (text: string): string =>
      text.replace(new RegExp(`\\b${coordinate}\\b`, 'g'), `(${coordinate} + ${shift})`);
    return {
      ...input,
      expressions: input.expressions!.map(moved),
      parameters: { ...input.parameters, [shift]: [domain[0], domain[1] - step] },
      sensors: sensors ?? 2 * fewestSensors,
    };
  }
  const steady =
    input.space === 'gaussian-random-field' &&
    input.kernel !== 'periodic' &&
    input.minimum === undefined &&
    (typeof input.mean !== 'string' || !new RegExp(`\\b${coordinate}\\b`).test(input.mean));
  if (!steady)
    throw new NotSupportedError(`\`${name}\` is not alike in all windows`, {
      path,
      hint: 'take a Gaussian random field with a constant mean, or given functions',
    });
  const length = typeof input.lengthScale === 'number' ? input.lengthScale : input.lengthScale![0];
  return {
    ...input,
    variance: (input.variance ?? 1) * spread ** 2,
    sensors: sensors ?? Math.max(fewestSensors, Math.ceil((perLength * step) / length)),
  };
}

function over(
  problem: Problem,
  domain: readonly [number, number],
): Omit<ProblemDefinition, 'conditions' | 'inputs'> {
  const {
    exact: _,
    conditions: __,
    inputs: ___,
    derived: ____,
    solve: _____,
    ...definition
  } = problem.definition;
  return { ...definition, domain: { [problem.coordinates[0].name]: [...domain] } };
}

/** The operator problem on [0, step], with the state at its beginning as further inputs. */
export function stepProblem(problem: Problem, states: StateRanges, options: WindowOptions): Problem {
  const [{ name: coordinate, low, high }] = problem.coordinates;
  const inputs = Object.entries(problem.definition.inputs!).map(
    ([name, input]) => [name, windowInput(input, name, coordinate, [low, high], options)] as const,
  );
  const starts = problem.fields.map(
    ({ name }) => [startName(name), { of: [], space: 'uniform', range: [...states[name]] }] as const,
  );
  return readProblem({
    ...over(problem, [0, options.step]),
    name: `${problem.name}-step`,
    inputs: Object.fromEntries([...inputs, ...starts]),
    conditions: problem.fields.map(({ name }) => ({
      on: `${coordinate} = 0`,
      equation: `${name} = ${startName(name)}`,
    })),
  } as ProblemDefinition);
}

/** The operator problem from a state over a horizon, which a classical solver takes in one go. */
export function horizonProblem(
  problem: Problem,
  start: Readonly<Record<string, number>>,
  [low, high]: readonly [number, number],
): Problem {
  const [{ name: coordinate }] = problem.coordinates;
  const inputs = Object.entries(problem.definition.inputs!).map(([name, input]) => {
    const { sensors: _, ...rest } = input;
    return [name, rest] as const;
  });
  return readProblem({
    ...over(problem, [low, high]),
    inputs: Object.fromEntries(inputs),
    conditions: problem.fields.map(({ name }) => ({
      on: `${coordinate} = ${low}`,
      equation: `${name} = ${start[name]}`,
    })),
  } as ProblemDefinition);
}
