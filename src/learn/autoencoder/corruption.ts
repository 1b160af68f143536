/** Damage done to images that a denoising autoencoder undoes. */
import { ProblemError } from '../../errors.ts';
import { randomGenerator } from '../../random/generator.ts';

export interface CorruptionOptions {
  /** Standard deviation of what is added to every pixel; default 0. */
  readonly noise?: number;
  /** Share of the pixels that are set to 0; default 0. */
  readonly hidden?: number;
  readonly seed: number;
}

/**
 * A copy of pixels in [0, 1] with some hidden and noise added, cut to [0, 1]. Trained to lead damaged inputs back to
 * clean ones, a network learns where data lie (Vincent et al., Extracting and composing robust features with denoising
 * autoencoders, ICML 2008).
 *
 * @throws ProblemError for a negative noise, or a share outside [0, 1]
 */
export function corrupted(
  images: ArrayLike<number>,
  { noise = 0, hidden = 0, seed }: CorruptionOptions,
): Float32Array {
  if (!(noise >= 0)) throw new ProblemError(`a noise of ${noise}`, { path: 'noise', hint: 'give 0 or more' });
  if (!(hidden >= 0 && hidden <= 1))
    throw new ProblemError(`a share of ${hidden}`, { path: 'hidden', hint: 'give a share between 0 and 1' });
  const random = randomGenerator(seed);
  return Float32Array.from(images, (pixel) => {
    const kept = hidden > 0 && random.uniform() < hidden ? 0 : pixel;
    return noise > 0 ? Math.max(0, Math.min(1, kept + noise * random.normal())) : kept;
  });
}
