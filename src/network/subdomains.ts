/** A domain divided into overlapping boxes, each with a window of its own. */
import { ProblemError } from '../errors.ts';
import type { EmbeddingLayer } from './trial-solution.ts';
import type { NetworkWindow, WindowSpan } from './window.ts';

export interface SubdomainOptions {
  /** By coordinate of the problem, into how many equal parts it is divided. */
  readonly counts: readonly number[];
  /** How far neighbours reach into each other, over the length of a part; 0: they meet. At most 1. */
  readonly overlap: number;
  /** How many derivatives of the windows are continuous. */
  readonly smoothness: number;
}

/** One subdomain. */
export interface Subdomain {
  readonly window: NetworkWindow;
  /** Where its window is not zero, by coordinate of the problem. */
  readonly box: readonly { readonly low: number; readonly high: number }[];
}

/**
 * The subdomains of [−1, 1]^d, the last coordinate fastest. Along each divided coordinate at most two windows are
 * other than zero at any place, and they add up to one.
 *
 * @throws ProblemError for a count that is no whole number above zero, or an overlap outside [0, 1]
 */
export function subdomains({ counts, overlap, smoothness }: SubdomainOptions): Subdomain[] {
  if (!(overlap >= 0 && overlap <= 1))
    throw new ProblemError(`the overlap of the subdomains is ${overlap}`, {
      hint: 'it is a share of their length, from 0 to 1',
    });
  const along = counts.map((count, coordinate) => {
    if (!Number.isInteger(count) || count < 1)
      throw new ProblemError(`there cannot be ${count} subdomains`, { hint: 'use a whole number above 0' });
    const reach = overlap / count;
    const ramp = (k: number): [number, number] => {
      const center = -1 + (2 * k) / count;
      return [center - reach, center + reach];
    };
    return Array.from({ length: count }, (_, k): WindowSpan => {
      const [rise, fall] = [k === 0 ? null : ramp(k), k === count - 1 ? null : ramp(k + 1)];
      return { coordinate, rise, fall };
    });
  });
  let boxes: WindowSpan[][] = [[]];
  for (const spans of along) boxes = boxes.flatMap((box) => spans.map((span) => [...box, span]));
  return boxes.map((spans) => ({
    window: { smoothness, spans: spans.filter(({ rise, fall }) => rise !== null || fall !== null) },
    box: spans.map(({ rise, fall }) => ({ low: rise?.[0] ?? -1, high: fall?.[1] ?? 1 })),
  }));
}

/**
 * The map of a box to [−1, 1]^k, then the embedding that is to follow, as one layer.
 *
 * @param box by input of the network
 */
export function boxEmbedding(
  box: readonly { readonly low: number; readonly high: number }[],
  embedding?: EmbeddingLayer,
): EmbeddingLayer {
  const inputs = box.length;
  const slopes = box.map(({ low, high }) => 2 / (high - low));
  const shifts = box.map(({ low, high }) => -(high + low) / (high - low));
  if (embedding === undefined) {
    const matrix = new Float64Array(inputs * inputs);
    slopes.forEach((slope, i) => {
      matrix[i * inputs + i] = slope;
    });
    const sine = new Array<boolean>(inputs).fill(false);
    return { kind: 'embedding', inputs, outputs: inputs, matrix, bias: Float64Array.from(shifts), sine };
  }
  const { outputs } = embedding;
  const matrix = embedding.matrix.map((value, at) => value * slopes[Math.floor(at / outputs)]);
  const bias = embedding.bias.map((value, j) =>
    shifts.reduce((sum, shift, i) => sum + shift * embedding.matrix[i * outputs + j], value),
  );
  return { ...embedding, matrix, bias };
}
