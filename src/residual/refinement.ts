/**
 * Residual-based adaptive refinement (RAR): collocation points added where the residual is largest (Lu, Meng, Mao
 * & Karniadakis, SIAM Review 63, 2021).
 */
import type { Sampling } from '../geometry/point-set.ts';
import { candidatePoints, type Importance, movableGroups, type ResidualsOf } from './candidates.ts';
import { withMovedPoints } from './moved-points.ts';
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
export async function refined(
  system: ResidualSystem,
  residualsOf: ResidualsOf,
  sampling: Sampling,
  seed: number,
  { add, candidates, maximum, importance }: Refinement,
): Promise<ResidualSystem> {
  const d = system.trial.dimension;
  const counts = movableGroups(system).map(([{ count }]) => count);
  if (counts.every((count) => count >= maximum)) return system;
  const totals = counts.map((count) => candidates ?? candidatesPerPoint * count);
  const choices = await candidatePoints(system, residualsOf, sampling, totals, seed, importance);
  const grown = new Map<Float64Array, Float64Array>();
  for (const [old, choice] of choices) {
    const room = Math.min(add, maximum - old.length / d);
    if (room <= 0) continue;
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
