/** Input functions: what is declared of them, and the problem that is left when they are given. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import { apply, number } from '../expression/build.ts';
import { differentiate } from '../expression/differentiate.ts';
import { type Expression, substitute } from '../expression/expression.ts';
import { parseExpression } from '../expression/parse.ts';
import { atPlace } from '../expression/place.ts';
import { type MultiIndex, totalOrder, zeroMultiIndex } from '../jet/multi-index.ts';
import { constantScope, constantValue } from './declarations.ts';
import { fieldLeaves } from './implied-value.ts';
import type { InputDefinition } from './input-options.ts';
import { NameRegister } from './names.ts';
import type { Coordinate, DrawnNumber, InputFunction, InputSpace, Problem } from './problem.ts';
import { readSensors } from './sensors.ts';

const allowed: Readonly<Record<InputDefinition['space'], readonly (keyof InputDefinition)[]>> = {
  'gaussian-random-field': [
    'kernel',
    'lengthScale',
    'smoothness',
    'variance',
    'mean',
    'centered',
    'minimum',
    'terms',
  ],
  chebyshev: ['terms', 'amplitude'],
  'power-series': ['terms', 'amplitude'],
  spline: ['terms', 'amplitude'],
  functions: ['expressions', 'coefficients', 'parameters', 'amplitude'],
  uniform: ['range'],
};
const everywhere: readonly string[] = ['of', 'space', 'sensors'];
const materns = [0.5, 1.5, 2.5, 3.5, 4.5];

interface Place {
  readonly path: string;
  readonly name: string;
  readonly constants: ReadonlyMap<string, number>;
  /** All of the problem's. */
  readonly coordinates: readonly Coordinate[];
  readonly of: readonly number[];
}

function checkKeys(definition: InputDefinition, path: string): void {
  const known = allowed[definition.space];
  for (const [key, value] of Object.entries(definition)) {
    if (value === undefined || everywhere.includes(key)) continue;
    if (known.includes(key as keyof InputDefinition)) continue;
    const of = Object.entries(allowed).flatMap(([space, keys]) =>
      keys.includes(key as keyof InputDefinition) ? [space] : [],
    );
    throw new ProblemError(`\`${key}\` has no meaning in the space ${definition.space}`, {
      path: `${path}.${key}`,
      hint: `it belongs to ${of.join(', ')}; here there are ${known.join(', ')}`,
    });
  }
}

function readRange(
  range: readonly [number | string, number | string],
  constants: ReadonlyMap<string, number>,
  path: string,
): DrawnNumber {
  const [low, high] = range.map((end, i) => constantValue(end, constants, `${path}[${i}]`));
  if (!(low <= high))
    throw new ProblemError(`${low} is not below ${high}`, { path, hint: 'write [low, high]' });
  return { low, high };
}

function readField(definition: InputDefinition, place: Place): InputSpace {
  const { path, of, coordinates, constants } = place;
  const { kernel = 'rbf', smoothness, lengthScale, centered = false } = definition;
  if (lengthScale === undefined)
    throw new ProblemError('`lengthScale` is missing', {
      path,
      hint: `give the length over which \`${place.name}\` varies, e.g. 0.2`,
    });
  const lengths = typeof lengthScale === 'number' ? of.map(() => lengthScale) : lengthScale;
  if (lengths.length !== of.length)
    throw new ProblemError(`${lengths.length} length scales for ${of.length} coordinates`, {
      path: `${path}.lengthScale`,
      hint: 'give one number, or one for each coordinate',
    });
  if (kernel === 'matern' && smoothness === undefined)
    throw new ProblemError('`smoothness` is missing', { path, hint: `one of ${materns.join(', ')}` });
  if (kernel === 'rbf' && smoothness !== undefined)
    throw new ProblemError('a field with kernel rbf is smooth to any order', {
      path: `${path}.smoothness`,
      hint: 'leave it out, or take the kernel matern',
    });
  if (kernel === 'matern' && !materns.includes(smoothness!))
    throw new NotSupportedError(`a Matérn kernel of smoothness ${smoothness} is not supported`, {
      path: `${path}.smoothness`,
      hint: `give one of ${materns.join(', ')}`,
    });
  if (centered && kernel !== 'periodic')
    throw new ProblemError('only a periodic field can be centered', {
      path: `${path}.centered`,
      hint: 'take the kernel periodic, or leave it out',
    });
  const own = [...coordinates.keys()].filter((i) => of.includes(i)).map((i) => coordinates[i].name);
  const mean = definition.mean ?? 0;
  return {
    kind: 'gaussian-random-field',
    kernel,
    lengthScale: lengths,
    smoothness,
    variance: definition.variance ?? 1,
    mean:
      typeof mean === 'number'
        ? number(mean)
        : expressionOf(mean, own, coordinates, constants, `${path}.mean`, new Set()),
    centered,
    minimum: definition.minimum,
    terms: definition.terms,
  };
}

/** An expression in some of the coordinates; their positions are those among all. */
function expressionOf(
  text: string,
  own: readonly string[],
  coordinates: readonly Coordinate[],
  constants: ReadonlyMap<string, number>,
  path: string,
  unknowns: ReadonlySet<string>,
): Expression {
  // A name that is no coordinate of the input cannot be written, so that its position stays free.
  const names = coordinates.map(({ name }) => (own.includes(name) ? name : ` ${name}`));
  return parseExpression(text, { ...constantScope(constants), coordinates: names, unknowns }, path);
}

function readFunctions(definition: InputDefinition, place: Place): InputSpace {
  const { path, of, coordinates, constants } = place;
  const { expressions, parameters = {}, coefficients, amplitude } = definition;
  if (expressions === undefined)
    throw new ProblemError('`expressions` is missing', {
      path,
      hint: 'give the functions to combine, e.g. ["sin(pi*x)", "cos(pi*x)"]',
    });
  if (amplitude !== undefined && coefficients !== undefined)
    throw new ProblemError('`amplitude` and `coefficients` say the same', {
      path: `${path}.amplitude`,
      hint: 'give one of the two',
    });
  const names = new NameRegister();
  for (const { name } of coordinates) names.declare(name, `domain.${name}`);
  for (const name of constants.keys()) names.declare(name, `constants.${name}`);
  for (const name of Object.keys(parameters)) names.declare(name, `${path}.parameters.${name}`);
  const own = of.map((i) => coordinates[i].name);
  const unknowns = new Set(Object.keys(parameters));
  return {
    kind: 'functions',
    expressions: expressions.map((text, i) =>
      expressionOf(text, own, coordinates, constants, `${path}.expressions[${i}]`, unknowns),
    ),
    coefficients: readRange(
      coefficients ?? [-(amplitude ?? 1), amplitude ?? 1],
      constants,
      `${path}.coefficients`,
    ),
    parameters: new Map(
      Object.entries(parameters).map(([name, range]) => [
        name,
        readRange(range, constants, `${path}.parameters.${name}`),
      ]),
    ),
  };
}

function readSpace(definition: InputDefinition, place: Place): InputSpace {
  const { path, of, name, constants } = place;
  checkKeys(definition, path);
  if (definition.space === 'uniform') {
    if (of.length > 0)
      throw new ProblemError('the space uniform holds numbers, not functions', {
        path: `${path}.space`,
        hint: `write "of": [] for a number \`${name}\`, or take another space`,
      });
    if (definition.range === undefined)
      throw new ProblemError('`range` is missing', { path, hint: 'give [low, high]' });
    return { kind: 'uniform', ...readRange(definition.range, constants, `${path}.range`) };
  }
  if (of.length === 0)
    throw new ProblemError(`\`${name}\` depends on no coordinate, which makes it a number`, {
      path: `${path}.of`,
      hint: 'a number has the space uniform',
    });
  if (definition.space === 'gaussian-random-field') return readField(definition, place);
  if (definition.space === 'functions') return readFunctions(definition, place);
  const { terms = 10, amplitude = 1, space } = definition;
  const least = space === 'spline' ? 4 : 1;
  if (terms < least)
    throw new ProblemError(`a cubic spline needs ${least} knots or more`, { path: `${path}.terms` });
  return { kind: space, terms, amplitude };
}

function readDependence(
  of: InputDefinition['of'],
  coordinates: readonly Coordinate[],
  path: string,
): number[] {
  const names = of === undefined ? coordinates.map((c) => c.name) : typeof of === 'string' ? [of] : of;
  const positions = names.map((name, i) => {
    const position = coordinates.findIndex((c) => c.name === name);
    const place = typeof of === 'string' ? `${path}.of` : `${path}.of[${i}]`;
    if (position < 0)
      throw new ProblemError(`\`${name}\` is not a coordinate`, {
        path: place,
        hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
      });
    if (names.indexOf(name) !== i) throw new ProblemError(`\`${name}\` is named twice`, { path: place });
    return position;
  });
  if (positions.length > 2)
    throw new NotSupportedError(`an input function of ${positions.length} coordinates is not supported`, {
      path: `${path}.of`,
      hint: 'it may depend on one or two of them',
    });
  return positions;
}

/** @throws ProblemError naming what is wrong in `inputs` */
export function readInputs(
  definitions: Readonly<Record<string, InputDefinition>>,
  coordinates: readonly Coordinate[],
  constants: ReadonlyMap<string, number>,
): InputFunction[] {
  return Object.entries(definitions).map(([name, definition]) => {
    const path = `inputs.${name}`;
    const declared = readDependence(definition.of, coordinates, path);
    const of = declared.toSorted((a, b) => a - b);
    const space = readSpace(definition, { path, name, constants, coordinates, of });
    const own = of.map((i) => coordinates[i]);
    const periodic = space.kind === 'gaussian-random-field' && space.kernel === 'periodic';
    const order = of.map((i) => declared.indexOf(i));
    return {
      name,
      of,
      coordinates: own,
      space,
      ...readSensors(definition.sensors, own, { order, periodic, path: `${path}.sensors` }),
    };
  });
}

/** An input function as an expression in the problem's coordinates: its derivative of the order, one entry for each. */
export type InputExpression = (order: MultiIndex) => Expression;

/** The expression with given functions in the place of fields of their names. */
export function inputsReplaced(
  given: ReadonlyMap<string, InputExpression>,
): (expression: Expression) => Expression {
  const known = new Map<string, Expression>();
  const derivative = (name: string, order: MultiIndex): Expression => {
    const key = `${name}:${order.join()}`;
    const found = known.get(key) ?? given.get(name)!(order);
    known.set(key, found);
    return found;
  };
  const done = new Map<Expression, Expression>();
  return (expression) => {
    const result =
      done.get(expression) ??
      substitute(
        expression,
        (leaf) => {
          if (leaf.kind !== 'field' || !given.has(leaf.name)) return leaf;
          const value = derivative(leaf.name, leaf.order);
          return leaf.at === undefined ? value : atPlace(value, leaf.at);
        },
        apply,
      );
    done.set(expression, result);
    return result;
  };
}

/**
 * For texts of the problem that are read anew: the scope's fields with the input functions that were given, and the
 * step that puts these in.
 */
export function givenInputs({ given = new Map() }: Problem): {
  readonly fields: readonly (readonly [string, readonly number[]])[];
  readonly replaced: (expression: Expression) => Expression;
} {
  const fields = [...given].map(([name, { of }]) => [name, of] as const);
  const expressions = [...given].map(([name, { expression }]): [string, InputExpression] => [
    name,
    (order) =>
      order.reduce((result, times, coordinate) => {
        let derived = result;
        for (let k = 0; k < times; k++) derived = differentiate(derived, coordinate);
        return derived;
      }, expression),
  ]);
  return { fields, replaced: inputsReplaced(new Map(expressions)) };
}

/** The problem with its input functions given: an ordinary one, in which they are expressions. */
export function withInputs(problem: Problem, given: ReadonlyMap<string, InputExpression>): Problem {
  const of = inputsReplaced(given);
  const none = zeroMultiIndex(problem.coordinates.length);
  const inputs = problem.inputs.filter(({ name }) => given.has(name));
  return {
    ...problem,
    inputs: problem.inputs.filter(({ name }) => !given.has(name)),
    given: new Map([
      ...(problem.given ?? []),
      ...inputs.map(
        (input) => [input.name, { of: input.of, expression: given.get(input.name)!(none) }] as const,
      ),
    ]),
    functions: new Map([...problem.functions].map(([name, value]) => [name, of(value)])),
    equations: problem.equations.map((equation) => ({
      ...equation,
      left: of(equation.left),
      right: of(equation.right),
      where: equation.where && of(equation.where),
    })),
    conditions: problem.conditions.map((condition) =>
      condition.kind === 'periodic'
        ? condition
        : { ...condition, left: of(condition.left), right: of(condition.right) },
    ),
    observations: problem.observations.map((o) => ({ ...o, expression: of(o.expression) })),
    exact: new Map([...problem.exact].map(([name, value]) => [name, of(value)])),
  };
}

/** @throws ProblemError for an input function that stands nowhere */
export function checkInputsUsed(problem: Problem): void {
  const used = new Set(
    fieldLeaves([
      ...problem.equations.flatMap(({ left, right, where }) => [left, right, ...(where ? [where] : [])]),
      ...problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [] : [c.left, c.right])),
    ]).map(({ name }) => name),
  );
  for (const { name } of problem.inputs)
    if (!used.has(name))
      throw new ProblemError(`the input function \`${name}\` stands in no equation and no condition`, {
        path: `inputs.${name}`,
        hint: 'the solution cannot depend on it',
      });
}

/** What a problem is checked with: every input function a number that its draws take. */
export function withTypicalInputs(problem: Problem): Problem {
  if (problem.inputs.length === 0) return problem;
  return withInputs(
    problem,
    new Map(
      problem.inputs.map(({ name, space }) => {
        const value = number(typicalValue(space));
        return [name, (order: MultiIndex) => (totalOrder(order) === 0 ? value : number(0))];
      }),
    ),
  );
}

function typicalValue(space: InputSpace): number {
  switch (space.kind) {
    case 'gaussian-random-field': {
      const deviation = 0.618 * Math.sqrt(space.variance);
      if (space.minimum !== undefined) return space.minimum + deviation;
      return (space.mean.kind === 'number' ? space.mean.value : 0) + deviation;
    }
    case 'uniform':
      return space.low + 0.618 * (space.high - space.low);
    case 'functions':
      return space.coefficients.low + 0.618 * (space.coefficients.high - space.coefficients.low);
    default:
      return 0.618 * space.amplitude;
  }
}

/** @throws NotSupportedError for an operator problem, which has a solution for every draw of its inputs */
export function requireInputsGiven({ inputs }: Problem, what: string): void {
  if (inputs.length === 0) return;
  const names = inputs.map(({ name }) => name);
  throw new NotSupportedError(
    `${what} needs the input function${names.length === 1 ? '' : 's'} ${names.join(', ')}: this is an operator problem, with a solution for every draw`,
    { path: 'inputs', hint: `give them: problemOf(problem, { ${names.map((n) => `${n}: …`).join(', ')} })` },
  );
}
