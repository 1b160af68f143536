/** A network of two layers, forward and backward by the equations of the textbook. */
import { Matrix } from 'ml-matrix';
import { ProblemError } from '../../errors.ts';
import { activationDerivatives } from '../../network/activation/evaluate.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationName } from '../../network/activation.ts';
import { randomGenerator } from '../../random/generator.ts';

/** ŷ = W₂ φ(W₁ x + b₁) + b₂, samples as columns. */
export interface TwoLayerWeights {
  /** W₁, (hidden, inputs). */
  readonly hidden: Matrix;
  /** b₁, (hidden, 1). */
  readonly hiddenBias: Matrix;
  /** W₂, (outputs, hidden). */
  readonly output: Matrix;
  /** b₂, (outputs, 1). */
  readonly outputBias: Matrix;
}

/** What the forward pass leaves for the backward pass; all (…, count). */
export interface ForwardPass {
  /** a₁ = W₁ x + b₁. */
  readonly activation: Matrix;
  /** z = φ(a₁). */
  readonly hidden: Matrix;
  /** φ′(a₁). */
  readonly slope: Matrix;
  /** ŷ: the activation of the output, or its sigmoid. */
  readonly output: Matrix;
}

/**
 * 'squares': (1/N) Σ |ŷ − y|² on a linear output. 'cross-entropy': −(1/N) Σ [y ln ŷ + (1 − y) ln(1 − ŷ)] on a sigmoid
 * output.
 */
export type TwoLayerLoss = 'squares' | 'cross-entropy';

export interface TwoLayerOptions {
  readonly activation: ActivationName;
  readonly loss: TwoLayerLoss;
}

/** Weights uniform within ±√(6/(inputs + outputs)) of a layer, biases zero (Glorot & Bengio, AISTATS 2010). */
export function twoLayerWeights(
  inputs: number,
  hidden: number,
  outputs: number,
  seed: number,
): TwoLayerWeights {
  const random = randomGenerator(seed);
  const layer = (rows: number, columns: number): Matrix => {
    const bound = Math.sqrt(6 / (rows + columns));
    return new Matrix(
      Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => bound * (2 * random.uniform() - 1)),
      ),
    );
  };
  return {
    hidden: layer(hidden, inputs),
    hiddenBias: Matrix.zeros(hidden, 1),
    output: layer(outputs, hidden),
    outputBias: Matrix.zeros(outputs, 1),
  };
}

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));

function mapped(matrix: Matrix, map: (value: number) => number): Matrix {
  const result = matrix.clone();
  return result.apply((i, j) => {
    result.set(i, j, map(matrix.get(i, j)));
  });
}

/** @param x  (inputs, count) */
export function forwardPass(weights: TwoLayerWeights, x: Matrix, options: TwoLayerOptions): ForwardPass {
  const activation = weights.hidden.mmul(x).addColumnVector(weights.hiddenBias);
  const entries = Float64Array.from(activation.to1DArray());
  const [values, slopes] = activationDerivatives(activationNamed(options.activation).derivatives(1), entries);
  const like = (numbers: Float64Array): Matrix =>
    Matrix.from1DArray(activation.rows, activation.columns, Array.from(numbers));
  const hidden = like(values);
  const output = weights.output.mmul(hidden).addColumnVector(weights.outputBias);
  const shown = options.loss === 'squares' ? output : mapped(output, sigmoid);
  return { activation, hidden, slope: like(slopes), output: shown };
}

/** The loss of a forward pass. @param y  (outputs, count) */
export function lossOf({ output }: ForwardPass, y: Matrix, { loss }: TwoLayerOptions): number {
  const count = y.columns;
  let sum = 0;
  for (let i = 0; i < y.rows; i++)
    for (let n = 0; n < count; n++) {
      const [p, t] = [output.get(i, n), y.get(i, n)];
      if (loss === 'squares') sum += (p - t) ** 2;
      else sum -= (t === 0 ? 0 : t * Math.log(p)) + (t === 1 ? 0 : (1 - t) * Math.log(1 - p));
    }
  return sum / count;
}

/**
 * The gradient of the loss by the chain rule, from the output back (Rumelhart, Hinton & Williams, Nature 323 (1986);
 * Bishop, Pattern Recognition and Machine Learning, 2006, section 5.3):
 *
 *   δ₂ = ∂L/∂a₂ = (2/N)(ŷ − y) for squares, (1/N)(ŷ − y) for cross-entropy after a sigmoid,
 *   δ₁ = (W₂ᵀ δ₂) ∘ φ′(a₁),
 *   ∂L/∂W₂ = δ₂ zᵀ,  ∂L/∂b₂ = Σ δ₂,  ∂L/∂W₁ = δ₁ xᵀ,  ∂L/∂b₁ = Σ δ₁.
 *
 * @param x  (inputs, count)
 * @param y  (outputs, count)
 * @throws ProblemError where x, y and the weights do not fit each other
 */
export function backwardPass(
  weights: TwoLayerWeights,
  x: Matrix,
  y: Matrix,
  options: TwoLayerOptions,
  forward: ForwardPass = forwardPass(weights, x, options),
): TwoLayerWeights {
  if (y.columns !== x.columns || y.rows !== weights.output.rows)
    throw new ProblemError(`targets of shape ${y.rows} × ${y.columns}`, {
      path: 'y',
      hint: `give ${weights.output.rows} × ${x.columns}: a column for every sample`,
    });
  const factor = (options.loss === 'squares' ? 2 : 1) / x.columns;
  const outputError = Matrix.sub(forward.output, y).mul(factor);
  const hiddenError = weights.output.transpose().mmul(outputError).mul(forward.slope);
  const rowSums = (matrix: Matrix): Matrix => Matrix.columnVector(matrix.sum('row'));
  return {
    hidden: hiddenError.mmul(x.transpose()),
    hiddenBias: rowSums(hiddenError),
    output: outputError.mmul(forward.hidden.transpose()),
    outputBias: rowSums(outputError),
  };
}

/** One step of gradient descent: θ − η ∂L/∂θ. */
export function descended(
  weights: TwoLayerWeights,
  gradient: TwoLayerWeights,
  learningRate: number,
): TwoLayerWeights {
  const step = (value: Matrix, slope: Matrix): Matrix => Matrix.sub(value, Matrix.mul(slope, learningRate));
  return {
    hidden: step(weights.hidden, gradient.hidden),
    hiddenBias: step(weights.hiddenBias, gradient.hiddenBias),
    output: step(weights.output, gradient.output),
    outputBias: step(weights.outputBias, gradient.outputBias),
  };
}
