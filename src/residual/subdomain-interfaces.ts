/**
 * What ties networks together whose subdomains meet without an overlap: fields and their derivatives below the order of
 * the equations agree on both sides (Jagtap & Karniadakis, Extended physics-informed neural networks, Commun. Comput.
 * Phys. 28, 2020).
 */
import { field, multiply, number, subtract } from '../expression/build.ts';
import type { TrialSolution } from '../network/trial-solution.ts';
import { highestOrder } from '../problem/consistency.ts';
import { networkFields } from '../problem/pieces.ts';
import type { Problem } from '../problem/problem.ts';
import { planePoints, type Subset } from './collocation.ts';
import type { ResidualBlock } from './residual-system.ts';

/** Side 0 is taken so far before the interface, where the network before it has its say. */
const before = 1e-14;

/** Where windows begin along a coordinate without a ramp, by coordinate, in ascending order. */
function interfacesOf({ networks }: TrialSolution): Map<number, number[]> {
  const found = new Map<number, Set<number>>();
  for (const { window } of networks)
    for (const { coordinate, rise } of window?.spans ?? [])
      if (rise !== null && rise[0] === rise[1])
        found.set(coordinate, (found.get(coordinate) ?? new Set()).add(rise[0]));
  return new Map(
    [...found]
      .sort(([a], [b]) => a - b)
      .map(([coordinate, places]) => [coordinate, [...places].sort((a, b) => a - b)]),
  );
}

/** @param conditionPoints on each interface */
export function subdomainInterfaces(
  problem: Problem,
  trial: TrialSolution,
  {
    conditionPoints,
    sampling,
    seed,
    weight,
  }: {
    readonly conditionPoints: number;
    readonly sampling: Parameters<typeof planePoints>[0];
    readonly seed: number;
    readonly weight: number;
  },
  within: Subset | undefined,
): ResidualBlock[] {
  const d = problem.coordinates.length;
  return [...interfacesOf(trial)].flatMap(([coordinate, places]) => {
    const after = Float64Array.from(
      places.flatMap((value) => [
        ...planePoints(sampling, conditionPoints, d, coordinate, value, seed + 1, within),
      ]),
    );
    const points = [after.map((x, i) => (i % d === coordinate ? x - before : x)), after];
    // In units of a subdomain.
    const halfWidth = 1 / (places.length + 1);
    const residuals = networkFields(problem)
      .filter(({ field: { of } }) => of.includes(coordinate))
      .flatMap(({ name, field: { name: whole, of } }) =>
        Array.from({ length: Math.max(1, highestOrder(problem, whole, coordinate)) }, (_, k) => {
          const order = problem.coordinates.map((_, i) => (i === coordinate ? k : 0));
          const jump = subtract(field(name, order, of, 0), field(name, order, of, 1));
          return multiply(number(halfWidth ** k), jump);
        }),
      );
    const count = after.length / d;
    const path = `subdomains.${problem.coordinates[coordinate].name}`;
    return count === 0 || residuals.length === 0
      ? []
      : [{ path, kind: 'condition' as const, points, count, columns: {}, residuals, weight }];
  });
}
