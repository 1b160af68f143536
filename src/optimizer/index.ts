import { ProblemError } from '../errors.ts';
import { Adam, type AdamOptions } from './adam.ts';
import { Lbfgs, type LbfgsOptions } from './lbfgs.ts';
import { LevenbergMarquardt, type LevenbergMarquardtOptions } from './levenberg-marquardt.ts';
import { LinearLeastSquares, type LinearLeastSquaresOptions } from './linear-least-squares.ts';
import type { Objective, Optimizer, OptimizerState } from './optimizer.ts';
import { SelfScaledBroyden, type SelfScaledBroydenOptions } from './self-scaled-broyden.ts';
import { Spring, type SpringOptions } from './spring.ts';

export type { AdamOptions } from './adam.ts';
export type { Factorization, Factorize } from './cholesky.ts';
export { cholesky } from './cholesky.ts';
export type { Gram } from './jacobian-product.ts';
export type { LbfgsOptions } from './lbfgs.ts';
export type { FactorizationChoice, LevenbergMarquardtOptions } from './levenberg-marquardt.ts';
export type { LinearLeastSquaresOptions } from './linear-least-squares.ts';
export type {
  Objective,
  Optimizer,
  OptimizerState,
  OptimizerStep,
  SampledJacobian,
} from './optimizer.ts';
export type { Schedule } from './schedule.ts';
export type { SelfScaledBroydenOptions } from './self-scaled-broyden.ts';
export type { SpringOptions } from './spring.ts';
export type { FoldDiagonal, TriangularFactor } from './triangular-factor.ts';

/** The options of each optimizer by its name. */
export interface OptimizerOptions {
  adam: AdamOptions;
  lbfgs: LbfgsOptions;
  lm: LevenbergMarquardtOptions;
  broyden: SelfScaledBroydenOptions;
  spring: SpringOptions;
  'random-features': LinearLeastSquaresOptions;
}

export type OptimizerName = keyof OptimizerOptions;

type Factory<Options> = (
  objective: Objective,
  theta0: Float64Array,
  options?: Options,
  state?: OptimizerState,
) => Optimizer;

const factories: { readonly [Name in OptimizerName]: Factory<OptimizerOptions[Name]> } = {
  adam: (...given) => new Adam(...given),
  lbfgs: (...given) => new Lbfgs(...given),
  lm: (...given) => new LevenbergMarquardt(...given),
  broyden: (...given) => new SelfScaledBroyden(...given),
  spring: (...given) => new Spring(...given),
  'random-features': (...given) => new LinearLeastSquares(...given),
};

export const optimizerNames = Object.keys(factories) as readonly OptimizerName[];

/**
 * An optimizer by its name, starting at `theta0` or going on from `state`.
 * @throws ProblemError for an unknown name, an option out of its range, or a state that does not fit.
 */
export function createOptimizer<Name extends OptimizerName>(
  name: Name,
  objective: Objective,
  theta0: Float64Array,
  options?: OptimizerOptions[Name],
  state?: OptimizerState,
): Optimizer {
  if (!Object.hasOwn(factories, name)) {
    throw new ProblemError(`unknown optimizer "${name}"`, {
      hint: `optimizers are ${optimizerNames.join(', ')}`,
    });
  }
  return factories[name](objective, theta0, options, state);
}
