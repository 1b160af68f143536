/** Checks that need the whole problem: do equations, fields and conditions fit together? */
import { ProblemError } from '../errors.ts';
import { subtract, termsOf } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, leavesOf } from '../expression/expression.ts';
import { totalOrder } from '../jet/multi-index.ts';
import {
  conditionsInTime,
  equationsOfCondition,
  informedFields,
  jacobiBound,
  overdetermined,
} from './condition-count.ts';
import { conditionPoints } from './condition-points.ts';
import { checkContradictions } from './contradictions.ts';
import { domainPoints, rowsOf } from './domain-points.ts';
import { fieldLeaves } from './implied-value.ts';
import { checkPlaces } from './places.ts';
import type { Equation, Problem } from './problem.ts';

/** Highest order of a derivative of `field` in the equations, along one coordinate or in total. */
export function highestOrder(
  problem: Pick<Problem, 'equations'>,
  field: string,
  coordinate?: number,
): number {
  const leaves = fieldLeaves(problem.equations.flatMap(({ left, right }) => [left, right]));
  return Math.max(
    0,
    ...leaves
      .filter((leaf) => leaf.name === field)
      .map((leaf) => (coordinate === undefined ? totalOrder(leaf.order) : leaf.order[coordinate])),
  );
}

/** Leaves that count for how many conditions a problem needs: what integrals hold takes none. */
function localLeaves(equations: readonly Equation[], field: string): FieldNode[] {
  return fieldLeaves(equations.flatMap(({ left, right }) => [left, right])).filter(
    (leaf) => leaf.name === field && leaf.at === undefined,
  );
}

/** As `highestOrder`, of the derivatives that count for conditions. */
function localOrder({ equations }: Problem, field: string, coordinate?: number): number {
  const orders = localLeaves(equations, field).map(({ order }) =>
    coordinate === undefined ? totalOrder(order) : order[coordinate],
  );
  return Math.max(0, ...orders);
}

function checkEquations(problem: Problem): void {
  const determined = problem.fields.filter((field) => !field.unknown);
  for (const equation of problem.equations)
    if (fieldLeaves([equation.left, equation.right]).length === 0)
      throw new ProblemError('the equation holds no field', {
        path: equation.path,
        hint: `fields are ${problem.fields.map((f) => f.name).join(', ')}`,
      });
  const observed = fieldLeaves(problem.observations.map(({ expression }) => expression));
  for (const field of problem.fields)
    if (
      !(problem.equations.length === 0 && observed.some(({ name }) => name === field.name)) &&
      !problem.equations.some(({ left, right }) =>
        fieldLeaves([left, right]).some((leaf) => leaf.name === field.name),
      )
    )
      throw new ProblemError(
        `field \`${field.name}\` stands in no equation${problem.equations.length === 0 ? ' and is not observed' : ''}`,
        { path: 'fields', hint: 'give it an equation, or take it out' },
      );
  const everywhere = problem.equations.filter((equation) => equation.where === undefined).length;
  const partwise = problem.equations.length > everywhere;
  const count = determined.length;
  // A coefficient found from data may have an equation of its own all the same.
  const most = problem.fields.length;
  if (
    partwise ? problem.equations.length < count || everywhere > most : everywhere < count || everywhere > most
  )
    throw new ProblemError(
      `${problem.equations.length} equation${problem.equations.length === 1 ? '' : 's'} for ${count} field${count === 1 ? '' : 's'} (${determined.map((f) => f.name).join(', ')})`,
      {
        path: 'equations',
        hint: 'there must be one for each field; a coefficient found from data is declared { "unknown": true }',
      },
    );
}

/** Points at which a region is looked for; one that holds less of the domain is taken for empty. */
const searchCount = 4096;

function valueAt(expression: Expression, point: readonly number[], problem: Problem): number {
  return evaluateScalar(expression, (leaf) => {
    if (leaf.kind === 'coordinate') return point[leaf.index];
    if (leaf.kind === 'unknown') return problem.unknowns.find((u) => u.name === leaf.name)!.initial;
    return 1;
  });
}

/** A term may be singular at single points; where it is at this share of them, it is in a whole region. */
const singularShare = 1 / 4;

/** @throws ProblemError where a term in coordinates alone is not finite in a region that some of the points lie in. */
function checkFinite(
  residual: Expression,
  points: readonly (readonly number[])[],
  path: string,
  problem: Problem,
): void {
  const given = termsOf(residual).filter((term) =>
    leavesOf([term]).every((leaf) => leaf.kind === 'coordinate' || leaf.kind === 'column'),
  );
  for (const term of given) {
    const singular = points.filter((point) => !Number.isFinite(valueAt(term, point, problem)));
    if (singular.length === 0 || singular.length < singularShare * points.length) continue;
    const place = problem.coordinates.map(
      ({ name }, i) => `${name} = ${Number(singular[0][i].toPrecision(3))}`,
    );
    throw new ProblemError(`a term has no finite value at ${place.join(', ')} and elsewhere`, {
      path,
      hint: 'look for a division by zero, or a root or logarithm of a negative number',
    });
  }
}

function checkRegions(problem: Problem): void {
  const d = problem.coordinates.length;
  const points = rowsOf(domainPoints(problem, 16), d);
  for (const { left, right, path, where } of problem.equations)
    if (where === undefined) checkFinite(subtract(left, right), points, path, problem);
  const searched = problem.equations.some((e) => e.where !== undefined)
    ? rowsOf(domainPoints(problem, searchCount), d)
    : [];
  for (const { where, path } of problem.equations) {
    if (where === undefined || searched.some((point) => valueAt(where, point, problem) !== 0)) continue;
    throw new ProblemError('the region is empty', {
      path: `${path}.where`,
      hint: `it holds at none of ${searchCount} points of the domain`,
    });
  }
}

function checkConditions(problem: Problem): void {
  const d = problem.coordinates.length;
  for (const condition of problem.conditions) {
    const { path } = condition;
    if (condition.kind === 'periodic') {
      if (!problem.fields.some((field) => field.of.includes(condition.coordinate)))
        throw new ProblemError('no field depends on this coordinate', { path: `${path}.periodic` });
      continue;
    }
    const { left, right } = condition;
    if (!leavesOf([left, right]).some((leaf) => leaf.kind === 'field' || leaf.kind === 'unknown'))
      throw new ProblemError('the condition holds no field', {
        path: `${path}.equation`,
        hint: `fields are ${problem.fields.map((f) => f.name).join(', ')}`,
      });
    const points = rowsOf(conditionPoints(condition, problem, 16).points, d);
    const faces =
      condition.kind === 'planes'
        ? condition.planes.map(({ coordinate, value }) =>
            points.filter((point) => point[coordinate] === value),
          )
        : [points];
    for (const face of faces) checkFinite(subtract(left, right), face, `${path}.equation`, problem);
  }
  for (const { expression, path } of problem.observations)
    if (fieldLeaves([expression]).length === 0)
      throw new ProblemError('what is observed holds no field', {
        path,
        hint: `fields are ${problem.fields.map((f) => f.name).join(', ')}`,
      });
}

/** Order of a field's highest derivative in one equation, undefined where it does not stand there. */
function orderIn(equation: Equation, field: string, coordinate: number | undefined): number | undefined {
  const leaves = localLeaves([equation], field);
  if (leaves.length === 0) return undefined;
  return Math.max(
    ...leaves.map(({ order }) => (coordinate === undefined ? totalOrder(order) : order[coordinate])),
  );
}

/** Number of conditions that all fields together need, along one coordinate or in all. */
function conditionsNeeded(problem: Problem, coordinate: number | undefined): number {
  const fields = problem.fields.filter((field) => !field.unknown).map((field) => field.name);
  const single = fields.reduce((sum, name) => sum + localOrder(problem, name, coordinate), 0);
  const bound = jacobiBound(problem.equations, fields, (e, name) => orderIn(e, name, coordinate));
  return Math.min(single, bound ?? single);
}

function checkInitialConditions(problem: Problem, time: number): void {
  const informed = informedFields(problem);
  const evolving = problem.fields
    .filter((field) => !field.unknown)
    .map(({ name }) => ({
      name,
      needed: localOrder(problem, name, time),
      given: conditionsInTime(problem, name, time),
    }));
  const lacking = evolving.find(({ name, needed, given }) => given < needed && !informed.has(name));
  if (lacking === undefined) return;
  // Where equations tie fields together algebraically, the conditions of some determine the others.
  const given = evolving.reduce((sum, field) => sum + Math.min(field.given, field.needed), 0);
  const all = evolving.reduce((sum, field) => sum + field.needed, 0);
  const needed = conditionsNeeded(problem, time);
  if (needed < all && given >= needed) return;
  const { name, low } = problem.coordinates[time];
  const derivative = lacking.given === 0 ? '' : `_${name.repeat(lacking.given)}`;
  throw new ProblemError(
    lacking.given === 0
      ? `field \`${lacking.name}\` has no initial condition`
      : `field \`${lacking.name}\` has ${lacking.given} of ${lacking.needed} initial conditions`,
    {
      path: 'conditions',
      hint: `its equation is of order ${lacking.needed} in ${name}: add { "on": "${name} = ${low}", "equation": "${lacking.name}${derivative} = …" }`,
    },
  );
}

/** Are there conditions enough for one solution? */
function checkDeterminacy(problem: Problem): void {
  if (problem.time !== null) {
    checkInitialConditions(problem, problem.time);
    return;
  }
  if (problem.observations.length > 0) return;
  const needed = conditionsNeeded(problem, undefined);
  const given = problem.conditions.reduce((sum, c) => sum + equationsOfCondition(c, problem), 0);
  if (given === 0 && needed > 0)
    throw new ProblemError('there are no conditions', {
      path: 'conditions',
      hint: 'say what holds on the boundary, e.g. { "on": "boundary", "equation": "u = 0" }'.replace(
        'u =',
        `${problem.fields[0].name} =`,
      ),
    });
  if (problem.coordinates.length === 1 && given < needed)
    throw new ProblemError(
      `${given} condition${given === 1 ? '' : 's'} for equations of total order ${needed}`,
      { path: 'conditions', hint: `${needed} are needed for one solution` },
    );
}

function checkUnknowns(problem: Problem): void {
  const used = new Set(
    leavesOf([
      ...problem.equations.flatMap(({ left, right }) => [left, right]),
      ...problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [] : [c.left, c.right])),
      ...problem.observations.map((o) => o.expression),
    ]).flatMap((leaf) => (leaf.kind === 'unknown' ? [leaf.name] : [])),
  );
  for (const { name } of problem.unknowns)
    if (!used.has(name))
      throw new ProblemError(`the unknown \`${name}\` stands in no equation, condition or observation`, {
        path: `unknowns.${name}`,
        hint: 'nothing could determine it',
      });
  const wanted = [
    ...problem.unknowns.map((u) => u.name),
    ...problem.fields.filter((f) => f.unknown).map((f) => f.name),
  ];
  if (wanted.length === 0 || problem.observations.length > 0 || conditionsInSurplus(problem)) return;
  throw new ProblemError(`there are no data from which ${wanted.join(', ')} could be estimated`, {
    path: 'data',
    hint: 'give observations, or more conditions than the fields alone need',
  });
}

/** Whether conditions and equations say more than the fields alone need, so that unknowns may follow from them. */
function conditionsInSurplus(problem: Problem): boolean {
  const fields = problem.fields.filter((field) => !field.unknown);
  if (problem.equations.length > fields.length) return true;
  if (problem.coordinates.length === 1) {
    const order = fields.reduce((sum, { name }) => sum + localOrder(problem, name), 0);
    return problem.conditions.reduce((sum, c) => sum + equationsOfCondition(c, problem), 0) > order;
  }
  return (
    problem.conditions.some((c) => c.kind === 'points') ||
    fields.some(({ name }) =>
      overdetermined(problem, name, (coordinate) => localOrder(problem, name, coordinate)),
    )
  );
}

/** @throws ProblemError naming the first thing that does not fit. */
export function checkConsistency(problem: Problem): void {
  checkEquations(problem);
  checkRegions(problem);
  checkConditions(problem);
  checkUnknowns(problem);
  checkPlaces(problem);
  checkDeterminacy(problem);
  checkContradictions(problem);
}
