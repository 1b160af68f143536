/** The grid on which a Fourier neural operator works, found in the output points of its data. */
import { ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import type { OperatorData } from '../data/operator-data.ts';
import type { GridAxis } from './axis-interpolation.ts';
import { explicitCoordinates } from './explicit-coordinates.ts';

export interface OutputGrid {
  /** One for each coordinate; those with a single node are no axes of the operator. */
  readonly axes: readonly GridAxis[];
  /** For each node, the last axis running fastest, its place among the output points. */
  readonly places: readonly number[];
}

/** An axis of the operator: a coordinate with more than one node. */
export interface FourierAxis extends GridAxis {
  /** Position of its coordinate. */
  readonly coordinate: number;
  /** Points on the circle on which waves live: behind the nodes some that close it, where there is no period. */
  readonly padded: number;
  /** Waves that are kept, the constant among them. */
  readonly modes: number;
  /** Whether the network sees the coordinate: always where there is no period, else where the problem's texts hold it. */
  readonly seen: boolean;
}

const hint = 'give an equidistant grid that fills the domain, such as "points": 64';

/** @throws ProblemError for points that are no such grid */
export function outputGrid(problem: Problem, { aligned, points, pointCount }: OperatorData): OutputGrid {
  const refuse = (what: string): never => {
    throw new ProblemError(`a Fourier neural operator works on a grid: ${what}`, {
      path: 'solve.operator.points',
      hint,
    });
  };
  if (!aligned) refuse('the functions of these data have output points of their own each');
  if (problem.space !== undefined) refuse('this domain is no box');
  const d = problem.coordinates.length;
  const circles = new Set(problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [c.coordinate] : [])));
  const columns = problem.coordinates.map(({ low, high }, i) => {
    const values = Float64Array.from({ length: pointCount }, (_, n) => points[n * d + i]).sort();
    const tolerance = 1e-9 * (high - low);
    return [...values].filter((value, n) => n === 0 || value - values[n - 1] > tolerance);
  });
  if (columns.reduce((all, { length }) => all * length, 1) !== pointCount)
    refuse('these output points are none');
  const axes = columns.map((values, i): GridAxis => {
    const { name, low, high } = problem.coordinates[i];
    const n = values.length;
    const step = (values[n - 1] - values[0]) / (n - 1);
    const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6 * (high - low);
    if (n > 1 && !values.every((value, k) => near(value, values[0] + k * step)))
      refuse(`the values of ${name} are not equidistant`);
    if (n > 1 && circles.has(i) && !near(values[0] + n * step, high) && !near(values[n - 1], high))
      refuse(`the values of ${name} do not go round the circle`);
    if (n > 1 && !circles.has(i) && !(near(values[0], low) && near(values[n - 1], high)))
      refuse(`the values of ${name} do not reach from ${low} to ${high}`);
    // On a circle both ends are the same point.
    const open = n > 2 && circles.has(i) && near(values[n - 1], high);
    return { low, high, nodes: open ? values.slice(0, -1) : values, periodic: n > 1 && circles.has(i) };
  });
  const sides = axes.map(({ nodes }) => nodes.length);
  const places = new Array<number>(sides.reduce((a, b) => a * b, 1)).fill(-1);
  for (let n = 0; n < pointCount; n++) {
    let place = 0;
    const outside = axes.some(({ nodes, low, high }, i) => {
      const value = points[n * d + i];
      const k = nodes.length === 1 ? 0 : Math.round((value - nodes[0]) / (nodes[1] - nodes[0]));
      place = place * sides[i] + k;
      return k >= nodes.length || Math.abs(value - nodes[k]) > 1e-6 * (high - low);
    });
    if (!outside) places[place] = n;
  }
  if (places.includes(-1)) refuse('these output points are none');
  return { axes, places };
}

/** Points that close the circle, over the nodes of an axis without a period. */
const padding = 1 / 8;
const leastPadding = 4;
const defaultModes = [16, 8];

/** @throws ProblemError for more than two axes, or modes that the nodes do not tell apart */
export function fourierAxes(
  problem: Problem,
  { axes }: OutputGrid,
  wanted: number | readonly number[] | undefined,
): FourierAxis[] {
  const explicit = explicitCoordinates(problem);
  const long = axes.flatMap((axis, coordinate) => (axis.nodes.length > 1 ? [{ ...axis, coordinate }] : []));
  if (long.length === 0 || long.length > 2)
    throw new ProblemError(`a Fourier neural operator has one or two axes, not ${long.length}`, {
      path: 'solve.operator.architecture',
      hint: 'take the architecture "deeponet"',
    });
  if (typeof wanted === 'object' && wanted.length !== long.length)
    throw new ProblemError(`there are ${wanted.length} numbers of modes for ${long.length} axes`, {
      path: 'solve.operator.modes',
    });
  return long.map((axis, k) => {
    const n = axis.nodes.length;
    const padded = axis.periodic ? n : n + Math.max(leastPadding, Math.round(padding * n));
    const most = Math.floor((padded + 1) / 2);
    const given = typeof wanted === 'object' ? wanted[k] : wanted;
    if (given !== undefined && given > most)
      throw new ProblemError(`${n} points do not tell ${given} waves apart`, {
        path: 'solve.operator.modes',
        hint: `take at most ${most}, or more points`,
      });
    const modes = given ?? Math.min(most, defaultModes[long.length - 1]);
    return { ...axis, padded, modes, seen: !axis.periodic || explicit.has(axis.coordinate) };
  });
}
