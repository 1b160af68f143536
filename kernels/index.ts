/** The kernels of the f64 engine: all that the compiled module exports. Memory is the host's, by address. */
export { baseFunction, baseFunctionRuns } from './base-function';
export { cholesky, choleskyWorkspace } from './cholesky';
export {
  dot,
  gatherColumn,
  scaledProduct,
  scatterColumn,
  scatterConstant,
  scatterProduct,
  weightedSquare,
} from './column';
export { foldRows, foldWorkspace } from './householder';
export { biasGradient, clearRows, columnRows, jacobianRows, weightGradient } from './parameter-gradient';
export { peak, peakFlops } from './peak';
export { packMatrix, product } from './product';
export { runProgram } from './program';
export { rankDowndateListed, rankUpdate, rankUpdateListed, vectorUpdate, vectorUpdateListed } from './rank-update';
export { solveFactored } from './triangular-solve';

/** First address that the module itself does not use. */
export function heapBase(): usize {
  return __heap_base;
}
