/** Fixed maps in front of a network. */
import { ProblemError } from '../errors.ts';
import { randomGenerator } from '../random/generator.ts';
import type { EmbeddingLayer } from './trial-solution.ts';

export interface FourierFeaturesOptions {
  /** Number of coordinates. */
  readonly inputs: number;
  /** Number of frequencies; the layer has twice as many outputs. */
  readonly count: number;
  /**
   * Standard deviation of the angular frequencies, per normalised coordinate. Several share the features in equal
   * parts, each one for all coordinates or with an entry for every coordinate.
   */
  readonly scale: number | readonly (number | readonly number[])[];
  /** Positions of coordinates along which every feature has the period 2: frequencies are rounded to multiples of π. */
  readonly periodic?: readonly number[];
  readonly seed: number;
}

/**
 * x ↦ (sin Bx, cos Bx) with B drawn once from N(0, scale²) (Tancik et al., Fourier features let networks
 * learn high frequency functions in low dimensional domains, NeurIPS 2020); several scales, in space and time apart,
 * after Wang, Wang & Perdikaris, Comput. Methods Appl. Mech. Eng. 384, 2021.
 *
 * @throws ProblemError if count or a scale is not positive, or there are not as many as coordinates
 */
export function fourierFeatures({
  inputs,
  count,
  scale,
  periodic = [],
  seed,
}: FourierFeaturesOptions): EmbeddingLayer {
  if (!Number.isInteger(count) || count < 1)
    throw new ProblemError(`the number of Fourier features is ${count}`, { hint: 'it has to be 1 or more' });
  const groups = [scale].flat().map((group) => {
    const scales = typeof group === 'number' ? new Array<number>(inputs).fill(group) : group;
    if (scales.length !== inputs)
      throw new ProblemError(
        `there are ${scales.length} scales of Fourier features for ${inputs} coordinates`,
      );
    for (const own of scales)
      if (!(own > 0))
        throw new ProblemError(`the scale of the Fourier features is ${own}`, {
          hint: 'it has to be above 0',
        });
    return scales;
  });
  const generator = randomGenerator(seed);
  const outputs = 2 * count;
  const matrix = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < count; j++) {
      const drawn = groups[Math.floor((j * groups.length) / count)][i] * generator.normal();
      const frequency = periodic.includes(i) ? Math.PI * Math.round(drawn / Math.PI) : drawn;
      matrix[i * outputs + j] = frequency;
      matrix[i * outputs + count + j] = frequency;
    }
  }
  const bias = Float64Array.from({ length: outputs }, (_, j) => (j < count ? 0 : Math.PI / 2));
  return { kind: 'embedding', inputs, outputs, matrix, bias, sine: new Array<boolean>(outputs).fill(true) };
}

export interface PeriodicEmbeddingOptions {
  /** Number of coordinates. */
  readonly inputs: number;
  /** Positions, among those coordinates, of the periodic ones. */
  readonly periodic: readonly number[];
  /** Harmonics 1 … harmonics of each; one is best in most problems. Default 1. */
  readonly harmonics?: number;
}

/**
 * Replaces every periodic coordinate by sin(kπx), cos(kπx), whose period is the whole of [−1, 1], and passes
 * the others through, so that the network is periodic with all its derivatives (Dong & Ni, A method for
 * representing periodic functions and enforcing exactly periodic boundary conditions with deep neural
 * networks, J. Comput. Phys. 435, 2021).
 *
 * @throws ProblemError if a position or the number of harmonics makes no sense
 */
export function periodicEmbedding({
  inputs,
  periodic,
  harmonics = 1,
}: PeriodicEmbeddingOptions): EmbeddingLayer {
  if (!Number.isInteger(harmonics) || harmonics < 1)
    throw new ProblemError(`the number of harmonics is ${harmonics}`, { hint: 'it has to be 1 or more' });
  for (const i of periodic) {
    if (!Number.isInteger(i) || i < 0 || i >= inputs)
      throw new ProblemError(`coordinate ${i} cannot be periodic: there are ${inputs} coordinates`);
  }
  const columns: { input: number; slope: number; shift: number; sine: boolean }[] = [];
  for (let input = 0; input < inputs; input++) {
    if (!periodic.includes(input)) columns.push({ input, slope: 1, shift: 0, sine: false });
    else {
      for (let k = 1; k <= harmonics; k++) {
        columns.push({ input, slope: k * Math.PI, shift: 0, sine: true });
        columns.push({ input, slope: k * Math.PI, shift: Math.PI / 2, sine: true });
      }
    }
  }
  const outputs = columns.length;
  const matrix = new Float64Array(inputs * outputs);
  columns.forEach(({ input, slope }, j) => {
    matrix[input * outputs + j] = slope;
  });
  return {
    kind: 'embedding',
    inputs,
    outputs,
    matrix,
    bias: Float64Array.from(columns, ({ shift }) => shift),
    sine: columns.map(({ sine }) => sine),
  };
}
