export type { Estimate, Intervals } from './intervals.ts';
export type { ShootingOptions, ShootingResult } from './shoot.ts';
export { gaussNewtonIntervals, shoot, trajectorySumOfSquares } from './shoot.ts';
