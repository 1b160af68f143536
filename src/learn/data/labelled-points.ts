/** Points of the plane that belong to classes: the small data sets on which classifiers are looked at. */
import { ProblemError } from '../../errors.ts';
import { type RandomGenerator, randomGenerator } from '../../random/generator.ts';

export interface LabelledPoints {
  /** (count, 2), row-major. */
  readonly points: Float64Array;
  /** Class of each, from 0, (count). */
  readonly labels: Uint8Array;
  readonly count: number;
}

interface Options {
  readonly count: number;
  readonly seed: number;
  /** Standard deviation of what is added to both coordinates. */
  readonly noise?: number;
}

function drawn(
  { count, seed, noise = 0 }: Options,
  classes: number,
  place: (label: number, random: RandomGenerator) => readonly [number, number],
): LabelledPoints {
  if (!Number.isInteger(count) || count < 1)
    throw new ProblemError(`${count} is no number of points`, { path: 'count', hint: 'give 1 or more' });
  if (!(noise >= 0))
    throw new ProblemError(`${noise} is no deviation`, { path: 'noise', hint: 'give 0 or more' });
  const random = randomGenerator(seed);
  const points = new Float64Array(2 * count);
  const labels = Uint8Array.from({ length: count }, (_, n) => n % classes);
  for (let n = 0; n < count; n++) {
    const [x, y] = place(labels[n], random);
    points[2 * n] = x + noise * random.normal();
    points[2 * n + 1] = y + noise * random.normal();
  }
  return { points, labels, count };
}

/** Two interleaved half circles of radius 1, not separable by a line. */
export function moons(options: Options): LabelledPoints {
  return drawn({ noise: 0.1, ...options }, 2, (label, random) => {
    const angle = Math.PI * random.uniform();
    return label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });
}

/** Arms of Archimedes' spiral from the origin to radius 1. */
export function spirals(
  options: Options & { readonly arms?: number; readonly turns?: number },
): LabelledPoints {
  const { arms = 2, turns = 1.5 } = options;
  return drawn({ noise: 0.02, ...options }, arms, (label, random) => {
    // Uniform along the arm rather than in the angle, or the middle would be crowded.
    const radius = Math.sqrt(random.uniform());
    const angle = 2 * Math.PI * (turns * radius + label / arms);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Normal clouds around centers, one class each; `noise` is their standard deviation. */
export function blobs(
  options: Options & { readonly centers: readonly (readonly [number, number])[] },
): LabelledPoints {
  const { centers } = options;
  if (centers.length === 0)
    throw new ProblemError('there are no centers', { path: 'centers', hint: 'give one or more' });
  return drawn({ noise: 0.5, ...options }, centers.length, (label) => centers[label]);
}

/** Two rings around the origin, of radii 0.5 and 1. */
export function rings(options: Options): LabelledPoints {
  return drawn({ noise: 0.05, ...options }, 2, (label, random) => {
    const angle = 2 * Math.PI * random.uniform();
    const radius = label === 0 ? 0.5 : 1;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** The exclusive or of two signs: class 1 where the coordinates, uniform on [−1, 1], have different signs. */
export function exclusiveOr(options: Options): LabelledPoints {
  return drawn(options, 2, (label, random) => {
    const [x, y] = [2 * random.uniform() - 1, random.uniform()];
    return [x, Math.sign(x || 1) * (label === 0 ? y : -y)];
  });
}
