/** The problem language: `problem()` reads a definition, checks it, and gives what the solvers work on. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import { parseExpression } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import { Accumulation } from './accumulation.ts';
import { isClosed } from './closed-system.ts';
import { readCondition } from './conditions.ts';
import { checkConsistency } from './consistency.ts';
import { constantScope, constantValue, readConstants, readFields, readUnknowns } from './declarations.ts';
import { definitionSchema, type ProblemDefinition } from './definition.ts';
import { equationsOfFlows, parseWithoutFields, readEquation } from './equations.ts';
import { compartmentsBeside, compartmentsOf, readFlows } from './flows.ts';
import { withTypicalInputs } from './given-inputs.ts';
import { hardAnsatz } from './hard/index.ts';
import { checkInputsUsed, readInputs } from './inputs.ts';
import { NameRegister } from './names.ts';
import { type ReadText, readObservations } from './observations.ts';
import { withPieces } from './pieces.ts';
import { checkPopulation } from './population.ts';
import type { Field, NamedExpression, Problem } from './problem.ts';
import { readDomain, readRegions } from './space.ts';
import { validate } from './validate.ts';

export { type ProblemDefinition, problemJsonSchema } from './definition.ts';
export { isCount, type NoiseModel, noiseWords, statedDeviation } from './noise.ts';
export type { ReadText } from './observations.ts';
export type { OperatorSettings } from './operator-options.ts';
export type * from './problem.ts';
export type { SolveSettings } from './solve-options.ts';

/** What the names of a problem stand for: with it, further expressions in its symbols can be parsed. */
export function scopeOf(
  problem: Pick<Problem, 'coordinates' | 'time' | 'regions' | 'constants' | 'unknowns' | 'functions'> & {
    readonly fields: readonly Pick<Field, 'name' | 'of'>[];
    readonly inputs: readonly Pick<Field, 'name' | 'of'>[];
  },
): Scope {
  return {
    coordinates: problem.coordinates.map((c) => c.name),
    time: problem.time,
    fields: new Map([...problem.fields, ...problem.inputs].map(({ name, of }) => [name, of])),
    constants: problem.constants,
    unknowns: new Set(problem.unknowns.map((u) => u.name)),
    functions: problem.functions,
    boundary: false,
    regions: new Map([...problem.regions.values()].map(({ name, indicator }) => [name, indicator])),
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
  const definition = validate(definitionSchema, input);
  const constants = readConstants(definition);
  const domain = readDomain(definition, constants);
  const { coordinates, space } = domain;
  const timeName = definition.time ?? 't';
  const timePosition = coordinates.findIndex((c) => c.name === timeName);
  if (definition.time !== undefined && timePosition < 0)
    throw new ProblemError(`\`${timeName}\` is not a coordinate`, {
      path: 'time',
      hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
    });
  const time = timePosition < 0 ? null : timePosition;
  const regions = readRegions(definition, domain, time, constants);

  const flows = definition.flows === undefined ? undefined : readFlows(definition.flows);
  const besides = Array.isArray(definition.fields) ? undefined : (definition.fields ?? {});
  if (flows !== undefined) {
    const unknownAlone = besides !== undefined && Object.values(besides).every((field) => field.unknown);
    if (!unknownAlone || definition.equations !== undefined)
      throw new ProblemError('flows stand in place of fields and equations, not beside them', {
        path: 'flows',
        hint: 'beside flows `fields` may hold unknown functions alone: { "beta": { "unknown": true } }',
      });
    if (time === null)
      throw new ProblemError('flows need a time coordinate', {
        path: 'domain',
        hint: 'name one t, or say which one is time',
      });
  }
  const fieldDefinition =
    flows === undefined ? definition.fields : compartmentsBeside(compartmentsOf(flows), besides ?? {});
  if (fieldDefinition === undefined)
    throw new ProblemError('the fields are missing', {
      path: 'fields',
      hint: 'name the unknown functions, e.g. ["u"]',
    });
  const declaredFields = readFields(fieldDefinition, coordinates, regions);
  // Where no field has an equation of its own the problem is regression: the data alone say what they are.
  if (
    flows === undefined &&
    definition.equations === undefined &&
    !declaredFields.every((field) => field.unknown)
  )
    throw new ProblemError('the equations are missing', {
      path: 'equations',
      hint: 'give one for each field, or declare the fields { "unknown": true } to fit them to data alone',
    });
  if (declaredFields.length === 0)
    throw new ProblemError('there is no field', {
      path: 'fields',
      hint: 'name the unknown functions, e.g. ["u"]',
    });
  const unknowns = readUnknowns(definition);
  const inputs = readInputs(definition.inputs ?? {}, coordinates, constants);
  for (const key of ['data', 'unknowns'] as const)
    if (inputs.length > 0 && definition[key] !== undefined)
      throw new NotSupportedError(`an operator problem has no ${key}`, {
        path: key,
        hint: 'give the input functions in its equations, and estimate in the problem that is left',
      });

  if (inputs.length === 0 && definition.solve?.operator !== undefined)
    throw new ProblemError('the problem has no input functions, so there is no operator to train', {
      path: 'solve.operator',
      hint: 'declare them under `inputs`, or leave this out',
    });

  const names = new NameRegister();
  for (const { name } of coordinates) names.declare(name, `domain.${name}`);
  declaredFields.forEach((field, i) => {
    const { name } = field;
    const path = Array.isArray(fieldDefinition) ? `fields[${i}]` : `fields.${name}`;
    names.declare(name, flows === undefined || field.unknown ? path : 'flows');
  });
  for (const { name } of inputs) names.declare(name, `inputs.${name}`);
  for (const name of constants.keys()) names.declare(name, `constants.${name}`);
  for (const { name } of unknowns) names.declare(name, `unknowns.${name}`);
  for (const name of Object.keys(definition.functions ?? {})) names.declare(name, `functions.${name}`);
  for (const name of Object.keys(definition.derived ?? {})) names.declare(name, `derived.${name}`);

  const functions = new Map<string, Expression>();
  const scope = scopeOf({
    coordinates,
    time,
    regions,
    fields: declaredFields,
    inputs,
    constants,
    unknowns,
    functions,
  });
  for (const [name, value] of Object.entries(definition.functions ?? {}))
    functions.set(name, parseExpression(String(value), scope, `functions.${name}`));

  const equations =
    flows !== undefined && time !== null
      ? equationsOfFlows(flows, scope, time)
      : (definition.equations ?? []).map((entry, i) => readEquation(entry, i, scope));
  const evaluateText = (text: string, path: string): number => constantValue(text, constants, path);
  const declared = new Set(Object.keys(definition.regions ?? {}));
  const places = { domain, time, regions, declared, evaluate: evaluateText };
  const conditions = (definition.conditions ?? []).map((entry, i) => readCondition(entry, i, places, scope));
  const fields = withPieces(declaredFields, conditions, { coordinates, space });
  const people = flows !== undefined || (time !== null && isClosed(equations, fields, unknowns));
  const accumulation = time === null ? null : new Accumulation(coordinates, time, conditions, names);
  const observed = {
    coordinates,
    space,
    time,
    scope,
    people,
    evaluate: evaluateText,
    accumulation,
  };
  const observations = (definition.data ?? []).flatMap((entry, i) =>
    readObservations(entry, i, observed, options.readText),
  );

  const exact = new Map<string, Expression>();
  for (const [name, value] of Object.entries(definition.exact ?? {})) {
    if (!fields.some((field) => field.name === name))
      throw new ProblemError(`\`${name}\` is not a field`, {
        path: `exact.${name}`,
        hint: `fields are ${fields.map((f) => f.name).join(', ')}`,
      });
    exact.set(name, parseWithoutFields(String(value), scope, `exact.${name}`, inputs));
  }
  const derived: NamedExpression[] = [];
  for (const [name, value] of Object.entries(definition.derived ?? {})) {
    const derivedScope: Scope = {
      ...constantScope(constants),
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
    space,
    regions,
    fields: [...fields, ...(accumulation?.fields ?? [])],
    inputs,
    constants,
    unknowns,
    functions,
    equations: [...equations, ...(accumulation?.equations ?? [])],
    conditions: [...conditions, ...(accumulation?.conditions ?? [])],
    observations,
    exact,
    derived,
  };
  checkInputsUsed(result);
  const typical = withTypicalInputs(result);
  checkConsistency(typical);
  hardAnsatz(typical);
  if (people) checkPopulation(result, flows);
  return result;
}
