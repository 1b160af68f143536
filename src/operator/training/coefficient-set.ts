/** Where the ways to train meet: functions in which solutions are expanded, and the coefficients of many solutions. */
import type { StoredBlock } from '../stored-block.ts';

/** Functions of the coordinates in which solutions are expanded: the trunk. */
export interface SolutionBasis {
  /** Number of functions. */
  readonly size: number;
  /**
   * Values of every function, or those of a partial derivative.
   *
   * @param points  (count, d), row-major, in the problem's coordinates
   * @param index   order of the derivative along each coordinate; default: none
   * @returns (count, size), row-major
   */
  values(points: Float64Array, count: number, index?: readonly number[]): Float64Array;
  /**
   * The functions Σ_j ψ_j m_jk.
   *
   * @param matrix  (size, columns), row-major
   */
  combined(matrix: Float64Array, columns: number): SolutionBasis;
  /** All there is to it; `basisOf` gets it back. */
  store(): StoredBlock;
}

/**
 * What training functions lead to, before a branch is fitted. Where conditions are hard the expansion is that of û,
 * what the ansatz u = g + φ û leaves open.
 */
export interface CoefficientSet {
  /** Values of every input function at its sensors, (count, sensors) each. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** Functions. */
  readonly count: number;
  /** By field. */
  readonly bases: Readonly<Record<string, SolutionBasis>>;
  /** By field, (count, size of its basis), row-major. */
  readonly coefficients: Readonly<Record<string, Float64Array>>;
  /** Spent on them. */
  readonly seconds: number;
}
