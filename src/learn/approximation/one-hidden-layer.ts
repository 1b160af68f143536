/** One hidden layer as an approximation of a function: how the error falls with its width. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { ProblemError } from '../../errors.ts';
import { activationDerivatives } from '../../network/activation/evaluate.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationName } from '../../network/activation.ts';
import { randomGenerator } from '../../random/generator.ts';

export interface HiddenLayerOptions {
  /** Units. */
  readonly width: number;
  readonly seed: number;
  readonly activation?: ActivationName;
  /** Ends of the interval on which the function is known; default −1 and 1. */
  readonly interval?: readonly [number, number];
  /** Typical slope of a unit's line, times half the interval's length; default: the width, so that units share it. */
  readonly steepness?: number;
  /** Points of the fit, equidistant; default: six for each unit, 200 at least. */
  readonly points?: number;
}

export interface HiddenLayer {
  /** Σ cⱼ φ(wⱼ x + bⱼ) + c₀. */
  at(x: ArrayLike<number>): Float64Array;
  /** Output weights and, at last, the bias. */
  readonly coefficients: Float64Array;
}

/**
 * The best combination of `width` given units, f(x) ≈ Σ cⱼ φ(wⱼ x + bⱼ) + c₀: units are drawn at random so that each
 * bends at some place of the interval, and only the output weights are fitted, by least squares. That such sums come as
 * near to any continuous function as one likes is Cybenko's theorem (Math. Control Signals Systems 2 (1989); Hornik,
 * Neural Networks 4 (1991)); random units suffice (Rahimi & Recht, NIPS 2008).
 *
 * @throws ProblemError for a width that is none, or a function with a value that is no number
 */
export function hiddenLayerFit(
  f: (x: number) => number,
  {
    width,
    seed,
    activation = 'tanh',
    interval: [low, high] = [-1, 1],
    steepness = Math.max(2, width / 2),
    points = Math.max(200, 6 * width),
  }: HiddenLayerOptions,
): HiddenLayer {
  if (!Number.isInteger(width) || width < 1)
    throw new ProblemError(`${width} is no width`, { path: 'width', hint: 'give 1 unit or more' });
  const random = randomGenerator(seed);
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  const units = Array.from({ length: width }, () => {
    const slope = (steepness * (0.5 + random.uniform()) * (random.uniform() < 0.5 ? -1 : 1)) / half;
    const place = middle + half * 1.1 * (2 * random.uniform() - 1);
    return { slope, offset: -slope * place };
  });
  const program = activationNamed(activation).derivatives(0);
  const rowsAt = (x: ArrayLike<number>): Matrix => {
    const entries = Float64Array.from({ length: x.length * width }, (_, i) => {
      const { slope, offset } = units[i % width];
      return slope * x[Math.floor(i / width)] + offset;
    });
    const [values] = activationDerivatives(program, entries);
    const rows = Matrix.ones(x.length, width + 1);
    for (let i = 0; i < values.length; i++) rows.set(Math.floor(i / width), i % width, values[i]);
    return rows;
  };
  const at = Float64Array.from({ length: points }, (_, n) => low + ((high - low) * n) / (points - 1));
  const targets = Array.from(at, f);
  const bad = targets.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ProblemError(`the function is ${targets[bad]} at ${at[bad]}`, { path: 'f' });
  const solved = new SingularValueDecomposition(rowsAt(at), { autoTranspose: true }).solve(
    Matrix.columnVector(targets),
  );
  const coefficients = Float64Array.from(solved.to1DArray());
  return {
    coefficients,
    at: (x) =>
      Float64Array.from(
        rowsAt(x)
          .mmul(Matrix.columnVector(Array.from(coefficients)))
          .to1DArray(),
      ),
  };
}
