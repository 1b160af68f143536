/** The linear algebra of new infections F and transitions V. */
import { EigenvalueDecomposition, LuDecomposition, Matrix } from 'ml-matrix';
import { SolveError } from '../errors.ts';

export function nextGenerationMatrix(
  transmission: readonly (readonly number[])[],
  transition: readonly (readonly number[])[],
  block: readonly number[],
): number[][] | undefined {
  const part = (matrix: readonly (readonly number[])[]): Matrix =>
    new Matrix(block.map((i) => block.map((j) => matrix[i][j])));
  const factors = new LuDecomposition(part(transition));
  if (factors.isSingular()) return undefined;
  return part(transmission)
    .mmul(factors.solve(Matrix.eye(block.length)))
    .to2DArray();
}

export function reproductionNumberOf(
  matrix: readonly (readonly number[])[] | undefined,
  transmission: readonly (readonly number[])[],
  block: readonly number[],
): number {
  if (matrix !== undefined) return spectralRadius(matrix);
  return block.every((i) => block.every((j) => transmission[i][j] === 0)) ? 0 : Number.POSITIVE_INFINITY;
}

/**
 * The largest modulus of an eigenvalue.
 *
 * @throws SolveError for a matrix that is not finite
 */
function spectralRadius(matrix: readonly (readonly number[])[]): number {
  if (!matrix.flat().every(Number.isFinite)) throw new SolveError('the matrix is not finite');
  if (matrix.length === 1) return Math.abs(matrix[0][0]);
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(new Matrix(copyOf(matrix)));
  return Math.max(...realEigenvalues.map((re, i) => Math.hypot(re, imaginaryEigenvalues[i])));
}

const copyOf = (matrix: readonly (readonly number[])[]): number[][] => matrix.map((row) => [...row]);

export function growthRateOf(
  transmission: readonly (readonly number[])[],
  transition: readonly (readonly number[])[],
): number {
  const difference = transmission.map((row, i) => row.map((value, j) => value - transition[i][j]));
  if (difference.length === 1) return difference[0][0];
  return Math.max(...new EigenvalueDecomposition(new Matrix(difference)).realEigenvalues);
}

/** Strongly connected components of the graph in which j leads to i where F or V says so. */
export function strongComponents(
  transmission: readonly (readonly number[])[],
  transition: readonly (readonly number[])[],
): number[][] {
  const n = transmission.length;
  const leads = transmission.map((row, i) =>
    row.map((value, j) => i === j || value !== 0 || transition[i][j] !== 0),
  );
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) leads[i][j] ||= leads[i][k] && leads[k][j];
  const components: number[][] = [];
  for (let i = 0; i < n; i++) {
    const found = components.find(([j]) => leads[i][j] && leads[j][i]);
    if (found === undefined) components.push([i]);
    else found.push(i);
  }
  return components;
}
