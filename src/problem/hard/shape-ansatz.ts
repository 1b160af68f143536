/**
 * Hard conditions on the boundary of a space that is no box: a function that vanishes on their parts, and one that takes
 * their values (transfinite interpolation by inverse distances, Rvachev, Sheiko, Shapiro & Tsukanov, Comput. Mech. 27,
 * 2001).
 */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { add, divide, multiply, one, product, sum } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import type { BoundaryPart } from '../../geometry/shape.ts';
import { pointsOnParts, rowsOf } from '../domain-points.ts';
import type { BoundaryCondition, Problem } from '../problem.ts';
import { type Level, Levels, productOfLevels } from './level-function.ts';
import { domainSamples, sizeOf, valuesAt } from './samples.ts';
import { statedValue } from './statement.ts';

/** What a condition gives on parts of the boundary. */
export interface PartStatement {
  readonly field: string;
  readonly parts: readonly BoundaryPart[];
  readonly value: Expression;
  readonly condition: BoundaryCondition;
}

export interface ShapeAnsatz {
  /** Takes the given values. */
  readonly extension: Expression;
  /** Vanishes on the parts; about 1 at most. */
  readonly factor: Expression;
}

const samplesOfPart = 24;
/** So many that some lie next to the ends. */
const samplesNearEnds = 256;

/** Of the shape's size: as close to zero as rounding lets a level come. */
const onLevel = 1e-9;

/** Parts of the size of the domain at which one of the parts' functions must be away from zero on the others. */
const apart = 0.01;

/** Points (d) of the domain on parts of its boundary. */
export function samplesOfParts(
  parts: readonly BoundaryPart[],
  problem: Problem,
  count = samplesOfPart,
): number[][] {
  const { coordinates } = problem.space!;
  const { points } = pointsOnParts(parts, coordinates, problem, 'sobol', () => count, 0);
  return rowsOf(points, problem.coordinates.length);
}

/**
 * @throws ProblemError for a condition that does not give one field
 * @throws NotSupportedError for one that gives a derivative
 */
export function partStatement(condition: BoundaryCondition, problem: Problem): PartStatement {
  const { field, value } = statedValue(condition, problem);
  const { of } = problem.fields.find(({ name }) => name === field)!;
  const { coordinates } = problem.space!;
  if (!coordinates.every((i) => of.includes(i)))
    throw new ProblemError(`\`${field}\` does not depend on all coordinates of space`, {
      path: `${condition.path}.hard`,
      hint: 'leave `hard` out to have it in the loss',
    });
  return { field, parts: condition.parts, value, condition };
}

interface Cluster {
  readonly value: Expression;
  readonly statements: PartStatement[];
}

/** Statements with the same values together. */
function clustersOf(statements: readonly PartStatement[], problem: Problem): Cluster[] {
  const points = domainSamples(problem);
  const clusters: { cluster: Cluster; values: readonly number[] }[] = [];
  for (const statement of statements) {
    const values = valuesAt(statement.value, points, problem);
    const same = clusters.find((other) => other.values.every((x, n) => x === values[n]));
    if (same !== undefined) same.cluster.statements.push(statement);
    else clusters.push({ cluster: { value: statement.value, statements: [statement] }, values });
  }
  return clusters.map(({ cluster }) => cluster);
}

/** The levels that vanish on the parts of some statements, and on no other part of the boundary. */
function levelsOn(statements: readonly PartStatement[], levels: readonly Level[], problem: Problem): Level[] {
  const { shape } = problem.space!;
  const parts = new Set(statements.flatMap((statement) => statement.parts));
  const size = Math.max(...shape.bounds.map(({ low, high }) => high - low));
  const vanishes = ({ level }: Level, part: BoundaryPart): boolean =>
    sizeOf(valuesAt(level, samplesOfParts([part], problem), problem)) <= onLevel * size;
  const found = levels.filter((level) => [...parts].some((part) => vanishes(level, part)));
  const { condition } = statements[0];
  const refused = (reason: string): NotSupportedError =>
    new NotSupportedError(`\`${condition.text}\` cannot be built in here: ${reason}`, {
      path: `${condition.path}.hard`,
      hint: 'values can be built in on the whole boundary, on whole disks, ellipses and balls and on sides of convex polygons and boxes; leave `hard` out to have it in the loss',
    });
  for (const part of parts)
    if (!found.some((level) => vanishes(level, part)))
      throw refused('no function is known that vanishes on this part alone');
  const holds = (part: BoundaryPart): boolean =>
    parts.has(part) ||
    rowsOf(part.sample('sobol', samplesOfPart, 0).points, shape.dimension).every((point) =>
      [...parts].some((own) => own.contains(point)),
    );
  for (const part of shape.boundary)
    if (!holds(part) && found.some((level) => vanishes(level, part)))
      throw refused('what vanishes there vanishes on other parts of the boundary, too');
  // The same line may bound several members of a shape.
  const points = domainSamples(problem);
  const seen: (readonly number[])[] = [];
  return found.filter(({ level }) => {
    const values = valuesAt(level, points, problem);
    if (seen.some((other) => other.every((x, n) => Math.abs(x - values[n]) <= onLevel * size))) return false;
    seen.push(values);
    return true;
  });
}

/** @throws NotSupportedError where parts with different values meet. */
function checkApart(clusters: readonly Cluster[], factors: readonly Expression[], problem: Problem): void {
  const inside = domainSamples(problem);
  factors.forEach((factor, k) => {
    const size = sizeOf(valuesAt(factor, inside, problem));
    clusters.forEach(({ statements }, j) => {
      if (j === k) return;
      const points = samplesOfParts(
        statements.flatMap(({ parts }) => parts),
        problem,
        samplesNearEnds,
      );
      if (valuesAt(factor, points, problem).every((value) => value > apart * size)) return;
      const [own, other] = [statements[0].condition, clusters[k].statements[0].condition];
      throw new NotSupportedError(
        `\`${own.text}\` and ${other.path} (\`${other.text}\`) hold on parts of the boundary that meet`,
        {
          path: `${own.path}.hard`,
          hint: 'different values can be built in on parts that lie apart; give one expression on both, or leave `hard` out of one',
        },
      );
    });
  });
}

/** The conditions on one field's boundary built in. */
export function shapeAnsatz(statements: readonly PartStatement[], problem: Problem): ShapeAnsatz {
  const { shape, coordinates } = problem.space!;
  const size = Math.min(...shape.bounds.map(({ low, high }) => high - low)) / 2;
  const all = new Levels(problem, coordinates).of(shape.definition);
  const clusters = clustersOf(statements, problem);
  const levels = clusters.map((cluster) => levelsOn(cluster.statements, all, problem));
  const inside = domainSamples(problem);
  const factors = levels.map((own) => {
    const factor = productOfLevels(own, size);
    return divide(factor, { kind: 'number', value: sizeOf(valuesAt(factor, inside, problem)) });
  });
  const factor = product(factors);
  if (clusters.length === 1) return { extension: clusters[0].value, factor };
  checkApart(clusters, factors, problem);
  const others = factors.map((_, k) => factors.filter((_, j) => j !== k).reduce(multiply, one));
  const total = sum(others);
  const extension = clusters.map(({ value }, k) => multiply(divide(others[k], total), value)).reduce(add);
  return { extension, factor };
}
