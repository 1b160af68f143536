/**
 * Hard conditions: fields written as u = g + N û such that the conditions hold whatever û is (Lagaris, Likas & Fotiadis,
 * IEEE Trans. Neural Netw. 9, 1998): g takes the values that are given, N vanishes where they are.
 */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { add } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Condition, Plane, Problem } from '../problem.ts';
import { checkCorners, checkEdges } from './corners.ts';
import { kinkOf } from './kinks.ts';
import { extension, remainder } from './plane-ansatz.ts';
import { domainSamples, valuesAt } from './samples.ts';
import { type PartStatement, partStatement, shapeAnsatz } from './shape-ansatz.ts';
import { type PlacedCondition, type PlaneStatement, statementOn, withKnownValues } from './statement.ts';

function isHard(condition: Condition): condition is PlacedCondition {
  return condition.kind !== 'periodic' && condition.hard === true;
}

/**
 * Where a condition holds, as planes.
 *
 * @throws NotSupportedError for another place
 */
function planesOf(condition: PlacedCondition, problem: Problem): readonly Plane[] {
  if (condition.kind === 'planes') {
    const cut = condition.planes.find(({ coordinate }) => problem.space?.coordinates.includes(coordinate));
    if (cut === undefined) return condition.planes;
  }
  if (condition.kind !== 'points')
    throw new NotSupportedError(`\`${condition.text}\` cannot be built in inside a geometry`, {
      path: `${condition.path}.hard`,
      hint: 'hard conditions hold on its boundary and at times; leave `hard` out to have it in the loss',
    });
  const { coordinates } = problem;
  if (coordinates.length > 1)
    throw new NotSupportedError(
      'a condition at points cannot be built in where there are several coordinates',
      {
        path: `${condition.path}.hard`,
        hint: 'hard conditions hold on faces and planes; leave `hard` out to have it in the loss',
      },
    );
  const [{ low, high }] = coordinates;
  return [...condition.points].map((value) => ({
    coordinate: 0,
    value,
    outward: value === low ? -1 : value === high ? 1 : 0,
  }));
}

/** What the hard conditions say, plane by plane; what is said twice is said once. */
function statementsOf(problem: Problem): PlaneStatement[] {
  const all = problem.conditions
    .filter(isHard)
    .filter((condition) => condition.kind !== 'parts')
    .flatMap((condition) =>
      planesOf(condition, problem).map((plane) => statementOn(condition, plane, problem)),
    );
  const onSamePlane = (a: PlaneStatement, b: PlaneStatement): boolean =>
    a.field === b.field && a.axis === b.axis && a.at === b.at;
  // Ascending, so that what a derivative is tied to is known before.
  const ordered = [...all].sort((a, b) => a.order - b.order);
  const statements: PlaneStatement[] = [];
  for (const statement of ordered) {
    const others = statements.filter((other) => onSamePlane(other, statement));
    if (others.some(({ order }) => order === statement.order)) continue;
    statements.push(withKnownValues(statement, others));
  }
  return statements;
}

/** @throws NotSupportedError for a given function with kinks, ProblemError for one without values. */
function checkSmooth(
  { condition }: PlaneStatement | PartStatement,
  expressions: readonly Expression[],
  problem: Problem,
): void {
  const points = domainSamples(problem);
  for (const given of expressions) {
    const kink = kinkOf(given, points, problem);
    if (kink !== undefined)
      throw new NotSupportedError(`what \`${condition.text}\` gives has a kink or a jump (${kink})`, {
        path: `${condition.path}.hard`,
        hint: 'built into the solution it would be missing from the derivatives; leave `hard` out to have it in the loss',
      });
    if (!valuesAt(given, points, problem).every(Number.isFinite))
      throw new ProblemError(`what \`${condition.text}\` gives is not finite everywhere in the domain`, {
        path: `${condition.path}.hard`,
        hint: 'leave `hard` out to have it in the loss',
      });
  }
}

/**
 * By field with hard conditions what it is in its network's û, a leaf of the same name: an expression in coordinates,
 * unknowns and û with its derivatives, affine in these.
 *
 * @throws ProblemError for a hard condition that is not one value of one field or derivative, and for conditions that
 * do not agree where they meet
 * @throws NotSupportedError for one that cannot be built in
 */
export function hardAnsatz(problem: Problem): ReadonlyMap<string, Expression> {
  const known = ansatzOf.get(problem);
  if (known !== undefined) return known;
  const result = builtAnsatz(problem);
  ansatzOf.set(problem, result);
  return result;
}

const ansatzOf = new WeakMap<Problem, ReadonlyMap<string, Expression>>();

function builtAnsatz(problem: Problem): ReadonlyMap<string, Expression> {
  const statements = statementsOf(problem);
  const onParts = problem.conditions.flatMap((condition) =>
    condition.kind === 'parts' && condition.hard === true ? [partStatement(condition, problem)] : [],
  );
  for (const statement of statements)
    checkSmooth(statement, [statement.value, ...statement.coefficients.values()], problem);
  for (const statement of onParts) checkSmooth(statement, [statement.value], problem);
  checkCorners(statements, problem);
  checkEdges(statements, onParts, problem);
  const result = new Map<string, Expression>();
  for (const field of problem.fields) {
    const own = statements.filter((s) => s.field === field.name);
    const parts = onParts.filter((s) => s.field === field.name);
    if (own.length + parts.length === 0) continue;
    if (field.pieces !== undefined)
      throw new NotSupportedError(`conditions on \`${field.name}\`, which is in pieces, cannot be built in`, {
        path: `${[...own, ...parts][0].condition.path}.hard`,
        hint: 'leave `hard` out to have it in the loss',
      });
    const shape = parts.length > 0 ? shapeAnsatz(parts, problem) : undefined;
    result.set(
      field.name,
      add(extension(own, shape?.extension, problem), remainder(field, own, shape?.factor, problem)),
    );
  }
  return result;
}
