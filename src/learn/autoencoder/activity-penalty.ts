/** Penalties on the activity of a code, by which few of its units speak at a time. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';

/** Of the codes of a batch, (N, units): a scalar that is added to the loss. */
export type ActivityPenalty = (codes: TensorFlow.Tensor) => TensorFlow.Scalar;

function requirePositive(values: Readonly<Record<string, number>>): void {
  for (const [path, value] of Object.entries(values))
    if (!(value > 0))
      throw new ProblemError(`${value} is no ${path}`, { path, hint: 'give a positive number' });
}

/** λ (1/N) Σₙ Σⱼ |zₙⱼ|: each sample is told with as little as possible. For codes of a ReLU. */
export function absoluteActivity(
  tf: TensorLibrary,
  { weight }: { readonly weight: number },
): ActivityPenalty {
  requirePositive({ weight });
  return (codes) => tf.tidy(() => codes.abs().sum(-1).mean().mul(weight) as TensorFlow.Scalar);
}

/**
 * λ Σⱼ KL(ρ ‖ ρ̂ⱼ), ρ̂ⱼ the mean activity of unit j over the batch, for codes between 0 and 1:
 *
 *   KL(ρ ‖ ρ̂) = ρ ln(ρ/ρ̂) + (1 − ρ) ln((1 − ρ)/(1 − ρ̂)) ≥ 0, and 0 where ρ̂ = ρ.
 *
 * A unit is held to speak for a share ρ of the samples, and so for what is particular about them (Ng, Sparse autoencoder,
 * CS294A lecture notes, Stanford 2011). Batches should hold many times 1/ρ samples.
 *
 * @param options.activity  ρ, between 0 and 1
 */
export function divergenceFromActivity(
  tf: TensorLibrary,
  { weight, activity }: { readonly weight: number; readonly activity: number },
): ActivityPenalty {
  requirePositive({ weight, activity });
  if (!(activity < 1))
    throw new ProblemError(`an activity of ${activity}`, {
      path: 'activity',
      hint: 'give a share between 0 and 1',
    });
  // Float32 sigmoids reach 0 and 1.
  const rim = 1e-6;
  return (codes) =>
    tf.tidy(() => {
      const mean = codes
        .mean(0)
        .mul(1 - 2 * rim)
        .add(rim);
      const speaking = mean.log().mul(-activity);
      const silent = tf
        .scalar(1)
        .sub(mean)
        .log()
        .mul(activity - 1);
      const entropy = activity * Math.log(activity) + (1 - activity) * Math.log(1 - activity);
      return speaking.add(silent).add(entropy).sum().mul(weight) as TensorFlow.Scalar;
    });
}
