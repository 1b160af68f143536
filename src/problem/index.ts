/** The problem language: `problem()` reads a definition, checks it, and gives what the solvers work on. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import { evaluateConstant } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { parseEquation, parseExpression } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import { readCondition } from './conditions.ts';
import { checkConsistency } from './consistency.ts';
import { definitionSchema, type ProblemDefinition } from './definition.ts';
import { equationsOfFlows } from './flows.ts';
import { NameRegister } from './names.ts';
import { type ReadText, readObservations } from './observations.ts';
import type { Coordinate, Field, NamedExpression, Problem, Unknown } from './problem.ts';
import { solveOptionsSchema } from './solve-options.ts';
import { validate } from './validate.ts';

export { type ProblemDefinition, problemJsonSchema } from './definition.ts';
export type { ReadText } from './observations.ts';
export type * from './problem.ts';
export type { SolveSettings } from './solve-options.ts';

const knownKeys = [
  ...Object.keys(definitionSchema.shape),
  ...Object.keys(solveOptionsSchema.shape),
  ...[
    'of',
    'unknown',
    'initial',
    'min',
    'max',
    'scale',
    'equation',
    'weight',
    'where',
    'on',
    'points',
    'hard',
    'periodic',
    'order',
  ],
  ...['file', 'rows', 'at', 'observe', 'noise', 'width', 'depth', 'fourierFeatures'],
];

function emptyScope(): Scope {
  return {
    coordinates: [],
    time: null,
    fields: new Map(),
    constants: new Map(),
    unknowns: new Set(),
    functions: new Map(),
    boundary: false,
  };
}

function readConstants(definition: ProblemDefinition): Map<string, number> {
  const constants = new Map<string, number>();
  for (const [name, value] of Object.entries(definition.constants ?? {})) {
    const path = `constants.${name}`;
    const number =
      typeof value === 'number'
        ? value
        : evaluateConstant(parseExpression(value, { ...emptyScope(), constants }, path));
    if (!Number.isFinite(number))
      throw new ProblemError(`the value is ${number}`, { path, hint: 'a constant is a finite number' });
    constants.set(name, number);
  }
  return constants;
}

function readCoordinates(
  definition: ProblemDefinition,
  constants: ReadonlyMap<string, number>,
): Coordinate[] {
  if (Object.hasOwn(definition.domain, 'geometry'))
    throw new NotSupportedError('geometries other than boxes are not yet supported', {
      path: 'domain.geometry',
      hint: 'give an interval for each coordinate',
    });
  const coordinates = Object.entries(definition.domain).map(([name, interval]) => {
    const path = `domain.${name}`;
    if (!Array.isArray(interval))
      throw new ProblemError('an object stands where an interval belongs', {
        path,
        hint: 'write [low, high]',
      });
    const [low, high] = interval.map((end) =>
      typeof end === 'number'
        ? end
        : evaluateConstant(parseExpression(end, { ...emptyScope(), constants }, path)),
    );
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw new ProblemError(`[${low}, ${high}] is not an interval`, {
        path,
        hint: 'the first end must be below the second',
      });
    return { name, low, high };
  });
  if (coordinates.length === 0)
    throw new ProblemError('the domain has no coordinate', { path: 'domain', hint: 'write { "t": [0, 1] }' });
  if (coordinates.length > 4)
    throw new NotSupportedError(`the domain has ${coordinates.length} coordinates`, {
      path: 'domain',
      hint: 'at most 4 are supported',
    });
  return coordinates;
}

function readFields(
  fields: NonNullable<ProblemDefinition['fields']>,
  coordinates: readonly Coordinate[],
): Field[] {
  const all = coordinates.map((_, i) => i);
  if (Array.isArray(fields)) return fields.map((name) => ({ name, of: all, unknown: false }));
  return Object.entries(fields).map(([name, { of, unknown }]) => ({
    name,
    unknown: unknown ?? false,
    of:
      of === undefined
        ? all
        : of
            .map((coordinate, i) => {
              const position = coordinates.findIndex((c) => c.name === coordinate);
              if (position < 0)
                throw new ProblemError(`\`${coordinate}\` is not a coordinate`, {
                  path: `fields.${name}.of[${i}]`,
                  hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
                });
              return position;
            })
            .sort((a, b) => a - b),
  }));
}

function readUnknowns(definition: ProblemDefinition): Unknown[] {
  return Object.entries(definition.unknowns ?? {}).map(([name, { initial, min, max, scale }]) => {
    const path = `unknowns.${name}`;
    if (min !== undefined && max !== undefined && !(min < max))
      throw new ProblemError(`min = ${min} is not below max = ${max}`, { path });
    if ((min !== undefined && initial < min) || (max !== undefined && initial > max))
      throw new ProblemError(`the bounds exclude the initial value ${initial}`, {
        path,
        hint: `bounds are ${min ?? '−∞'} and ${max ?? '∞'}`,
      });
    return { name, initial, min, max, scale };
  });
}

/** What the names of a problem stand for: with it, further expressions in its symbols can be parsed. */
export function scopeOf(
  problem: Pick<Problem, 'coordinates' | 'time' | 'fields' | 'constants' | 'unknowns' | 'functions'>,
): Scope {
  return {
    coordinates: problem.coordinates.map((c) => c.name),
    time: problem.time,
    fields: new Map(problem.fields.map((field) => [field.name, field.of])),
    constants: problem.constants,
    unknowns: new Set(problem.unknowns.map((u) => u.name)),
    functions: problem.functions,
    boundary: false,
  };
}

export interface ProblemOptions {
  /** Reads the data files the definition names; without it a problem with files is refused. */
  readText?: ReadText;
}

/**
 * Reads and checks a problem.
 *
 * @throws ProblemError naming the place, what is wrong there and what would be right.
 * @example
 * const decay = problem({
 *   name: 'decay',
 *   domain: { t: [0, 2] },
 *   fields: ['u'],
 *   equations: ['du/dt = -u'],
 *   conditions: [{ on: 't = 0', equation: 'u = 1' }],
 * });
 */
export function problem(input: ProblemDefinition, options: ProblemOptions = {}): Problem {
  const definition = validate(definitionSchema, input, knownKeys);
  if (definition.inputs !== undefined)
    throw new NotSupportedError('operator problems (input functions) are not yet supported', {
      path: 'inputs',
    });
  const constants = readConstants(definition);
  const coordinates = readCoordinates(definition, constants);
  const timeName = definition.time ?? 't';
  const timePosition = coordinates.findIndex((c) => c.name === timeName);
  if (definition.time !== undefined && timePosition < 0)
    throw new ProblemError(`\`${timeName}\` is not a coordinate`, {
      path: 'time',
      hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
    });
  const time = timePosition < 0 ? null : timePosition;

  let fieldDefinition = definition.fields;
  let equationDefinitions = definition.equations;
  if (definition.flows !== undefined) {
    if (fieldDefinition !== undefined || equationDefinitions !== undefined)
      throw new ProblemError('flows stand in place of fields and equations, not beside them', {
        path: 'flows',
      });
    if (time === null)
      throw new ProblemError('flows need a time coordinate', {
        path: 'domain',
        hint: 'name one t, or say which one is time',
      });
    const model = equationsOfFlows(definition.flows, coordinates[time].name);
    fieldDefinition = model.fields;
    equationDefinitions = model.equations;
  }
  if (fieldDefinition === undefined)
    throw new ProblemError('the fields are missing', {
      path: 'fields',
      hint: 'name the unknown functions, e.g. ["u"]',
    });
  if (equationDefinitions === undefined)
    throw new ProblemError('the equations are missing', {
      path: 'equations',
      hint: 'give one for each field',
    });
  const fields = readFields(fieldDefinition, coordinates);
  if (fields.length === 0)
    throw new ProblemError('there is no field', {
      path: 'fields',
      hint: 'name the unknown functions, e.g. ["u"]',
    });
  const unknowns = readUnknowns(definition);

  const names = new NameRegister();
  for (const { name } of coordinates) names.declare(name, `domain.${name}`);
  fields.forEach(({ name }, i) => {
    names.declare(name, Array.isArray(fieldDefinition) ? `fields[${i}]` : `fields.${name}`);
  });
  for (const name of constants.keys()) names.declare(name, `constants.${name}`);
  for (const { name } of unknowns) names.declare(name, `unknowns.${name}`);
  for (const name of Object.keys(definition.functions ?? {})) names.declare(name, `functions.${name}`);
  for (const name of Object.keys(definition.derived ?? {})) names.declare(name, `derived.${name}`);

  const functions = new Map<string, Expression>();
  const scope = scopeOf({ coordinates, time, fields, constants, unknowns, functions });
  for (const [name, value] of Object.entries(definition.functions ?? {}))
    functions.set(name, parseExpression(String(value), scope, `functions.${name}`));

  const equations = equationDefinitions.map((entry, i) => {
    const {
      equation,
      weight = 1,
      where = undefined,
    } = typeof entry === 'string' ? { equation: entry } : entry;
    const path = `equations[${i}]`;
    const textPath = typeof entry === 'string' ? path : `${path}.equation`;
    return {
      path,
      text: equation,
      ...parseEquation(equation, scope, textPath),
      weight,
      where:
        where === undefined
          ? undefined
          : parseExpression(where, { ...scope, fields: new Map() }, `${path}.where`),
    };
  });
  const evaluateText = (text: string, path: string): number =>
    evaluateConstant(parseExpression(text, { ...emptyScope(), constants }, path));
  const conditions = (definition.conditions ?? []).map((entry, i) =>
    readCondition(entry, i, coordinates, time, scope, evaluateText),
  );
  const observations = (definition.data ?? []).flatMap((entry, i) =>
    readObservations(entry, i, coordinates, scope, options.readText),
  );

  const exact = new Map<string, Expression>();
  for (const [name, value] of Object.entries(definition.exact ?? {})) {
    if (!fields.some((field) => field.name === name))
      throw new ProblemError(`\`${name}\` is not a field`, {
        path: `exact.${name}`,
        hint: `fields are ${fields.map((f) => f.name).join(', ')}`,
      });
    exact.set(name, parseExpression(String(value), { ...scope, fields: new Map() }, `exact.${name}`));
  }
  const derived: NamedExpression[] = [];
  for (const [name, value] of Object.entries(definition.derived ?? {})) {
    const derivedScope: Scope = {
      ...emptyScope(),
      constants,
      unknowns: scope.unknowns,
      functions: new Map(derived.map((d) => [d.name, d.expression])),
    };
    derived.push({
      name,
      text: String(value),
      expression: parseExpression(String(value), derivedScope, `derived.${name}`),
    });
  }

  const result: Problem = {
    name: definition.name,
    definition,
    coordinates,
    time,
    fields,
    constants,
    unknowns,
    functions,
    equations,
    conditions,
    observations,
    exact,
    derived,
  };
  checkConsistency(result);
  return result;
}
