/** The solution of an evolution equation in waves, window after window of time. */
import { NotSupportedError, SolveError } from '../../errors.ts';
import { subtract, termsOf } from '../../expression/build.ts';
import { networkSize } from '../../network/index.ts';
import type { Problem } from '../../problem/index.ts';
import { type Scaling, scalingOf } from '../../residual/index.ts';
import { checkEquations, usualSize } from '../equation-check.ts';
import { domainGrid, testPoints } from '../error-norms.ts';
import { beyondSpectral } from '../optimizer-choice.ts';
import { expressionOfPiece, fieldsOfPiece } from '../piece.ts';
import { isMarchable } from '../random-features/window-search.ts';
import type { RunTask } from '../run-task.ts';
import { Solution } from '../solution.ts';
import { progressFrom, type RunHooks } from '../trained-solution.ts';
import type { StopReason } from '../training-progress.ts';
import { reportWindow } from '../windows/report-window.ts';
import type { SolvedWindow } from '../windows/solved-window.ts';
import { windowProblem } from '../windows/window-problem.ts';
import { type ModalProblem, modalProblem } from './modal-problem.ts';
import { separableWindow } from './separable-window.ts';
import { type MarchedWindow, spectralMarch, windowPolynomials } from './spectral-march.ts';

/** The scale of a field is read off its values at about so many points. */
const rangePoints = 400;

/** Initial conditions are looked at at about so many points. */
const initialPoints = 1000;

/** Coefficients of all windows together: more would not fit into memory. */
const mostCoefficients = 8e7;

/** Milliseconds. */
const pauseAfter = 50;

const now = (): number => performance.now() / 1000;

/** Whether it is of the kind; the reason where it is not. */
export function spectralProblem(problem: Problem): ModalProblem | string {
  const sought = problem.unknowns.length > 0 || problem.fields.some(({ unknown }) => unknown);
  if (sought || problem.observations.length > 0) return 'data and unknowns have no place in it';
  if (problem.time === null || !isMarchable(problem))
    return 'it carries fields from their initial values on through time';
  if (problem.fields.some(({ pieces }) => pieces !== undefined))
    return 'fields in pieces are no sums of waves';
  try {
    return modalProblem(problem);
  } catch (error) {
    if (error instanceof NotSupportedError || error instanceof SolveError) return error.message;
    throw error;
  }
}

/** What a problem with random features by default is in waves; undefined where settings or the problem do not allow it. */
export function wavesInPlaceOfFeatures({
  problem,
  settings,
  settingsGiven,
}: Pick<RunTask, 'problem' | 'settings' | 'settingsGiven'>): ModalProblem | undefined {
  if (settings.optimizerReason === 'asked for' || beyondSpectral(settingsGiven) !== undefined)
    return undefined;
  const found = spectralProblem(problem);
  return typeof found === 'string' ? undefined : found;
}

/**
 * Solves an evolution equation on a periodic box, or on one with faces where fields or their slopes vanish and that
 * reflect it: sums of products of waves in space and polynomials in time, which satisfy it at collocation points of every
 * window. Boyd, Chebyshev and Fourier Spectral Methods (2001); with coefficients that depend on time in place of trained
 * features Datar et al., Fast training of accurate physics-informed neural networks without gradient descent, 2024.
 *
 * @param modal  what `spectralProblem` found
 * @param begun  seconds on the clock at which the run began
 * @returns undefined where there is no solution in the time that is left
 */
export async function spectralSolution(
  { problem, settings, settingsGiven }: RunTask,
  modal: ModalProblem,
  begun: number,
  hooks: RunHooks,
): Promise<Solution | undefined> {
  const { low, high } = problem.coordinates[problem.time!];
  const left = (): number => settings.timeLimit - (now() - begun);
  const polynomials = windowPolynomials();
  const solved: SolvedWindow[] = [];
  let coefficients = 0;
  // In the last window, at the nodes of collocation.
  let collocated = 0;

  const solutionAt = (stopped: StopReason): Solution => {
    const last = solved[solved.length - 1];
    const parameters = Math.round(coefficients / solved.length);
    const history = { entries: [], phases: [{ name: 'spectral', start: 0 }] };
    const run = {
      settings: {
        ...settings,
        optimizers: ['spectral' as const],
        optimizerReason:
          settings.optimizerReason === 'asked for'
            ? 'asked for'
            : 'waves in space hold the solution: collocation in time finds what multiplies them',
        windows: solved.length,
        width: parameters,
        depth: 1,
        activation: 'sine' as const,
        points: collocated,
      },
      backend: 'host',
      precision: 'float64' as const,
      parameters,
      seconds: now() - begun,
      iterations: solved.length,
      loss: Math.max(...solved.map(({ loss }) => loss)),
      stopped,
      blocks: [],
      terms: [],
      history,
    };
    const position = { given: settingsGiven, ...progressFrom(last.theta), iteration: solved.length, history };
    return new Solution(problem, last.trial!, last.scaling, last.theta, run, position, [...solved]);
  };

  let paused = performance.now();
  const march = spectralMarch(problem, modal, left);
  for (;;) {
    const { value, done } = march.next();
    if (done) {
      if (!value || solved.length === 0) return undefined;
      return judged(solutionAt('converged'));
    }
    solved.push(solvedWindow(problem, modal, value, polynomials, solved.length === 0));
    coefficients += solved[solved.length - 1].theta.length;
    collocated = value.system.points * (value.spectra.length - 1);
    if (coefficients > mostCoefficients) return undefined;
    if (
      reportWindow(problem, solutionAt, solved[solved.length - 1], (value.high - low) / (high - low), hooks)
    )
      return solutionAt('callback');
    if (performance.now() - paused > pauseAfter) {
      // Whoever wants it to end gets a word in.
      await new Promise((resolve) => setTimeout(resolve));
      paused = performance.now();
    }
    if (hooks.signal?.aborted) return solutionAt('interrupted');
  }
}

function solvedWindow(
  problem: Problem,
  modal: ModalProblem,
  { low, high, system, spectra, remainder }: MarchedWindow,
  polynomials: Float64Array,
  first: boolean,
): SolvedWindow {
  const { trial, theta } = separableWindow(problem, modal, system, spectra, polynomials);
  const window = windowProblem(problem, { low, high }, first);
  const unit = new Map(problem.fields.map(({ name }) => [name, { offset: 0, scale: 1 }]));
  const { coordinates, unknowns } = scalingOf(
    window,
    new Map(problem.fields.map(({ name }) => [name, { low: -1, high: 1 }])),
  );
  const plain: Scaling = { coordinates, unknowns, fields: unit };
  const values = fieldsOfPiece(window, trial, { scaling: plain, theta }, testPoints(window, rangePoints));
  const fields = new Map(
    problem.fields.map(({ name }) => {
      const largest = values[name].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return [name, { offset: 0, scale: largest > 0 ? largest : 1 }];
    }),
  );
  let offset = 0;
  for (const network of trial.networks) {
    const size = networkSize(network);
    const { scale } = fields.get(network.fields[0])!;
    for (let i = 0; i < size; i++) theta[offset + i] /= scale;
    offset += size;
  }
  return {
    low,
    high,
    trial,
    scaling: { coordinates, unknowns, fields },
    theta,
    loss: remainder ** 2,
    terms: [],
  };
}

/** With what it leaves of its equations, and of its initial conditions, at points it does not know. */
function judged(solution: Solution): Solution {
  const { problem, trial, scaling, theta, position, windows, run } = solution;
  const equations = checkEquations(solution).map(({ path, share, undefinedShare, points }) => ({
    path,
    kind: 'equation' as const,
    points,
    share: undefinedShare > 0 ? Number.POSITIVE_INFINITY : share,
  }));
  const blocks = [...equations, ...initialShares(solution)];
  const residual = Math.max(...blocks.map(({ share }) => share));
  return new Solution(
    problem,
    trial,
    scaling,
    theta,
    {
      ...run,
      loss: blocks.reduce((sum, { share }) => sum + share ** 2, 0),
      blocks: blocks.map(({ path, kind, points }) => ({ path, kind, points })),
      terms: blocks.map(({ share }) => share ** 2),
      heldOutResidual: residual,
    },
    position,
    windows,
  );
}

/** Root mean square of what is left of the initial conditions, over that of the largest term of each. */
function initialShares(solution: Solution) {
  const { problem } = solution;
  const time = problem.time!;
  const { low } = problem.coordinates[time];
  const first = solution.windows![0];
  const start = problem.coordinates.map((c, i) => (i === time ? { ...c, low, high: low } : c));
  const across = Math.round(initialPoints ** (1 / (start.length - 1)));
  const sides = start.map((_, i) => (i === time ? 1 : across));
  const rows = domainGrid({ ...problem, coordinates: start }, sides);
  return problem.conditions.flatMap((condition) => {
    if (condition.kind !== 'planes' || condition.planes.some(({ coordinate }) => coordinate !== time))
      return [];
    const parts = termsOf(subtract(condition.left, condition.right));
    const terms = parts.map((term) => expressionOfPiece(first.trial!, first, term, rows));
    const residual = rows
      .subarray(0, rows.length / start.length)
      .map((_, n) => terms.reduce((sum, values) => sum + values[n], 0));
    const largest = Math.max(
      ...terms.map(rootMeanSquare),
      ...parts.map((term) => usualSize(term, solution, rows)),
    );
    const share = largest > 0 ? rootMeanSquare(residual) / largest : 0;
    return [{ path: condition.path, kind: 'condition' as const, points: residual.length, share }];
  });
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
