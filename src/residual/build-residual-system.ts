/** The residual builder: a problem and its scaling become the blocks of residuals that an engine trains on. */
import { NotSupportedError } from '../errors.ts';
import { apply, column, multiply, number, subtract } from '../expression/build.ts';
import { MAXIMUM_ORDER } from '../expression/derivative-notation.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, leavesOf } from '../expression/expression.ts';
import type { Sampling } from '../geometry/point-set.ts';
import type { BoundaryPart } from '../geometry/shape.ts';
import type { TrialSolution } from '../network/trial-solution.ts';
import type {
  BoundaryCondition,
  Equation,
  PeriodicCondition,
  PlaneCondition,
  PointCondition,
  Problem,
} from '../problem/problem.ts';
import { sideValues } from './ansatz.ts';
import { type BoundaryOptions, boundaryBlock, interfaceBlocks } from './boundary-blocks.ts';
import { chartedPoints, withPointsInLayers } from './charted-points.ts';
import { interiorPoints, planePoints, type Subset, spaceSubset } from './collocation.ts';
import { type EquationCell, equationCells } from './equation-cells.ts';
import { normalizedTerms, scaledSum, sizeOfExpression } from './normalized-terms.ts';
import { observationBlocks } from './observation-blocks.ts';
import { withPlacedPoints } from './placed-points.ts';
import type { ResidualBlock, ResidualSystem } from './residual-system.ts';
import { normalizedDerivative, type Scaling, toNormalizedPoints, toUserPoints } from './scaling.ts';
import { smoothnessBlocks } from './smoothness.ts';
import { subdomainInterfaces } from './subdomain-interfaces.ts';

export interface CollocationOptions {
  /** Points inside the domain. */
  readonly points: number;
  /** Points on each face (one where the domain has a single coordinate). */
  readonly conditionPoints: number;
  readonly sampling: Sampling;
  readonly seed: number;
  /** Factors of all equations, conditions and data in the loss, before the problem's own weights. */
  readonly weights: { readonly equations: number; readonly conditions: number; readonly data: number };
  /** Coordinates in which the trial solution is periodic by construction: their conditions need no residual. */
  readonly periodicCoordinates: ReadonlySet<number>;
  /** Each equation and each condition becomes a block of its own, so that it can have a weight of its own. */
  readonly separateTerms?: boolean;
  /** Whether residuals of equations and conditions have multipliers; default: where there are data. */
  readonly multipliers?: boolean;
}

/** factor · residual / its size, in normalised variables. */
function normalizedResidual(
  left: Expression,
  right: Expression,
  factor: number,
  scaling: Scaling,
  fieldTermsOnly: boolean,
  within: Subset | undefined,
): Expression {
  const expression = subtract(left, right);
  const size = sizeOfExpression(expression, scaling, fieldTermsOnly, within);
  return scaledSum(normalizedTerms(expression, scaling), factor / size);
}

function equationBlock(
  equations: readonly Equation[],
  points: Float64Array,
  path: string,
  problem: Problem,
  scaling: Scaling,
  { within, inCell }: EquationCell,
  weight: number,
): ResidualBlock {
  const d = problem.coordinates.length;
  const residualOf = ({ left, right, weight: own }: Equation): Expression =>
    normalizedResidual(inCell(left), inCell(right), Math.sqrt(own), scaling, false, within);
  return {
    path,
    kind: 'equation',
    ...(within === undefined ? {} : { within }),
    everywhere: equations.every((equation) => equation.where === undefined),
    points: [points],
    count: points.length / d,
    columns: {},
    residuals: equations.map(residualOf),
    weight,
  };
}

/** The points at which `where` holds. */
function pointsHolding(
  where: Expression,
  points: Float64Array,
  problem: Problem,
  scaling: Scaling,
): Float64Array {
  const d = problem.coordinates.length;
  const user = toUserPoints(points, scaling);
  const kept: number[] = [];
  for (let n = 0; n * d < points.length; n++) {
    const holds = evaluateScalar(where, (leaf) => {
      if (leaf.kind === 'coordinate') return user[n * d + leaf.index];
      if (leaf.kind === 'unknown') return problem.unknowns.find((u) => u.name === leaf.name)!.initial;
      return 0;
    });
    if (holds !== 0) for (let i = 0; i < d; i++) kept.push(points[n * d + i]);
  }
  return Float64Array.from(kept);
}

function equationBlocks(
  problem: Problem,
  scaling: Scaling,
  trial: TrialSolution,
  options: CollocationOptions,
): ResidualBlock[] {
  const cells = equationCells(problem, scaling);
  return cells.flatMap((cell) => cellBlocks(cell, problem, scaling, trial, options));
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  if (b.length === 0) return a;
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The equations in a part of the domain. */
function cellBlocks(
  cell: EquationCell,
  problem: Problem,
  scaling: Scaling,
  trial: TrialSolution,
  options: CollocationOptions,
): ResidualBlock[] {
  const d = problem.coordinates.length;
  const count = Math.ceil(cell.share * options.points);
  const { sampling, seed } = options;
  const spread = interiorPoints(sampling, count, d, seed, cell.within);
  const points = joined(spread, chartedPoints(trial, sampling, seed, cell.within));
  const everywhere = problem.equations.filter((e) => e.where === undefined);
  const blocks: ResidualBlock[] = [];
  const groups = options.separateTerms ? everywhere.map((e) => [e]) : [everywhere];
  for (const group of groups)
    if (group.length > 0)
      blocks.push(
        equationBlock(
          group,
          points,
          group.length === 1 ? group[0].path : 'equations',
          problem,
          scaling,
          cell,
          options.weights.equations,
        ),
      );
  for (const equation of problem.equations) {
    if (equation.where === undefined) continue;
    const kept = pointsHolding(equation.where, points, problem, scaling);
    if (kept.length > 0)
      blocks.push(
        equationBlock([equation], kept, equation.path, problem, scaling, cell, options.weights.equations),
      );
  }
  return blocks;
}

function planeBlock(
  conditions: readonly PlaneCondition[],
  problem: Problem,
  scaling: Scaling,
  trial: TrialSolution,
  options: CollocationOptions,
): ResidualBlock {
  const d = problem.coordinates.length;
  const { planes } = conditions[0];
  const within = spaceSubset(problem, scaling);
  const sets = planes.map((plane, i) => {
    const { center, halfWidth } = scaling.coordinates[plane.coordinate];
    const value = (plane.value - center) / halfWidth;
    const { coordinate } = plane;
    const { sampling, conditionPoints, seed } = options;
    const spread = planePoints(sampling, conditionPoints, d, coordinate, value, seed + 1 + i, within);
    // The state in what charts are for is part of the state.
    return coordinate === problem.time && problem.space !== undefined
      ? joined(spread, chartedPoints(trial, sampling, seed + 1 + i, within, { coordinate, value }))
      : spread;
  });
  const points = Float64Array.from(sets.flatMap((set) => [...set]));
  const columns: Record<string, Float64Array> = {};
  const residuals = conditions.map((c) =>
    normalizedResidual(c.left, c.right, Math.sqrt(c.weight), scaling, true, within),
  );
  problem.coordinates.forEach(({ name }, axis) => {
    columns[`normal:${name}`] = Float64Array.from(
      planes.flatMap((plane, i) =>
        new Array<number>(sets[i].length / d).fill(plane.coordinate === axis ? plane.outward : 0),
      ),
    );
  });
  return {
    path: conditions.map((c) => c.path).join(', '),
    kind: 'condition',
    points: [points],
    count: points.length / d,
    columns,
    residuals,
    weight: options.weights.conditions,
  };
}

function pointBlock(
  condition: PointCondition,
  problem: Problem,
  scaling: Scaling,
  weight: number,
): ResidualBlock {
  const { left, right } = condition;
  const within = spaceSubset(problem, scaling);
  return {
    path: condition.path,
    kind: 'condition',
    points: [toNormalizedPoints(condition.points, scaling)],
    count: condition.count,
    columns: {},
    residuals: [normalizedResidual(left, right, Math.sqrt(condition.weight), scaling, true, within)],
    weight,
  };
}

function periodicBlock(
  condition: PeriodicCondition,
  problem: Problem,
  scaling: Scaling,
  options: CollocationOptions,
): ResidualBlock {
  const d = problem.coordinates.length;
  const within = spaceSubset(problem, scaling);
  const { sampling, conditionPoints, seed } = options;
  const face = (value: number): Float64Array =>
    planePoints(sampling, conditionPoints, d, condition.coordinate, value, seed + 1, within);
  const cut = problem.fields.find(
    ({ of, pieces }) => of.includes(condition.coordinate) && pieces !== undefined,
  );
  if (condition.order > MAXIMUM_ORDER || cut !== undefined)
    throw new NotSupportedError(
      cut === undefined
        ? `derivatives up to order ${condition.order} cannot be compared`
        : `\`${cut.name}\` is in pieces, which are not compared across the domain`,
      {
        path: condition.path,
        hint:
          cut === undefined
            ? `they go up to order ${MAXIMUM_ORDER}, but for networks that are periodic by construction`
            : 'let the order be 1 or higher, so that the networks are periodic by construction',
      },
    );
  const points = [face(-1), face(1)];
  const residuals = problem.fields
    .filter((f) => f.of.includes(condition.coordinate))
    .flatMap(({ name, of }) =>
      Array.from({ length: condition.order + 1 }, (_, k) => {
        const order = problem.coordinates.map((_, i) => (i === condition.coordinate ? k : 0));
        const [one, other] = [0, 1].map((side) => normalizedDerivative(name, order, of, side, scaling));
        const difference = subtract(one, other);
        return multiply(number(Math.sqrt(condition.weight)), difference);
      }),
    );
  return {
    path: condition.path,
    kind: 'condition',
    points,
    count: points[0].length / d,
    columns: {},
    residuals,
    weight: options.weights.conditions,
  };
}

function sameParts(a: readonly BoundaryPart[], b: readonly BoundaryPart[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

/** Normalised: so close to a plane is on it. */
const onFace = 1e-9;

/** Conditions on the same planes share a block: their fields are then evaluated once. */
function conditionBlocks(
  problem: Problem,
  scaling: Scaling,
  trial: TrialSolution,
  options: CollocationOptions,
): ResidualBlock[] {
  const groups = new Map<string, PlaneCondition[]>();
  const onParts = new Map<readonly BoundaryPart[], BoundaryCondition[]>();
  const blocks: ResidualBlock[] = [];
  const within = spaceSubset(problem, scaling);
  const boundary: BoundaryOptions = {
    ...options,
    weight: options.weights.conditions,
    residualOf: (left, right, weight) =>
      normalizedResidual(left, right, Math.sqrt(weight), scaling, true, within),
  };
  for (const condition of problem.conditions) {
    // The solution is made so that it holds.
    if (condition.kind !== 'periodic' && condition.hard === true) continue;
    if (condition.kind === 'points')
      blocks.push(pointBlock(condition, problem, scaling, options.weights.conditions));
    else if (condition.kind === 'interface')
      blocks.push(...interfaceBlocks(condition, problem, scaling, boundary));
    else if (condition.kind === 'parts') {
      const same = [...onParts.keys()].find(
        (parts) => !options.separateTerms && sameParts(parts, condition.parts),
      );
      const key = same ?? condition.parts.slice();
      onParts.set(key, [...(onParts.get(key) ?? []), condition]);
    } else if (condition.kind === 'periodic') {
      if (!options.periodicCoordinates.has(condition.coordinate))
        blocks.push(periodicBlock(condition, problem, scaling, options));
    } else {
      const key = options.separateTerms ? condition.path : JSON.stringify(condition.planes);
      groups.set(key, [...(groups.get(key) ?? []), condition]);
    }
  }
  for (const group of groups.values()) {
    const onPlane = (point: Float64Array): boolean =>
      (within === undefined || within.holds(point, 0)) &&
      group[0].planes.some(({ coordinate, value }) => {
        const { center, halfWidth } = scaling.coordinates[coordinate];
        return Math.abs(point[coordinate] - (value - center) / halfWidth) < onFace;
      });
    blocks.push(withPointsInLayers(planeBlock(group, problem, scaling, trial, options), trial, onPlane));
  }
  for (const [parts, group] of onParts) {
    const { coordinates } = problem.space!;
    const onPart = (point: Float64Array): boolean => {
      const user = toUserPoints(point, scaling);
      return parts.some((part) => part.contains(coordinates.map((c) => user[c])));
    };
    blocks.push(withPointsInLayers(boundaryBlock(group, problem, scaling, boundary), trial, onPart));
  }
  return blocks;
}

/** The column of a block's multiplier for one of its residuals. */
export function multiplierColumn(output: number): string {
  return `multiplier:${output}`;
}

/**
 * The block with a multiplier added to each residual, zero at first: the method of multipliers (Hestenes,
 * J. Optim. Theory Appl. 4, 1969; Powell 1969) moves them so that residuals vanish at a moderate weight.
 */
function withMultipliers(block: ResidualBlock): ResidualBlock {
  if (block.kind === 'data') return block;
  const columns: Record<string, Float64Array> = { ...block.columns };
  const residuals = block.residuals.map((residual, output) => {
    columns[multiplierColumn(output)] = new Float64Array(block.count);
    return apply('add', [residual, column(multiplierColumn(output))]);
  });
  return { ...block, columns, residuals };
}

/** The block with the coordinates of further sides that its residuals hold as columns. */
function withSideCoordinates(block: ResidualBlock, dimension: number): ResidualBlock {
  const found = leavesOf(block.residuals).flatMap((leaf) => {
    const values = leaf.kind === 'column' ? sideValues(leaf.name, block.points, dimension) : undefined;
    return values === undefined ? [] : [[leaf.name, values] as const];
  });
  if (found.length === 0) return block;
  return { ...block, columns: { ...block.columns, ...Object.fromEntries(found) } };
}

/** All blocks of a problem: equations first, then conditions, then data, then what keeps unknown fields smooth. */
export function buildResidualSystem(
  problem: Problem,
  scaling: Scaling,
  trial: TrialSolution,
  options: CollocationOptions,
): ResidualSystem {
  const blocks = withPlacedPoints([
    ...equationBlocks(problem, scaling, trial, options),
    ...conditionBlocks(problem, scaling, trial, options),
    ...observationBlocks(problem, scaling, options.weights.data),
    ...smoothnessBlocks(problem, options.weights.data, scaling),
    ...subdomainInterfaces(
      problem,
      trial,
      { ...options, weight: options.weights.conditions },
      spaceSubset(problem, scaling),
    ),
  ]).map((block) => withSideCoordinates(block, problem.coordinates.length));
  return {
    trial,
    unknowns: problem.unknowns.map((u) => u.name),
    blocks: (options.multipliers ?? problem.observations.length > 0) ? blocks.map(withMultipliers) : blocks,
  };
}
