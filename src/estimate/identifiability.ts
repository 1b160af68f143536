import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { SolveError } from '../errors.ts';
import type { LikelihoodFunction, LikelihoodValue } from './likelihood-function.ts';

/** A way in which parameters can change together without a change in what is observed. */
export interface UndeterminedDirection {
  /** The parameters that take part, by their names: d ln(parameter), the largest 1 in size. */
  readonly exponents: Readonly<Record<string, number>>;
  readonly words: string;
}

/** Eigenvalue of the scaled information, relative to the largest, below which it counts as zero. */
const SINGULAR = 1e-11;
const TAKES_PART = 1e-3;

/**
 * The directions in which the Fisher information at x has no curvature, to first order: parameters that the
 * data cannot tell apart from one another. Each parameter is measured in parts of its own size, so that a
 * product shows as exponents 1 and −1. Rothenberg (1971), Econometrica 39, 577–591. A direction that is flat at
 * x need not be so elsewhere: the profile shows that.
 */
export function undeterminedDirections(
  likelihood: LikelihoodFunction,
  x: Float64Array,
  value: LikelihoodValue = likelihood.evaluate(x),
): UndeterminedDirection[] {
  const { names } = likelihood;
  const n = names.length;
  const sizes = x.map((v) => Math.abs(v) || 1);
  const scaled = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) scaled.set(i, j, value.information[i * n + j] * sizes[i] * sizes[j]);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, {
    assumeSymmetric: true,
  });
  const largest = Math.max(...realEigenvalues);
  const flat = realEigenvalues
    .map((eigenvalue, k) => ({ eigenvalue, vector: eigenvectorMatrix.getColumn(k) }))
    .filter(({ eigenvalue }) => eigenvalue <= SINGULAR * largest)
    .map(({ vector }) => vector);
  return sparseBasis(flat).map((vector) => {
    const top = vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
    const part = [...vector.keys()].filter((j) => Math.abs(vector[j] / top) > TAKES_PART);
    const exponents = part.map((j) => vector[j] / top);
    return {
      exponents: Object.fromEntries(part.map((j, k) => [names[j], exponents[k]])),
      words: directionWords(likelihood, x, value, part, exponents),
    };
  });
}

/** The same space spanned by vectors with as many zeros as elimination gives. */
function sparseBasis(vectors: readonly number[][]): number[][] {
  const rows = vectors.map((vector) => [...vector]);
  const done: number[][] = [];
  while (rows.length > 0) {
    let row = 0;
    let pivot = 0;
    rows.forEach((candidate, r) => {
      candidate.forEach((v, j) => {
        if (Math.abs(v) > Math.abs(rows[row][pivot]) + 1e-9) [row, pivot] = [r, j];
      });
    });
    const [chosen] = rows.splice(row, 1);
    for (const other of [...rows, ...done]) {
      const factor = other[pivot] / chosen[pivot];
      chosen.forEach((v, j) => {
        other[j] -= factor * v;
      });
    }
    done.push(chosen);
  }
  return done;
}

function directionWords(
  likelihood: LikelihoodFunction,
  x: Float64Array,
  value: LikelihoodValue,
  part: readonly number[],
  exponents: readonly number[],
): string {
  const names = part.map((j) => likelihood.names[j]);
  if (part.length === 1) return `nothing observed depends on ${names[0]}`;
  if (part.length === 2) {
    const [a, b] = names;
    const [i, j] = part;
    const moves: readonly (readonly [string, (x: Float64Array) => void])[] = [
      [
        `product ${a} * ${b}`,
        (y) => {
          y[i] *= 1.05;
          y[j] /= 1.05;
        },
      ],
      [
        `quotient ${a} / ${b}`,
        (y) => {
          y[i] *= 1.05;
          y[j] *= 1.05;
        },
      ],
      [
        `sum ${a} + ${b}`,
        (y) => {
          const by = 0.05 * Math.min(Math.abs(y[i]), Math.abs(y[j]));
          y[i] += by;
          y[j] -= by;
        },
      ],
      [
        `difference ${a} - ${b}`,
        (y) => {
          const by = 0.05 * Math.min(Math.abs(y[i]), Math.abs(y[j]));
          y[i] += by;
          y[j] += by;
        },
      ],
    ];
    for (const [combination, move] of moves) {
      const y = x.slice();
      move(y);
      if (leavesFit(likelihood, y, value)) return `${a} and ${b} enter only as their ${combination}`;
    }
  }
  const powers = names.map((name, k) => `${name} by f^${Number(exponents[k].toPrecision(3))}`);
  return `nothing observed changes, to first order, where a factor f near 1 multiplies ${powers.join(', ')}`;
}

function leavesFit(likelihood: LikelihoodFunction, y: Float64Array, value: LikelihoodValue): boolean {
  try {
    const change = likelihood.evaluate(y).negativeLogLikelihood - value.negativeLogLikelihood;
    return Math.abs(change) < 1e-5;
  } catch (error) {
    if (error instanceof SolveError) return false;
    throw error;
  }
}
