/** Lines and planes through the domain, on which a report shows fields and residuals. */
import type { Problem } from '../../problem/index.ts';
import type { FixedCoordinate } from '../report-data.ts';

/** A line through the domain along one coordinate. */
export interface LineSection {
  /** Position of the coordinate that varies. */
  readonly coordinate: number;
  readonly at: Float64Array;
  /** (N, d), row-major. */
  readonly points: Float64Array;
}

/** A plane through the domain along two coordinates. */
export interface PlaneSection {
  /** Positions of the coordinates that vary: the horizontal one, then the vertical one. */
  readonly coordinates: readonly [number, number];
  readonly fixed: readonly FixedCoordinate[];
  readonly grid: { readonly horizontal: Float64Array; readonly vertical: Float64Array };
  /** (vertical · horizontal, d), row-major, the horizontal coordinate fastest. */
  readonly points: Float64Array;
  /** True for two coordinates of space of about the same length. */
  readonly equalScale: boolean;
}

const linePoints = 401;
const planeSide = 121;

function spread({ low, high }: Problem['coordinates'][number], count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    i === count - 1 ? high : low + ((high - low) * i) / (count - 1),
  );
}

/** Time is held at its end, where errors have grown; a space coordinate at its middle. */
function heldAt(problem: Problem, position: number): number {
  const { low, high } = problem.coordinates[position];
  return position === problem.time ? high : (low + high) / 2;
}

/** A plane may hold other coordinates elsewhere, or vary others. */
export interface PlaneChoice {
  readonly coordinates?: readonly [number, number];
  /** Values of the coordinates held, by position; default: time at its end, others at their middle. */
  readonly held?: ReadonlyMap<number, number>;
}

/** The line along one coordinate, the others held. */
export function lineSection(problem: Problem, coordinate: number): LineSection {
  const d = problem.coordinates.length;
  const at = spread(problem.coordinates[coordinate], linePoints);
  const points = new Float64Array(at.length * d);
  for (let n = 0; n < at.length; n++)
    for (let i = 0; i < d; i++) points[n * d + i] = i === coordinate ? at[n] : heldAt(problem, i);
  return { coordinate, at, points };
}

/** Sides that differ more are not drawn to the same scale: one panel would be a thread. */
const mostElongated = 4;

function hasEqualScale(problem: Problem, coordinates: readonly [number, number]): boolean {
  if (coordinates.some((i) => i === problem.time)) return false;
  const [a, b] = coordinates.map((i) => problem.coordinates[i].high - problem.coordinates[i].low);
  return Math.max(a / b, b / a) <= mostElongated;
}

/**
 * The plane a report shows of a domain of two or more coordinates: time horizontally over the one space
 * coordinate; else the first two space coordinates, the others held.
 */
export function planeSection(problem: Problem, choice: PlaneChoice = {}): PlaneSection {
  const d = problem.coordinates.length;
  const space = problem.coordinates.flatMap((_, i) => (i === problem.time ? [] : [i]));
  const [horizontal, vertical] =
    choice.coordinates ?? (d === 2 && problem.time !== null ? [problem.time, space[0]] : space);
  const held = (i: number): number => choice.held?.get(i) ?? heldAt(problem, i);
  const fixed = problem.coordinates.flatMap(({ name }, i) =>
    i === horizontal || i === vertical ? [] : [{ name, value: held(i) }],
  );
  const grid = {
    horizontal: spread(problem.coordinates[horizontal], planeSide),
    vertical: spread(problem.coordinates[vertical], planeSide),
  };
  const points = new Float64Array(planeSide * planeSide * d);
  for (let n = 0; n < planeSide * planeSide; n++)
    for (let i = 0; i < d; i++) {
      if (i === horizontal) points[n * d + i] = grid.horizontal[n % planeSide];
      else if (i === vertical) points[n * d + i] = grid.vertical[Math.floor(n / planeSide)];
      else points[n * d + i] = held(i);
    }
  const coordinates = [horizontal, vertical] as const;
  return { coordinates, fixed, grid, points, equalScale: hasEqualScale(problem, coordinates) };
}
