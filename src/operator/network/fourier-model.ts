/** A trained Fourier neural operator: fields on its grid, interpolated elsewhere. */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import type { OperatorBatch, OperatorModel } from '../operator-model.ts';
import type { StoredBlock } from '../stored-block.ts';
import { type GridAxis, interpolated, nodeWeights } from './axis-interpolation.ts';
import { mostModes } from './fourier-matrix.ts';
import { type FourierShape, fourierShapes } from './fourier-network.ts';
import { FourierValues } from './fourier-values.ts';
import { GridFeatures, type InputScaling, nodePlaces } from './grid-features.ts';
import type { FourierAxis } from './output-grid.ts';
import { sizeOf } from './tensor-objective.ts';

export interface FourierParts {
  /** One for each coordinate. */
  readonly grid: readonly GridAxis[];
  readonly axes: readonly FourierAxis[];
  readonly scaling: readonly InputScaling[];
  /** By which the outputs are multiplied, in the order of the fields. */
  readonly scales: readonly number[];
  readonly width: number;
  readonly depth: number;
  readonly theta: Float64Array;
}

export function fourierShape(
  { axes, scales, width, depth }: Omit<FourierParts, 'theta'>,
  channels: number,
): FourierShape {
  return {
    axes: axes.map(({ padded, modes }) => ({ count: padded, modes })),
    channels,
    outputs: scales.length,
    width,
    depth,
  };
}

/**
 * Between nodes fields are trigonometric polynomials along coordinates with a period, else cubic splines, and
 * derivatives are theirs.
 */
export class FourierModel implements OperatorModel {
  static readonly kind = 'fourier';
  readonly kind = FourierModel.kind;
  readonly #problem: Problem;
  readonly #parts: FourierParts;
  readonly #features: GridFeatures;
  readonly #values: FourierValues;

  constructor(problem: Problem, parts: FourierParts) {
    this.#problem = problem;
    this.#parts = parts;
    this.#features = new GridFeatures(problem, parts.axes, parts.scaling);
    this.#values = new FourierValues(fourierShape(parts, this.#features.channels), parts.theta);
  }

  get description(): readonly (readonly [string, string])[] {
    const { axes, width, depth, grid } = this.#parts;
    const { coordinates } = this.#problem;
    const along = axes.map(
      ({ coordinate, nodes, modes }) =>
        `${modes} waves on ${nodes.length} points along ${coordinates[coordinate].name}`,
    );
    const fixed = grid.flatMap(({ nodes }, i) =>
      nodes.length === 1 ? [`, at ${coordinates[i].name} = ${nodes[0]} alone`] : [],
    );
    return [['layers', `${depth} spectral layers of width ${width}, ${along.join(', ')}${fixed.join('')}`]];
  }

  evaluate(
    { inputs, count, points, pointCount, aligned }: OperatorBatch,
    index: readonly number[] = [],
  ): Record<string, Float64Array> {
    const { grid, axes, scales } = this.#parts;
    const { coordinates, fields } = this.#problem;
    const d = coordinates.length;
    grid.forEach(({ nodes: [node], nodes, low, high }, i) => {
      if (nodes.length > 1) return;
      const { name } = coordinates[i];
      const only = `the operator was trained at ${name} = ${node} alone`;
      if ((index[i] ?? 0) > 0) throw new NotSupportedError(`a derivative along ${name}: ${only}`);
      for (let k = i; k < points.length; k += d)
        if (Math.abs(points[k] - node) > 1e-6 * (high - low))
          throw new ProblemError(`${name} = ${points[k]}: ${only}`, { path: 'points' });
    });
    const onGrid = this.#onGrid(inputs, count);
    const weightsAt = (own: Float64Array) =>
      axes.map((axis) => {
        const places = Float64Array.from({ length: own.length / d }, (_, n) => own[n * d + axis.coordinate]);
        return nodeWeights(axis, places, index[axis.coordinate] ?? 0);
      });
    const sides = axes.map(({ nodes }) => nodes.length);
    const size = sides.reduce((a, b) => a * b, 1);
    const shared = aligned ? weightsAt(points) : undefined;
    return Object.fromEntries(
      fields.map(({ name }, f) => {
        let values: Float64Array;
        if (shared !== undefined) values = interpolated(onGrid[f], count, sides, shared);
        else {
          values = new Float64Array(count * pointCount);
          for (let n = 0; n < count; n++) {
            const own = weightsAt(points.subarray(n * pointCount * d, (n + 1) * pointCount * d));
            const row = onGrid[f].subarray(n * size, (n + 1) * size);
            values.set(interpolated(row, 1, sides, own), n * pointCount);
          }
        }
        for (let i = 0; i < values.length; i++) values[i] *= scales[f];
        return [name, values];
      }),
    );
  }

  /** By field what the network gives at the nodes, (count, nodes). */
  #onGrid(inputs: OperatorBatch['inputs'], count: number): Float64Array[] {
    const { axes, scales } = this.#parts;
    const places = nodePlaces(axes);
    const found = scales.map(() => new Float64Array(count * places.length));
    for (let n = 0; n < count; n++) {
      const own = Object.fromEntries(
        Object.entries(inputs).map(([name, all]) => {
          const width = all.length / count;
          return [name, all.subarray(n * width, (n + 1) * width)];
        }),
      );
      const values = this.#values.of(this.#features.of(own, 1));
      places.forEach((place, p) => {
        for (let f = 0; f < scales.length; f++)
          found[f][n * places.length + p] = values[place * scales.length + f];
      });
    }
    return found;
  }

  store(): StoredBlock {
    const { grid, axes, scaling, scales, width, depth, theta } = this.#parts;
    const plain = ({ low, high, nodes, periodic }: GridAxis) => ({ low, high, nodes, periodic });
    return {
      kind: this.kind,
      grid: grid.map(plain),
      axes: axes.map((axis) => {
        const { coordinate, padded, modes, seen } = axis;
        return { ...plain(axis), coordinate, padded, modes, seen };
      }),
      scaling: scaling.map((own) => ({ ...own })),
      scales,
      width,
      depth,
      theta,
    };
  }

  /** @throws ProblemError where the block is damaged or of another problem */
  static restored(block: StoredBlock, problem: Problem): FourierModel {
    const parts = block as unknown as FourierParts;
    const { grid, axes, scaling, scales, width, depth, theta } = parts;
    const whole = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) > 0;
    const isAxis = (axis: GridAxis): boolean =>
      Array.isArray(axis?.nodes) &&
      axis.nodes.length > 0 &&
      [axis.low, axis.high, ...axis.nodes].every(Number.isFinite) &&
      typeof axis.periodic === 'boolean';
    const fits =
      Array.isArray(grid) &&
      grid.length === problem.coordinates.length &&
      grid.every(isAxis) &&
      Array.isArray(axes) &&
      (axes.length === 1 || axes.length === 2) &&
      axes.every(
        (axis) =>
          isAxis(axis) &&
          problem.coordinates[axis.coordinate] !== undefined &&
          whole(axis.padded) &&
          axis.padded >= axis.nodes.length &&
          whole(axis.modes) &&
          axis.modes <= mostModes(axis.padded) &&
          typeof axis.seen === 'boolean',
      ) &&
      Array.isArray(scaling) &&
      scaling.map((own) => own?.input).join() === problem.inputs.map(({ name }) => name).join() &&
      scaling.every(({ mean, deviation }) => Number.isFinite(mean) && deviation > 0) &&
      Array.isArray(scales) &&
      scales.length === problem.fields.length &&
      scales.every((scale) => scale > 0) &&
      whole(width) &&
      whole(depth) &&
      theta instanceof Float64Array &&
      theta.every(Number.isFinite);
    const refuse = (): never => {
      throw new ProblemError('the Fourier neural operator is not whole', {
        path: 'model',
        hint: 'the file is damaged, or of another problem',
      });
    };
    if (!fits) return refuse();
    const own = { grid, axes, scaling, scales, width, depth, theta };
    const { channels } = new GridFeatures(problem, axes, scaling);
    const expected = fourierShapes(fourierShape(own, channels)).reduce(
      (sum, shape) => sum + sizeOf(shape),
      0,
    );
    return expected === theta.length ? new FourierModel(problem, own) : refuse();
  }
}
