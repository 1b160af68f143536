import { ProblemError } from '../errors.ts';
import { randomGenerator } from '../random/generator.ts';
import type { ActivationName } from './activation.ts';
import type { AffineLayer, Network, TrialSolution } from './trial-solution.ts';
import { trialSize } from './trial-solution.ts';

export type InitializationScheme = 'glorot' | 'he' | 'lecun' | 'siren';

export interface InitializeOptions {
  /** Default: siren for sine, he for relu and its kin, else glorot. */
  readonly scheme?: InitializationScheme;
  /**
   * Frequency factor of siren's first layer, per normalised coordinate. The paper takes 30, for images;
   * solutions of differential equations oscillate less. Default 3.
   */
  readonly omega0?: number;
  readonly seed: number;
}

/** The scheme that suits an activation. */
export function defaultScheme(activation: ActivationName | undefined): InitializationScheme {
  if (activation === 'sine') return 'siren';
  return activation === 'relu' || activation === 'leaky-relu' || activation === 'elu' ? 'he' : 'glorot';
}

/**
 * Draws the parameters of all networks of a trial solution (without the unknowns), in the order of θ. For a
 * matrix of shape (m, n), or each of the matrices side by side that a layer consists of:
 *
 * - glorot: uniform of variance 2/(m + n), bias 0 (Glorot & Bengio, AISTATS 2010)
 * - he: normal of variance 2/m, bias 0 (He et al., ICCV 2015)
 * - lecun: normal of variance 1/m, bias 0 (LeCun et al., Efficient BackProp, 1998)
 * - siren: the first layer uniform on ±ω₀/m, the others on ±√(6/m), the output layer's divided by ω₀, biases
 *   on ±1/√m, the first layer's times ω₀ (Sitzmann et al., NeurIPS 2020; their factor ω₀ inside the sine
 *   stands in the weights here)
 *
 * @returns (trialSize(trial))
 * @throws ProblemError if ω₀ is not positive
 */
export function initialize(trial: TrialSolution, options: InitializeOptions): Float64Array {
  const { omega0 = 3, seed } = options;
  if (!(omega0 > 0) || !Number.isFinite(omega0))
    throw new ProblemError(`omega0 is ${omega0}`, { hint: 'it has to be a number above 0' });
  const generator = randomGenerator(seed);
  const uniform = (bound: number): number => bound * (2 * generator.uniform() - 1);
  const theta = new Float64Array(trialSize(trial));
  let offset = 0;
  for (const network of trial.networks) {
    const scheme = options.scheme ?? defaultScheme(activationOf(network));
    const affine = network.layers.filter((layer): layer is AffineLayer => layer.kind === 'affine');
    affine.forEach(({ inputs: m, outputs, parts = 1 }, position) => {
      const n = outputs / parts;
      const first = position === 0;
      const last = position === affine.length - 1;
      const draw = {
        glorot: () => uniform(Math.sqrt(6 / (m + n))),
        he: () => Math.sqrt(2 / m) * generator.normal(),
        lecun: () => Math.sqrt(1 / m) * generator.normal(),
        siren: () => uniform(first ? omega0 / m : Math.sqrt(6 / m) / (last ? omega0 : 1)),
      }[scheme];
      for (let i = 0; i < m * outputs; i++) theta[offset++] = draw();
      for (let i = 0; i < outputs; i++)
        theta[offset++] = scheme === 'siren' && !last ? uniform((first ? omega0 : 1) / Math.sqrt(m)) : 0;
    });
  }
  return theta;
}

function activationOf(network: Network): ActivationName | undefined {
  return network.layers.find((layer) => layer.kind === 'activation')?.activation;
}
