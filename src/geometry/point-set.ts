/** Sets of points in the unit cube, by name. */
import { randomGenerator } from '../random/generator.ts';
import { haltonPoints } from './halton.ts';
import { latinHypercubePoints } from './latin-hypercube.ts';
import { sobolDimensions, sobolPoints } from './sobol.ts';

export type Sampling = 'sobol' | 'halton' | 'uniform' | 'latin-hypercube' | 'grid';

/** Independent uniform points, (count, dimension) row-major. */
export function uniformPoints(count: number, dimension: number, seed: number): Float64Array {
  const random = randomGenerator(seed);
  return Float64Array.from({ length: count * dimension }, () => random.uniform());
}

/**
 * The centres of equal cells, as many along every axis: the largest such grid of at most `count` points (at
 * least one). (count′, dimension) row-major, the last axis fastest.
 */
export function gridPoints(count: number, dimension: number): Float64Array {
  let side = Math.max(1, Math.round(count ** (1 / dimension)));
  while (side > 1 && side ** dimension > count) side--;
  const total = side ** dimension;
  const points = new Float64Array(total * dimension);
  for (let n = 0; n < total; n++) {
    let rest = n;
    for (let axis = dimension - 1; axis >= 0; axis--) {
      points[n * dimension + axis] = ((rest % side) + 0.5) / side;
      rest = Math.floor(rest / side);
    }
  }
  return points;
}

/**
 * About `count` points in the unit cube of `dimension` ≥ 1 axes; exactly `count` but for grids.
 *
 * Points with the same arguments are the same.
 */
export function samplePoints(
  sampling: Sampling,
  count: number,
  dimension: number,
  seed: number,
): Float64Array {
  switch (sampling) {
    case 'grid':
      return gridPoints(count, dimension);
    case 'uniform':
      return uniformPoints(count, dimension, seed);
    case 'latin-hypercube':
      return latinHypercubePoints(count, dimension, seed);
    case 'halton':
      return haltonPoints(count, dimension, seed);
    case 'sobol':
      return dimension <= sobolDimensions
        ? sobolPoints(count, dimension, seed)
        : latinHypercubePoints(count, dimension, seed);
  }
}
