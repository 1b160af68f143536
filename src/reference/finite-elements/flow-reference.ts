import { NotSupportedError, SolveError } from '../../errors.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { assertInside } from '../../problem/membership.ts';
import type { Problem } from '../../problem/problem.ts';
import { newton } from '../collocation/newton.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { featureSpacing, type RelativeSpacing } from '../scattered/feature-size.ts';
import type { Spacing } from '../scattered/spacing.ts';
import { adaptedSpacing } from './adapted-spacing.ts';
import { type BoundaryCondition, FlowForm } from './flow-form.ts';
import { FlowSystem } from './flow-system.ts';
import { MeshFunction } from './mesh-function.ts';
import { type QuadraticMesh, quadraticMesh } from './quadratic-mesh.ts';

interface Flow {
  readonly values: MeshFunction;
  readonly mesh: QuadraticMesh;
}

/** Triangles of the next mesh over those of the last. */
const growth = 2;

/** Triangles along each side of a square of the shape's area, in the first mesh that Newton's method may do with. */
const firstCount = 8;
/** Of a pressure's root mean square: how far apart those of two meshes may be in a corner. */
const unsettled = 0.2;

const mostNodes = 60_000;

/** Shares of what is not linear, on the way to all of it, where Newton's method does not arrive from rest. */
const shares = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1];

/**
 * The reference of a steady flow with a pressure in a shape of the plane: triangles with quadratic velocities and a
 * linear pressure (Taylor & Hood 1973), Newton's method, small triangles in corners, where pressures may be unbounded;
 * triangles are made smaller until two solutions agree. Girault & Raviart, Finite Element Methods for Navier–Stokes
 * Equations (1986), chapters II and IV.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function flowReference(
  problem: Problem,
  _: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = new FlowForm(problem);
  const { coordinates, space } = problem;
  const box = coordinates.map(({ low, high }) => [low, high]);
  const shape = space?.shape ?? shapeOf({ box }, 'domain');
  const bounds = shape.bounds.map(({ low, high }) => high - low);
  const size = Math.hypot(...bounds);
  const corners = cornersOf(shape);
  const relative = featureSpacing(shape, shape.boundary, (point) => shape.signedDistance(point), size);
  const conditionsAt = (point: ArrayLike<number>): number[] =>
    form.boundary.flatMap((condition, c) => (holdsAt(problem, condition, point) ? [c] : []));
  const sample = shape.sample('sobol', 2000, 7);
  let best: Flow | undefined;
  let before: MeshFunction | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let estimate = Number.POSITIVE_INFINITY;
  let lastDifference = Number.NaN;
  let seconds = 0;
  for (let count = firstCount; ; ) {
    if (best !== undefined && performance.now() + 3000 * seconds > deadline) break;
    const begun = performance.now();
    const spacing =
      best === undefined
        ? cornerSpacing(Math.sqrt(shape.measure) / count, relative, corners, size)
        : adaptedSpacing(best.mesh, best.values, growth);
    const mesh = quadraticMesh(shape, corners, spacing);
    if (mesh.count > mostNodes) break;
    const system = new FlowSystem(form, mesh, conditionsAt);
    const start =
      best === undefined ? new Float64Array(system.n) : system.unknownsOf(best.values.at(mesh.points));
    const u = newton(system, 0, start, deadline) ?? continued(system, deadline);
    seconds = (performance.now() - begun) / 1000;
    if (u === undefined) {
      if (best !== undefined || performance.now() > deadline) break;
      count *= Math.SQRT2;
      continue;
    }
    const nodal = system.nodalOf(u);
    const values = new MeshFunction(mesh, nodal, problem.fields.length, form.constraint.pressure);
    if (system.floating) shiftPressure(form, values, nodal);
    const next = fieldsAt(problem, values, sample);
    if (best !== undefined) {
      const difference = relativeDifference(bestValues, next);
      // What is left of a geometric series; a half where it has not yet been seen to fall.
      const ratio = Math.min(0.8, Math.max(0.3, difference / lastDifference || 0.5));
      estimate = (difference * ratio) / (1 - ratio);
      lastDifference = difference;
    }
    before = best?.values;
    best = { values, mesh };
    bestValues = next;
    if (estimate <= target) break;
  }
  if (best === undefined) throw new SolveError("Newton's method found no steady flow");
  if (!(estimate < 0.1))
    throw new SolveError('the triangles that the time limit allows do not resolve the flow');
  const { values, mesh } = best;
  const unbounded = unboundedCorners(corners, [values, before], form.constraint.pressure);
  const free = form.pin === undefined && values.shifted;
  const pressure = problem.fields[form.constraint.pressure].name;
  return {
    available: true,
    method: `finite elements of Taylor & Hood on ${mesh.triangles.length / 6} adapted triangles, Newton's method${free ? `, ${pressure} up to a constant (mean 0)` : ''}`,
    errorEstimate: Math.max(1e-14, estimate),
    evaluate: (points) => {
      for (let i = 0; i < points.length; i += 2) assertInside(points.subarray(i, i + 2), problem, 'points');
      const found = fieldsAt(problem, values, points);
      for (let i = 0; i < points.length; i += 2)
        if (unbounded.some(([x, y]) => Math.hypot(points[i] - x, points[i + 1] - y) <= 1e-9 * size))
          found[pressure][i / 2] = Number.NaN;
      return found;
    },
  };
}

/** Whether finite elements may do: the plane, no time, and no fewer than three equations. */
export function isSteadyFlow(problem: Problem): boolean {
  if (problem.time !== null || problem.coordinates.length !== 2 || problem.fields.length < 3) return false;
  try {
    new FlowForm(problem);
    return true;
  } catch (error) {
    if (error instanceof NotSupportedError) return false;
    throw error;
  }
}

/** Corners at which the pressure of two solutions differs by more than what its size is elsewhere can be: it has no value. */
function unboundedCorners(
  corners: Float64Array,
  [last, before]: readonly (MeshFunction | undefined)[],
  pressure: number,
): [number, number][] {
  if (last === undefined || before === undefined) return [];
  const size = Math.sqrt(last.squares()[pressure] / last.measure);
  const [now, then] = [last, before].map((values) => values.at(corners));
  return Array.from({ length: corners.length / 2 }, (_, c) => c)
    .filter((c) => {
      const at = c * last.fields + pressure;
      return Math.abs(now[at] - then[at]) > unsettled * size;
    })
    .map((c) => [corners[2 * c], corners[2 * c + 1]]);
}

/** The solution as the share of what is not linear grows. */
function continued(system: FlowSystem, deadline: number): Float64Array | undefined {
  let u: Float64Array | undefined = new Float64Array(system.n);
  for (const share of shares) {
    system.share = share;
    u = newton(system, 0, u, deadline);
    if (u === undefined) return undefined;
  }
  return u;
}

function fieldsAt(
  problem: Problem,
  values: MeshFunction,
  points: Float64Array,
): Record<string, Float64Array> {
  const all = values.at(points);
  const s = problem.fields.length;
  return Object.fromEntries(
    problem.fields.map(({ name }, f) => [
      name,
      Float64Array.from({ length: points.length / 2 }, (_, i) => all[i * s + f]),
    ]),
  );
}

/** To what a condition at a point says, or to the mean 0. */
function shiftPressure({ problem, pin, constraint }: FlowForm, values: MeshFunction, u: Float64Array): void {
  const s = problem.fields.length;
  let shift = -values.mean(constraint.pressure);
  if (pin !== undefined) {
    const there = values.at(pin.points)[constraint.pressure];
    const residual = (pressure: number): number =>
      [pin.left, pin.right]
        .map((expression) =>
          evaluateScalar(expression, (leaf) => {
            if (leaf.kind === 'field') return pressure;
            if (leaf.kind === 'coordinate') return pin.points[leaf.index];
            throw new NotSupportedError('a condition of the pressure that depends on more than the place');
          }),
        )
        .reduce((left, right) => left - right);
    const slope = residual(1) - residual(0);
    shift = -residual(0) / slope - there;
  }
  for (let i = constraint.pressure; i < u.length; i += s) u[i] += shift;
  values.shifted = true;
}

/** All corners of a shape in the plane, (C, 2). */
function cornersOf(shape: ReturnType<typeof shapeOf>): Float64Array {
  const measure = shape.boundary.reduce((sum, part) => sum + part.measure, 0);
  const around = shape.boundaryAround(measure / 200);
  const corners: number[] = [];
  around.corners.forEach((corner, i) => {
    if (corner !== 0) corners.push(...around.points.subarray(2 * i, 2 * i + 2));
  });
  return Float64Array.from(corners);
}

/** Spacing that shrinks towards corners in proportion to the distance. */
function cornerSpacing(
  coarsest: number,
  relative: RelativeSpacing,
  corners: Float64Array,
  size: number,
): Spacing {
  const slope = Math.min(0.3, 1.2 * Math.sqrt(coarsest / size));
  const finest = 0.02 * coarsest;
  return {
    coarsest,
    at: (point) => {
      let nearest = Number.POSITIVE_INFINITY;
      for (let c = 0; c < corners.length; c += 2)
        nearest = Math.min(nearest, Math.hypot(point[0] - corners[c], point[1] - corners[c + 1]));
      return Math.min(coarsest * relative.at(point), finest + slope * nearest);
    },
  };
}

function holdsAt({ coordinates }: Problem, condition: BoundaryCondition, point: ArrayLike<number>): boolean {
  if (condition.kind === 'parts') return condition.parts.some((part) => part.contains(point));
  return condition.planes.some(({ coordinate, value }) => {
    const { low, high } = coordinates[coordinate];
    return Math.abs(point[coordinate] - value) <= 1e-9 * (high - low);
  });
}
