/** Input functions: what is declared of them. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import { number } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import { parseExpression } from '../expression/parse.ts';
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
