/** How many random features, with which frequencies, on which points. */
import type { Problem, SolveSettings } from '../../problem/index.ts';
import type { ResolvedSettings } from '../settings.ts';

/** The features of every network of a trial solution. */
export interface FeatureChoice {
  /** Of each network. */
  readonly count: number;
  /** Largest angular frequency along each of the problem's coordinates, per normalised coordinate. */
  readonly scales: readonly number[];
}

/** With fewer residuals than this per parameter they vanish at the points and nowhere else. */
const residualsPerParameter = 2.5;

/** On a line it takes hardly more points than features to hold a wave of a given length; fewer than these are no saving. */
const fewestPoints = 60;

/** The settings of a run on such features; points that were asked for stay. */
export function featureSettings(
  problem: Problem,
  settings: ResolvedSettings,
  given: SolveSettings,
  choice: FeatureChoice,
): ResolvedSettings {
  const d = problem.coordinates.length;
  const parameters = (choice.count + 1) * problem.fields.length;
  const points = Math.max(
    fewestPoints,
    Math.ceil((residualsPerParameter * parameters) / Math.max(1, problem.equations.length)),
  );
  // Twice as dense on a face as inside, where the points are spread over one more coordinate.
  const conditionPoints = d === 1 ? 1 : Math.max(30, Math.ceil(2 * points ** ((d - 1) / d)));
  return {
    ...settings,
    width: choice.count,
    depth: 1,
    activation: 'sine',
    fourierFeatures: undefined,
    randomFeatures: choice,
    points: given.points ?? points,
    conditionPoints: given.conditionPoints ?? conditionPoints,
  };
}
