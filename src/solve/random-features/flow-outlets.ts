/** Faces by which a flow leaves, at which it has thin layers. */
import { subtract } from '../../expression/build.ts';
import { leavesOf } from '../../expression/expression.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import type { NetworkChart } from '../../network/chart.ts';
import type { Problem } from '../../problem/index.ts';
import type { Condition } from '../../problem/problem.ts';
import { multipliers } from './flow-corners.ts';

/** Over the half width of the domain: thinner layers are not looked for. */
const thinnest = 2e-3;

/** On a part of a boundary, to tell whether it lies in a face. */
const probes = 8;

/** The field whose value a condition gives. */
function givenField(condition: Condition): string | undefined {
  if (condition.kind !== 'planes' && condition.kind !== 'parts') return undefined;
  const fields = leavesOf([subtract(condition.left, condition.right)]).flatMap((leaf) =>
    leaf.kind === 'field' ? [leaf] : [],
  );
  return fields.length === 1 && totalOrder(fields[0].order) === 0 ? fields[0].name : undefined;
}

/** The faces of the box around the domain that a condition is on. */
function facesOf(condition: Condition, { coordinates, space }: Problem): string[] {
  const sides = coordinates.flatMap(({ low, high }, axis) =>
    [low, high].map((value, side) => ({ axis, side, value, tolerance: 1e-9 * (high - low) })),
  );
  if (condition.kind === 'planes')
    return condition.planes.flatMap((plane) =>
      sides.flatMap(({ axis, side, value, tolerance }) =>
        plane.coordinate === axis && Math.abs(plane.value - value) <= tolerance ? [`${axis} ${side}`] : [],
      ),
    );
  if (condition.kind !== 'parts' || space === undefined) return [];
  const own = space.coordinates;
  return condition.parts.flatMap((part) => {
    const { points } = part.sample('sobol', probes, 0);
    return sides.flatMap(({ axis, side, value, tolerance }) => {
      const i = own.indexOf(axis);
      if (i < 0) return [];
      for (let n = i; n < points.length; n += own.length)
        if (Math.abs(points[n] - value) > tolerance) return [];
      return [`${axis} ${side}`];
    });
  });
}

/**
 * Where a pressure is given and a velocity besides, but not all of the velocity, fluid passes through a face. What is
 * given there is felt upstream by diffusion alone: the velocity gets to it in a layer as thin as the viscosity over the
 * speed (Roos, Stynes & Tobiska, Robust Numerical Methods for Singularly Perturbed Differential Equations, 2008).
 */
export function layersAtOutlets(problem: Problem): NetworkChart[] {
  const lower = multipliers(problem);
  if (lower.length === 0) return [];
  const given = new Map<string, Set<string>>();
  for (const condition of problem.conditions) {
    const name = givenField(condition);
    if (name === undefined) continue;
    for (const face of facesOf(condition, problem)) given.set(face, (given.get(face) ?? new Set()).add(name));
  }
  return [...given].flatMap(([face, names]): NetworkChart[] => {
    const velocities = [...names].filter((name) => !lower.includes(name)).length;
    const free = problem.fields.length - lower.length - velocities;
    if (velocities === names.size || velocities === 0 || free === 0) return [];
    const [axis, side] = face.split(' ').map(Number);
    return [{ kind: 'layer', coordinates: [axis], center: [2 * side - 1], radii: [thinnest] }];
  });
}
