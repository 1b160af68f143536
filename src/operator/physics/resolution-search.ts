/** How many functions along each coordinate, and how many windows of time, hold solutions to the digits wanted. */
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import type { Problem } from '../../problem/index.ts';
import type { FieldRange } from '../../residual/index.ts';
import { isMarchable } from '../../solve/random-features/window-search.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { FunctionSolver, type Resolution, type Sizes } from './function-solver.ts';

export interface ResolutionChoice {
  readonly resolution: Resolution;
  readonly sizes: Sizes;
  /** Relative change of the pilot solutions, root mean square, with more functions or windows. */
  readonly error: number;
  /** For one function, in one thread, after the first one. */
  readonly seconds: number;
}

export interface SearchOptions {
  readonly seed: number;
  /** Relative error in root mean square at which the search ends. */
  readonly goal: number;
  /** For one function. */
  readonly mostSeconds: number;
  /** Ends the search early. */
  readonly ended: () => boolean;
}

/** Functions along a coordinate, level by level. */
const ladder = [10, 14, 18, 24, 32, 42, 54, 70, 90];
const windowLadder = [1, 2, 4, 6, 9, 13, 19, 28, 40, 60];

/** Functions of time within a window, of ordinary and of partial differential equations. */
const timeCounts = [20, 6];

/** More coefficients than this at a time are more than the solver is made for. */
const mostCoefficients = 1600;

/** Windows times the cube of coefficients up to which the search goes on to a hundredth of the goal: milliseconds. */
const cheapWork = 2e6;

/** Sides of the grid on which solutions are compared, by number of coordinates. */
const sides = [201, 41, 15];

/** Coordinates with at least this share of the largest change are refined together. */
const together = 0.3;

interface Level {
  /** Position in a ladder, for each coordinate. */
  readonly at: readonly number[];
}

interface Pilot {
  readonly solver: FunctionSolver;
  /** By function and field, values on the grid; undefined where there is no solution. */
  readonly values: readonly (Readonly<Record<string, Float64Array>> | undefined)[];
  readonly seconds: number;
}

const workOf = ({ solver: { size, length } }: Pilot): number => length * size ** 2;

function comparisonGrid({ coordinates }: Problem): Float64Array {
  const d = coordinates.length;
  const side = sides[Math.min(d, sides.length) - 1];
  const count = side ** d;
  const points = new Float64Array(count * d);
  for (let n = 0; n < count; n++) {
    let rest = n;
    for (let i = d - 1; i >= 0; i--) {
      const k = rest % side;
      rest = (rest - k) / side;
      // Within the domain, and on no face between windows.
      const share = (k + 0.38) / (side - 0.24);
      points[n * d + i] = coordinates[i].low + (coordinates[i].high - coordinates[i].low) * share;
    }
  }
  return points;
}

/** Coordinates of the domain's points alone. */
function withinSpace({ space, coordinates }: Problem, points: Float64Array): Float64Array {
  if (space === undefined) return points;
  const d = coordinates.length;
  const kept: number[] = [];
  for (let n = 0; n < points.length; n += d)
    if (space.shape.contains(Float64Array.from(space.coordinates, (i) => points[n + i])))
      kept.push(...points.subarray(n, n + d));
  return Float64Array.from(kept);
}

/** Largest relative change of any pilot's field, root mean square; infinite where there is no solution. */
function changeBetween(a: Pilot, b: Pilot): number {
  let worst = 0;
  a.values.forEach((own, i) => {
    const other = b.values[i];
    if (own === undefined || other === undefined) {
      worst = Number.POSITIVE_INFINITY;
      return;
    }
    for (const [name, values] of Object.entries(own)) {
      let [difference, size] = [0, 0];
      values.forEach((value, n) => {
        difference += (value - other[name][n]) ** 2;
        size += other[name][n] ** 2;
      });
      worst = Math.max(worst, size > 0 ? Math.sqrt(difference / size) : 0);
    }
  });
  return worst;
}

/**
 * Refines the coordinates along which the pilots' solutions still change, until they do not, or until one function
 * takes too long.
 *
 * @returns undefined where no resolution within the limits gives a solution
 */
export async function searchResolution(
  problem: Problem,
  pilots: readonly Readonly<Record<string, FunctionSample>>[],
  given: Sizes,
  memory: LinearMemory,
  { seed, goal, mostSeconds, ended }: SearchOptions,
): Promise<ResolutionChoice | undefined> {
  const d = problem.coordinates.length;
  const { time } = problem;
  const marched = isMarchable(problem) ? time : null;
  const inner = timeCounts[Math.min(d, timeCounts.length) - 1];
  const grid = withinSpace(problem, comparisonGrid(problem));
  let sizes = given;
  const resolutionOf = ({ at }: Level): Resolution => ({
    counts: at.map((level, i) => (i === marched ? inner : ladder[level])),
    windows: marched === null ? 1 : windowLadder[at[marched]],
  });
  const valid = ({ at }: Level): boolean =>
    at.every((level, i) => level < (i === marched ? windowLadder : ladder).length) &&
    problem.fields.reduce((sum, { of }) => {
      const { counts } = resolutionOf({ at });
      return sum + of.reduce((product, i) => product * counts[i], 1);
    }, 0) <= mostCoefficients;
  const done = new Map<string, Pilot>();
  const tried = async (level: Level): Promise<Pilot> => {
    const key = level.at.join();
    const known = done.get(key);
    if (known !== undefined) return known;
    await new Promise((resolve) => setTimeout(resolve));
    const mark = memory.mark();
    try {
      const solver = new FunctionSolver(problem, resolutionOf(level), sizes, seed, memory);
      let seconds = 0;
      const values = pilots.map((samples, i) => {
        const start = performance.now();
        const found = i === 0 ? solver.prepare(samples) : solver.solve(samples);
        if (i > 0 || pilots.length === 1) seconds = Math.max(seconds, (performance.now() - start) / 1000);
        if (found === undefined) return undefined;
        return Object.fromEntries(
          problem.fields.map(({ name }) => [
            name,
            solver.basisOf(name, solver.fieldCoefficients(found, name), 1).values(grid, grid.length / d),
          ]),
        );
      });
      const pilot = { solver, values, seconds };
      done.set(key, pilot);
      return pilot;
    } finally {
      memory.release(mark);
    }
  };
  let level: Level = { at: problem.coordinates.map((_, i) => (i === marched ? (d === 1 ? 0 : 1) : 1)) };
  let current = await tried(level);
  let measured = false;
  for (;;) {
    if (!measured && current.values.every((own) => own !== undefined)) {
      // Now it is known how large the fields are.
      measured = true;
      sizes = { ...sizes, ranges: rangesOf(problem, current) };
      done.clear();
      current = await tried(level);
    }
    const raised = (axes: readonly number[]): Level => ({
      at: level.at.map((k, i) => (axes.includes(i) ? k + 1 : k)),
    });
    const changes: {
      readonly axis: number;
      readonly change: number;
      readonly pilot: Pilot;
      readonly next: Level;
    }[] = [];
    for (let axis = 0; axis < d; axis++) {
      const next = raised([axis]);
      if (!valid(next)) continue;
      const pilot = await tried(next);
      changes.push({ axis, change: changeBetween(current, pilot), pilot, next });
      if (ended()) break;
    }
    const worst = Math.max(0, ...changes.map(({ change }) => change));
    const choice = (error: number): ResolutionChoice | undefined =>
      current.values.some((own) => own !== undefined)
        ? { resolution: resolutionOf(level), sizes, error, seconds: current.seconds }
        : undefined;
    if (ended()) return choice(worst);
    const refined = changes.filter(
      ({ change, pilot }) =>
        change > (workOf(pilot) <= cheapWork ? goal / 100 : goal) && change >= together * worst,
    );
    const affordable = refined.filter(({ pilot }) => pilot.seconds <= mostSeconds);
    if (affordable.length === 0) return choice(worst);
    const all = raised(affordable.map(({ axis }) => axis));
    const next = affordable.length > 1 && valid(all) ? all : affordable[0].next;
    const pilot = await tried(next);
    if (pilot.seconds > mostSeconds) {
      // One at a time, the one that changes most.
      const [first] = affordable.toSorted((a, b) => b.change - a.change);
      if (next === first.next) return choice(worst);
      level = first.next;
      current = first.pilot;
    } else {
      level = next;
      current = pilot;
    }
  }
}

function rangesOf(problem: Problem, { values }: Pilot): Map<string, FieldRange> {
  return new Map(
    problem.fields.map(({ name }) => {
      const size = values.reduce(
        (most, own) => own?.[name].reduce((m, value) => Math.max(m, Math.abs(value)), most) ?? most,
        0,
      );
      return [name, { low: -size, high: size }];
    }),
  );
}
