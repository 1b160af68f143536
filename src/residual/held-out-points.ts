/** Points for judging a trial solution: spread evenly over the domain, apart from those it is trained on. */
import { movableGroups } from './candidates.ts';
import { interiorPoints } from './collocation.ts';
import { withMovedPoints } from './moved-points.ts';
import type { ResidualSystem } from './residual-system.ts';

/** Moves the seed away from those of points for training. */
const apart = 7919;

/** The system at other points, as many, where its equations hold in the whole domain. */
export function atHeldOutPoints(system: ResidualSystem, seed: number): ResidualSystem {
  const d = system.trial.dimension;
  return withMovedPoints(
    system,
    new Map(
      movableGroups(system).map(([{ points, count, within }]) => [
        points[0],
        interiorPoints('sobol', count, d, seed + apart, within),
      ]),
    ),
  );
}
