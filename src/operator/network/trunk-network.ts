/** A trunk: a perceptron of the coordinates whose outputs are the functions, with exact derivatives. */
import { ProblemError } from '../../errors.ts';
import { activations } from '../../network/activation/index.ts';
import type { ActivationName } from '../../network/activation.ts';
import { evaluateTrial } from '../../network/evaluate.ts';
import type { EmbeddingLayer, Layer, TrialSolution } from '../../network/trial-solution.ts';
import type { Coordinate } from '../../problem/problem.ts';
import { product } from '../linear/matrix-product.ts';
import type { StoredBlock } from '../stored-block.ts';
import type { SolutionBasis } from '../training/coefficient-set.ts';
import { parameterCount } from './perceptron-values.ts';

export interface TrunkShape {
  /** Number of the problem's coordinates. */
  readonly dimension: number;
  /** Positions, among them, of those that the functions depend on. */
  readonly of: readonly number[];
  /** From those to [−1, 1], or once round a circle. */
  readonly embedding: EmbeddingLayer;
  /** Outputs of the embedding, neurons of each layer; every layer has the activation. */
  readonly widths: readonly number[];
  readonly activation: ActivationName;
}

/** A trunk along some of a problem's coordinates. */
export function trunkShape(
  coordinates: readonly Coordinate[],
  of: readonly number[],
  periodic: ReadonlySet<number>,
  hidden: readonly number[],
  activation: ActivationName,
): TrunkShape {
  const columns = of.flatMap((i, row) => {
    const { low, high } = coordinates[i];
    if (!periodic.has(i))
      return [{ row, factor: 2 / (high - low), shift: -(low + high) / (high - low), sine: false }];
    const factor = (2 * Math.PI) / (high - low);
    return [0, Math.PI / 2].map((phase) => ({ row, factor, shift: phase - low * factor, sine: true }));
  });
  const matrix = new Float64Array(of.length * columns.length);
  columns.forEach(({ row, factor }, j) => {
    matrix[row * columns.length + j] = factor;
  });
  const embedding: EmbeddingLayer = {
    kind: 'embedding',
    inputs: of.length,
    outputs: columns.length,
    matrix,
    bias: Float64Array.from(columns, ({ shift }) => shift),
    sine: columns.map(({ sine }) => sine),
  };
  return {
    dimension: coordinates.length,
    of,
    embedding,
    widths: [columns.length, ...hidden],
    activation,
  };
}

/** What enters the first layer, (count, outputs of the embedding). */
export function embeddedPoints({ dimension, of, embedding }: TrunkShape, points: Float64Array): Float64Array {
  const { outputs, matrix, bias, sine } = embedding;
  const count = points.length / dimension;
  const result = new Float64Array(count * outputs);
  for (let n = 0; n < count; n++)
    for (let j = 0; j < outputs; j++) {
      let z = bias[j];
      of.forEach((i, row) => {
        z += points[n * dimension + i] * matrix[row * outputs + j];
      });
      result[n * outputs + j] = sine[j] ? Math.sin(z) : z;
    }
  return result;
}

/** The functions of a trunk and, last, the constant one: its coefficient is the bias of the operator network. */
export class TrunkNetwork implements SolutionBasis {
  static readonly kind = 'trunk-network';
  readonly size: number;
  readonly #trial: TrialSolution;

  /** @param combination  (outputs + 1, size), row-major: of the functions, where given */
  constructor(
    readonly shape: TrunkShape,
    readonly theta: Float64Array,
    readonly combination?: { readonly matrix: Float64Array; readonly columns: number },
  ) {
    const { widths, activation, embedding, of, dimension } = shape;
    const outputs = widths[widths.length - 1];
    this.size = combination?.columns ?? outputs + 1;
    const layers = widths.slice(1).flatMap((width, l): Layer[] => [
      { kind: 'affine', inputs: widths[l], outputs: width },
      { kind: 'activation', activation },
    ]);
    const fields = Array.from({ length: outputs }, (_, k) => String(k));
    this.#trial = { dimension, networks: [{ coordinates: of, layers: [embedding, ...layers], fields }] };
  }

  values(points: Float64Array, count: number, index?: readonly number[]): Float64Array {
    const order = index ?? new Array<number>(this.shape.dimension).fill(0);
    const columns = evaluateTrial(this.#trial, this.theta, points, [order]);
    const outputs = columns.size;
    const width = outputs + 1;
    const all = new Float64Array(count * width);
    for (let k = 0; k < outputs; k++) {
      const [column] = columns.get(String(k))!;
      for (let n = 0; n < count; n++) all[n * width + k] = column[n];
    }
    if (order.every((k) => k === 0)) for (let n = 0; n < count; n++) all[n * width + outputs] = 1;
    const { combination } = this;
    return combination === undefined
      ? all
      : product(all, combination.matrix, count, width, combination.columns);
  }

  combined(matrix: Float64Array, columns: number): TrunkNetwork {
    const { shape, theta, combination, size } = this;
    const own =
      combination === undefined
        ? matrix
        : product(combination.matrix, matrix, combination.matrix.length / size, size, columns);
    return new TrunkNetwork(shape, theta, { matrix: own, columns });
  }

  store(): StoredBlock {
    const { dimension, of, widths, activation, embedding } = this.shape;
    const { matrix, bias, sine } = embedding;
    return {
      kind: TrunkNetwork.kind,
      dimension,
      of,
      widths,
      activation,
      embedding: { matrix, bias, sine },
      theta: this.theta,
      ...(this.combination === undefined ? {} : { combination: { ...this.combination } }),
    };
  }

  /** @throws ProblemError where the block is damaged */
  static restored(block: StoredBlock): TrunkNetwork {
    const { dimension, of, widths, activation, embedding, theta, combination } =
      block as unknown as TrunkShape & Pick<TrunkNetwork, 'theta' | 'combination'>;
    const whole = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) > 0;
    const numbers = (value: unknown, length: number): boolean =>
      value instanceof Float64Array && value.length === length && value.every(Number.isFinite);
    const fits =
      whole(dimension) &&
      Array.isArray(of) &&
      of.every((i) => Number.isInteger(i) && i >= 0 && i < dimension) &&
      Array.isArray(widths) &&
      widths.length > 1 &&
      widths.every(whole) &&
      Object.hasOwn(activations, activation) &&
      numbers(embedding?.matrix, of.length * widths[0]) &&
      numbers(embedding.bias, widths[0]) &&
      Array.isArray(embedding.sine) &&
      embedding.sine.length === widths[0] &&
      numbers(theta, parameterCount(widths)) &&
      (combination === undefined ||
        (whole(combination.columns) &&
          numbers(combination.matrix, (widths[widths.length - 1] + 1) * combination.columns)));
    if (!fits)
      throw new ProblemError('the trunk is not whole', { path: 'model', hint: 'the file is damaged' });
    const { matrix, bias, sine } = embedding;
    const layer: EmbeddingLayer = {
      kind: 'embedding',
      inputs: of.length,
      outputs: widths[0],
      matrix,
      bias,
      sine,
    };
    return new TrunkNetwork({ dimension, of, widths, activation, embedding: layer }, theta, combination);
  }
}
