/** Evolution equations whose solutions are sums of waves in space: on periodic boxes, and between mirrors. */
import { NotSupportedError } from '../../errors.ts';
import type { SeparableAxis } from '../../network/separable.ts';
import type { Problem } from '../../problem/index.ts';
import { wavenumber } from '../../reference/fourier/mirror-grid.ts';
import { MirrorSystem } from '../../reference/fourier/mirror-system.ts';
import { type PeriodicForm, periodicForm } from '../../reference/fourier/periodic-form.ts';
import { PeriodicSystem } from '../../reference/fourier/periodic-system.ts';
import type { ModalSystem } from '../../reference/fourier/refined-evolution.ts';
import { waveTerms } from '../../reference/fourier/wave-operator.ts';
import { faceParities, fundamentalPart } from '../../reference/mirror-symmetry.ts';
import { WaveSystem } from './wave-system.ts';

/** Points along each space coordinate to begin with, by their number. */
const firstPoints = { periodic: [64, 32, 16], mirrored: [32, 24, 16], algebraic: [64, 48, 16] };

/** An evolution equation for the modes of its states, and what the modes are functions of space. */
export interface ModalProblem {
  readonly form: PeriodicForm;
  readonly system: ModalSystem;
  /** How coefficients of shorter and shorter waves fall where the solution is smooth in the box. */
  readonly convergence: 'exponential' | 'algebraic';
  /** The functions along the space axes of the whole box that hold a state of a system with more or fewer modes. */
  axesOf(system: ModalSystem, state: number): SeparableAxis[];
  /** A spectrum of a system in one with more modes. */
  carried(from: ModalSystem, to: ModalSystem, spectrum: Float64Array): Float64Array;
  /** The coefficients of all products of them, the last axis fastest, of a spectrum. */
  coefficients(system: ModalSystem, spectrum: Float64Array, out: Float64Array): void;
}

/**
 * @throws NotSupportedError in words where the problem is not of that kind
 * @throws SolveError where its initial conditions do not determine a state
 */
export function modalProblem(problem: Problem): ModalProblem {
  const space = problem.coordinates.length - 1;
  if (problem.space !== undefined) throw new NotSupportedError('the domain is no box');
  if (space < 1 || space > 3)
    throw new NotSupportedError(`waves in ${space} space coordinates are not provided for`);
  const none = new Float64Array(0);
  const periodic = new Set(problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [c.coordinate] : [])));
  if (periodic.size > 0) {
    const form = periodicForm(problem, none);
    const system = new PeriodicSystem(problem, form, firstPoints.periodic[space - 1]);
    return {
      form,
      system,
      convergence: 'exponential',
      axesOf: (own) => {
        const harmonics = Math.ceil((own as PeriodicSystem).grid.n / 3) - 1;
        return form.space.map(() => ({ kind: 'fourier', harmonics }));
      },
      carried: (from, to, spectrum) =>
        carriedModes(modeKeys(from as PeriodicSystem), modeKeys(to as PeriodicSystem), spectrum),
      coefficients: (own, spectrum, out) => {
        fourierCoefficients((own as PeriodicSystem).grid, spectrum, out);
      },
    };
  }
  const part = fundamentalPart(problem);
  const form = periodicForm(part.problem, none, true);
  const { system, parities } = betweenFaces(part.problem, form);
  return {
    form,
    system,
    convergence: system instanceof WaveSystem ? 'algebraic' : 'exponential',
    axesOf: (own, state) => {
      const ends = parities.get(form.states[state].name)!;
      return form.space.map((axis, i) => {
        const repeats = 2 ** part.folds.filter((fold) => fold.axis === axis).length;
        return {
          kind: ends[i][0] === 'odd' ? 'sine' : 'cosine',
          first: wavenumber(ends[i], 0),
          count: (own as Faced).grid.counts[i],
          repeats,
        };
      });
    },
    carried: (from, to, spectrum) => carriedModes(waveKeys(from as Faced), waveKeys(to as Faced), spectrum),
    coefficients: (_, spectrum, out) => {
      for (let mode = 0; mode < out.length; mode++) out[mode] = spectrum[2 * mode];
    },
  };
}

type Faced = MirrorSystem | WaveSystem;

function betweenFaces(problem: Problem, form: PeriodicForm) {
  const dimension = form.space.length;
  const reflected = faceParities(problem, form.space);
  const parities = reflected ?? faceParities(problem, form.space, false);
  const high = form.derivatives.some(({ order }) => order.reduce((a, b) => a + b, 0) > 1);
  if (reflected !== undefined && !high) {
    const sizes = form.space.map(() => firstPoints.mirrored[dimension - 1]);
    return { system: new MirrorSystem(problem, form, reflected, sizes), parities: reflected };
  }
  if (parities !== undefined && isWave(form)) {
    const points = firstPoints.algebraic[dimension - 1];
    return { system: new WaveSystem(problem, form, parities.get(form.states[0].name)!, points), parities };
  }
  throw new NotSupportedError(
    reflected === undefined
      ? 'the solution does not go on beyond the faces as an odd or even function'
      : 'coefficients of the highest derivatives that vary',
  );
}

function isWave(form: PeriodicForm): boolean {
  try {
    waveTerms(form);
    return true;
  } catch (error) {
    if (error instanceof NotSupportedError) return false;
    throw error;
  }
}

/** The wave numbers of every mode, as text. */
function modeKeys({ grid }: PeriodicSystem): string[] {
  const { axes, modes, wavenumbers } = grid;
  return Array.from({ length: modes }, (_, mode) =>
    axes
      .map(({ low, high }, axis) =>
        Math.round((wavenumbers[mode * axes.length + axis] * (high - low)) / (2 * Math.PI)),
      )
      .join(),
  );
}

function waveKeys({ grid }: Faced): string[] {
  return Array.from({ length: grid.modes }, (_, mode) => {
    let rest = mode;
    return [...grid.counts]
      .reverse()
      .map((count) => {
        const k = rest % count;
        rest = Math.floor(rest / count);
        return k;
      })
      .join();
  });
}

function carriedModes(from: readonly string[], to: readonly string[], spectrum: Float64Array): Float64Array {
  const places = new Map(to.map((key, place) => [key, place]));
  const result = new Float64Array(2 * to.length);
  from.forEach((key, mode) => {
    const place = places.get(key);
    if (place === undefined) return;
    result[2 * place] = spectrum[2 * mode];
    result[2 * place + 1] = spectrum[2 * mode + 1];
  });
  return result;
}

/** From amplitudes of exp(ik·s), one of each conjugate pair, to those of products of cosines and sines. */
function fourierCoefficients(
  grid: PeriodicSystem['grid'],
  spectrum: Float64Array,
  coefficients: Float64Array,
): void {
  const { axes, modes, wavenumbers } = grid;
  const dimension = axes.length;
  const counts = 2 * (Math.ceil(grid.n / 3) - 1) + 1;
  coefficients.fill(0);
  for (let mode = 0; mode < modes; mode++) {
    const k = axes.map(({ low, high }, axis) =>
      Math.round((wavenumbers[mode * dimension + axis] * (high - low)) / (2 * Math.PI)),
    );
    const twice = k.every((own) => own === 0) ? 1 : 2;
    // exp(ik·s) is the product of (cos + i sin) along the axes: every choice of one of them at each.
    for (let choice = 0; choice < 2 ** dimension; choice++) {
      let place = 0;
      let power = 0;
      let sign = 1;
      for (let axis = 0; axis < dimension; axis++) {
        const sine = (choice >> axis) % 2 === 1;
        if (sine) {
          power++;
          sign *= Math.sign(k[axis]);
        }
        const function_ = k[axis] === 0 ? 0 : 2 * Math.abs(k[axis]) - (sine ? 0 : 1);
        place = place * counts + function_;
      }
      if (sign === 0) continue;
      // The real part of the amplitude times i^power.
      const part = power % 2 === 0 ? spectrum[2 * mode] : -spectrum[2 * mode + 1];
      coefficients[place] += twice * sign * (power % 4 >= 2 ? -1 : 1) * part;
    }
  }
}
