/** How many random features, with which frequencies, on which points. */
import type { Problem, SolveSettings } from '../../problem/index.ts';
import type { ResolvedSettings } from '../settings.ts';
import { chartFeatureCount } from './charts-of-geometry.ts';

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

/** On a face at least. */
const fewestOnFace = 30;

/** More on a face than inside would take time for nothing. */
const largestShare = 0.5;

/**
 * Twice as dense on a face as inside, where the points are spread over one more coordinate: over as many half waves
 * along each as the features have. Where they hardly vary in time, its face has to tell nearly all of them apart.
 */
function pointsOnFaces(points: number, scales: readonly number[]): number {
  const halfWaves = scales.map((scale) => 2 + (2 * scale) / Math.PI);
  const mean = halfWaves.reduce((product, n) => product * n, 1) ** (1 / scales.length);
  const across = points ** (1 / scales.length) * (Math.min(...halfWaves) / mean);
  const most = Math.max(2 * points ** (1 - 1 / scales.length), largestShare * points);
  return Math.max(fewestOnFace, Math.ceil(Math.min((2 * points) / across, most)));
}

/** The settings of a run on such features; points that were asked for stay. */
export function featureSettings(
  problem: Problem,
  settings: ResolvedSettings,
  given: SolveSettings,
  choice: FeatureChoice,
): ResolvedSettings {
  const d = problem.coordinates.length;
  const features = choice.count + 1 + chartFeatureCount(problem, choice.count);
  const parameters = features * problem.fields.length;
  const points = Math.max(
    fewestPoints,
    Math.ceil((residualsPerParameter * parameters) / Math.max(1, problem.equations.length)),
  );
  const conditionPoints = d === 1 ? 1 : pointsOnFaces(points, choice.scales);
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
