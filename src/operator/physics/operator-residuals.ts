/** The residuals of an operator problem, with its input functions as further known symbols. */

import { isZero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import type { FieldNode, Leaf } from '../../expression/expression.ts';
import { leavesOf } from '../../expression/expression.ts';
import { gaussLegendre } from '../../expression/gauss-legendre.ts';
import { compileProgram, type Program } from '../../expression/program.ts';
import { randomFeatureNetwork } from '../../network/index.ts';
import type { TrialSolution } from '../../network/trial-solution.ts';
import type { Problem } from '../../problem/index.ts';
import {
  buildResidualSystem,
  derivativeScale,
  type FieldRange,
  type FieldScale,
  type ResidualBlock,
  type ResidualSystem,
  type Scaling,
  scalingOf,
  toUserPoints,
  withPointSets,
} from '../../residual/index.ts';

/** ∂r/∂leaf of one residual of a block, where it is not zero. */
export interface SlopeTerm {
  readonly output: number;
  /** Position among the block's leaves. */
  readonly leaf: number;
  /** Position among the outputs of the block's program. */
  readonly column: number;
}

/** An input function or derivative as it stands in a block. */
export interface InputLeaf {
  /** Position among the program's inputs. */
  readonly position: number;
  readonly input: string;
  readonly order: readonly number[];
  /** Its points in the coordinates that it depends on, (N, k). */
  readonly points: Float64Array;
  /** What the leaf is in units of its values. */
  readonly factor: number;
}

export interface OperatorBlock {
  readonly path: string;
  readonly count: number;
  /** Residuals at each point. */
  readonly outputs: number;
  /** Normalised, one set for each side. */
  readonly points: readonly Float64Array[];
  /** (N): the square root of what each point's square counts for in the loss. */
  readonly rowWeights: Float64Array;
  /** Residuals, then their slopes. */
  readonly program: Program;
  readonly slopes: readonly SlopeTerm[];
  /** Fields and derivatives of the solution, each with its position among the program's inputs. */
  readonly leaves: readonly FieldNode[];
  readonly leafPositions: readonly number[];
  readonly inputs: readonly InputLeaf[];
  /** Columns that are the same for every function, by position; the others are undefined. */
  readonly known: readonly (Float64Array | undefined)[];
  /** Columns that are given with every solve: names by position. */
  readonly given: ReadonlyMap<number, string>;
  /** Whether its residuals are affine in the solution. */
  readonly affine: boolean;
}

export interface CollocationCounts {
  /** Gauss nodes along each coordinate. */
  readonly nodes: readonly number[];
  /** On each face. */
  readonly conditionPoints: number;
  readonly seed: number;
}

/** Coordinates along which the basis is periodic, so that their conditions need no residual. */
export function periodicAxes({ conditions, definition }: Problem): Set<number> {
  const written = definition.conditions ?? [];
  return new Set(
    conditions.flatMap((condition, i) =>
      condition.kind === 'periodic' && condition.order >= 1 && written[i]?.hard !== false
        ? [condition.coordinate]
        : [],
    ),
  );
}

/** Input functions are measured by their largest values, fields from zero: the basis has no constant to add. */
export function operatorScaling(
  problem: Problem,
  ranges: ReadonlyMap<string, FieldRange>,
  amplitudes: ReadonlyMap<string, number>,
): Scaling {
  const symmetric = new Map(
    [...ranges].map(([name, { low, high }]) => {
      const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
      return [name, { low: -size, high: size }];
    }),
  );
  const scaling = scalingOf(problem, symmetric);
  const inputs = problem.inputs.map(({ name }): [string, FieldScale] => [
    name,
    { offset: 0, scale: amplitudes.get(name) || 1 },
  ]);
  return { ...scaling, fields: new Map([...scaling.fields, ...inputs]) };
}

/** Networks are what the residual builder asks for: of none of them more than its coordinates counts here. */
function placeholder(problem: Problem): TrialSolution {
  return {
    dimension: problem.coordinates.length,
    networks: problem.fields.map(({ name, of }) =>
      randomFeatureNetwork({ coordinates: of, fields: [name], count: 1, scales: of.map(() => 1), seed: 0 }),
    ),
  };
}

/** Gauss points of the cube with their weights, whose mean is one; the last axis runs fastest. */
function gaussPoints(nodes: readonly number[]): { points: Float64Array; weights: Float64Array } {
  const rules = nodes.map(gaussLegendre);
  const d = nodes.length;
  const count = nodes.reduce((a, b) => a * b, 1);
  const points = new Float64Array(count * d);
  const weights = new Float64Array(count).fill(1);
  for (let n = 0; n < count; n++) {
    let rest = n;
    for (let i = d - 1; i >= 0; i--) {
      const k = rest % nodes[i];
      rest = (rest - k) / nodes[i];
      points[n * d + i] = rules[i].nodes[k];
      weights[n] *= (nodes[i] * rules[i].weights[k]) / 2;
    }
  }
  return { points, weights };
}

/** The system at Gauss points, where the domain is a box and equations hold everywhere in it. */
function atGaussPoints(system: ResidualSystem, problem: Problem, nodes: readonly number[]): ResidualSystem {
  if (problem.space !== undefined) return system;
  const { points, weights } = gaussPoints(nodes);
  const whole = system.blocks.map(
    ({ kind, everywhere, within }) => kind === 'equation' && everywhere === true && within === undefined,
  );
  const moved = withPointSets(
    system,
    whole.map((own) => (own ? points : null)),
  );
  return {
    ...moved,
    blocks: moved.blocks.map((block, b) => (whole[b] ? { ...block, pointWeights: weights } : block)),
  };
}

function compiled(block: ResidualBlock, problem: Problem, scaling: Scaling): OperatorBlock {
  const d = problem.coordinates.length;
  const inputNames = new Map(problem.inputs.map((input) => [input.name, input]));
  const all = leavesOf(block.residuals);
  const leaves = all.filter((leaf): leaf is FieldNode => leaf.kind === 'field' && !inputNames.has(leaf.name));
  const outputs = block.residuals.length;
  const slopes: SlopeTerm[] = [];
  const expressions = [...block.residuals];
  block.residuals.forEach((residual, output) => {
    leaves.forEach((leaf, position) => {
      const slope = partial(residual, leaf);
      if (isZero(slope)) return;
      slopes.push({ output, leaf: position, column: expressions.push(slope) - 1 });
    });
  });
  const affine = !leavesOf(expressions.slice(outputs)).some(
    (leaf) => leaf.kind === 'field' && !inputNames.has(leaf.name),
  );
  const program = compileProgram(expressions);
  const { count } = block;
  const inputs: InputLeaf[] = [];
  const given = new Map<number, string>();
  const leafPositions = leaves.map(() => -1);
  const same = (a: FieldNode, b: FieldNode): boolean =>
    a.name === b.name && a.side === b.side && a.order.every((k, i) => k === b.order[i]);
  const known = program.inputs.map((leaf: Leaf, position): Float64Array | undefined => {
    if (leaf.kind === 'coordinate')
      return Float64Array.from({ length: count }, (_, n) => block.points[0][n * d + leaf.index]);
    if (leaf.kind === 'column') {
      const values = block.columns[leaf.name];
      if (values === undefined) given.set(position, leaf.name);
      return values;
    }
    if (leaf.kind !== 'field') return undefined;
    const input = inputNames.get(leaf.name);
    if (input === undefined) {
      leafPositions[leaves.findIndex((other) => same(other, leaf))] = position;
      return undefined;
    }
    const user = toUserPoints(block.points[leaf.side], scaling);
    const { of } = input;
    inputs.push({
      position,
      input: leaf.name,
      order: of.map((i) => leaf.order[i]),
      points: Float64Array.from({ length: count * of.length }, (_, k) => {
        const n = Math.floor(k / of.length);
        return user[n * d + of[k % of.length]];
      }),
      factor: 1 / derivativeScale(scaling, leaf.name, leaf.order),
    });
    return undefined;
  });
  const share = block.weight / count;
  const rowWeights = Float64Array.from({ length: count }, (_, n) =>
    Math.sqrt(share * (block.pointWeights?.[n] ?? 1)),
  );
  const { path, points } = block;
  return {
    path,
    count,
    outputs,
    points,
    rowWeights,
    program,
    slopes,
    leaves,
    leafPositions,
    inputs,
    known,
    given,
    affine,
  };
}

/**
 * All residuals of the problem, with input functions open.
 *
 * @param scaling  by {@link operatorScaling}
 */
export function operatorResiduals(
  problem: Problem,
  scaling: Scaling,
  { nodes, conditionPoints, seed }: CollocationCounts,
): OperatorBlock[] {
  const system = buildResidualSystem(problem, scaling, placeholder(problem), {
    points: nodes.reduce((a, b) => a * b, 1),
    conditionPoints,
    sampling: 'sobol',
    seed,
    weights: { equations: 1, conditions: 1, data: 1 },
    periodicCoordinates: periodicAxes(problem),
  });
  return atGaussPoints(system, problem, nodes).blocks.map((block) => compiled(block, problem, scaling));
}
