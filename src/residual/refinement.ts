/**
 * Residual-based adaptive refinement (RAR): collocation points added where the residual is largest (Lu, Meng, Mao
 * & Karniadakis, SIAM Review 63, 2021).
 */
import type { Sampling } from '../geometry/point-set.ts';
import { withMovedPoints } from './adaptive-points.ts';
import { candidatePoints, type Importance, movableGroups } from './candidates.ts';
import type { ResidualSystem } from './residual-system.ts';

export interface Refinement {
  /** Points added at a time. */
  readonly add: number;
  /** Points among which the worst are found; default 4 for each point of the block. */
  readonly candidates?: number;
  /** No more points than this are held. */
  readonly maximum: number;
  readonly importance?: Importance;
}

const candidatesPerPoint = 4;

/** The system with the worst candidates added to the points of its equations, where they hold in the whole domain. */
export function refined(
  system: ResidualSystem,
  theta: Float64Array,
  sampling: Sampling,
  seed: number,
  { add, candidates, maximum, importance }: Refinement,
): ResidualSystem {
  const d = system.trial.dimension;
  const grown = new Map<Float64Array, Float64Array>();
  for (const group of movableGroups(system)) {
    const [old] = group[0].points;
    const { count } = group[0];
    const room = Math.min(add, maximum - count);
    if (room <= 0) continue;
    const total = candidates ?? candidatesPerPoint * count;
    const choice = candidatePoints(system, group, theta, sampling, total, seed, importance);
    const order = Uint32Array.from(choice.sizes, (_, n) => n).sort(
      (a, b) => choice.sizes[b] - choice.sizes[a] || a - b,
    );
    const worst = order.subarray(0, room);
    const points = new Float64Array(old.length + worst.length * d);
    points.set(old);
    worst.forEach((n, i) => {
      points.set(choice.points.subarray(n * d, (n + 1) * d), old.length + i * d);
    });
    grown.set(old, points);
  }
  return withMovedPoints(system, grown);
}
