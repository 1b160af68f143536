/** One window of time by collocation: fixed points of N, solved for L. */
import type { ModalSystem } from '../../reference/fourier/refined-evolution.ts';
import { AndersonAcceleration } from './anderson-acceleration.ts';
import type { ModalCollocation, NodalSpectra } from './modal-collocation.ts';
import type { RadauTableau } from './radau.ts';

/** With more iterations than this a shorter window takes less. */
const mostIterations = 40;

/** A change below this may be rounding, if the next one is no smaller. */
const rounding = 1e-10;

/** An iteration that gains less, after the first ones, will not arrive. */
const leastGain = 0.8;
const firstIterations = 8;

export interface CollocatedWindow {
  readonly spectra: NodalSpectra;
  readonly iterations: number;
}

export function spectraOf(system: ModalSystem, nodes: number): Float64Array[][] {
  return Array.from({ length: nodes }, () =>
    Array.from({ length: system.states }, () => new Float64Array(2 * system.modes)),
  );
}

/**
 * @param sizes  by state its largest norm so far, raised where it grows
 * @param tolerance  the change in an iteration at which it ends
 * @returns undefined where the iteration does not converge
 */
export function collocatedWindow(
  system: ModalSystem,
  collocation: ModalCollocation,
  tableau: RadauTableau,
  time: number,
  start: readonly Float64Array[],
  sizes: Float64Array,
  tolerance: number,
): CollocatedWindow | undefined {
  const { stages, nodes } = tableau;
  let spectra = spectraOf(system, stages);
  if (!system.nonlinear) {
    collocation.solve(start, undefined, spectra);
    return Number.isFinite(largestChange(spectra, spectra, sizes)) ? { spectra, iterations: 1 } : undefined;
  }
  const slopes = spectraOf(system, stages);
  let next = spectraOf(system, stages);
  for (const own of spectra)
    start.forEach((spectrum, s) => {
      own[s].set(spectrum);
    });
  let change = Number.POSITIVE_INFINITY;
  const acceleration = new AndersonAcceleration();
  const width = 2 * system.modes;
  const residual = new Float64Array(stages * system.states * width);
  const value = new Float64Array(residual.length);
  for (let iteration = 1; iteration <= mostIterations; iteration++) {
    for (let i = 0; i < stages; i++)
      system.evaluate(time + nodes[i] * collocation.length, spectra[i], slopes[i]);
    collocation.solve(start, slopes, next);
    const before = change;
    change = largestChange(spectra, next, sizes);
    for (let i = 0, at = 0; i < stages; i++)
      for (let s = 0; s < system.states; s++, at += width)
        for (let k = 0; k < width; k++) {
          value[at + k] = next[i][s][k];
          residual[at + k] = (next[i][s][k] - spectra[i][s][k]) / sizes[s];
        }
    acceleration.next(residual, value);
    for (let i = 0, at = 0; i < stages; i++)
      for (let s = 0; s < system.states; s++, at += width) next[i][s].set(value.subarray(at, at + width));
    [spectra, next] = [next, spectra];
    if (!Number.isFinite(change)) return undefined;
    if (change <= tolerance || (change <= rounding && change > leastGain * before))
      return { spectra, iterations: iteration };
    if (iteration > firstIterations && change > leastGain * before) return undefined;
  }
  return change <= rounding ? { spectra, iterations: mostIterations } : undefined;
}

/** Largest difference of a state at a node, relative to the state's size. */
function largestChange(before: NodalSpectra, after: NodalSpectra, sizes: Float64Array): number {
  let largest = 0;
  after.forEach((states, i) => {
    states.forEach((spectrum, s) => {
      let norm = 0;
      let difference = 0;
      const other = before[i][s];
      for (let k = 0; k < spectrum.length; k++) {
        norm += spectrum[k] ** 2;
        difference += (spectrum[k] - other[k]) ** 2;
      }
      sizes[s] = Math.max(sizes[s], Math.sqrt(norm));
      if (!Number.isFinite(difference)) largest = Number.NaN;
      else if (difference > 0) largest = Math.max(largest, Math.sqrt(difference) / sizes[s]);
    });
  });
  return largest;
}
