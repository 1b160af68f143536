export {
  type EulerMapFit,
  type EulerMapFitOptions,
  type EulerMapOptions,
  type EulerMapTrajectory,
  fitEulerMap,
  iterateEulerMap,
} from './euler-map.ts';
export type { Estimate, Intervals } from './intervals.ts';
export type { ShootingOptions, ShootingResult } from './shoot.ts';
export { gaussNewtonIntervals, shoot, trajectorySumOfSquares } from './shoot.ts';
