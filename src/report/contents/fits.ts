/** The solution as curves over one coordinate and as surfaces over two. */
import { leavesOf } from '../../expression/expression.ts';
import type { Field, Observation } from '../../problem/index.ts';
import type { Solution } from '../../solve/solution.ts';
import type { Curve, Surface, SurfaceFit, Trajectory, TrajectoryFit } from '../report-data.ts';
import type { Comparison } from './comparison.ts';
import { type ProblemTex, problemTex } from './problem-tex.ts';
import { lineSection, planeSection } from './section.ts';
import { shownFields } from './shown-fields.ts';

/** Fields over one coordinate: all of an ordinary problem; else those that depend on the same single one. */
function curveFields({ problem }: Solution): { coordinate: number; fields: readonly Field[] } | undefined {
  const fields = shownFields(problem);
  if (problem.coordinates.length === 1) return { coordinate: 0, fields };
  const single = fields.filter(({ of }) => of.length === 1);
  if (single.length === 0) return undefined;
  const [coordinate] = single[0].of;
  return { coordinate, fields: single.filter(({ of }) => of[0] === coordinate) };
}

/** All observations of one quantity, whichever table they stand in. */
function dataOf(solution: Solution, text: string, coordinate: number, over?: number): Curve | undefined {
  const { observations, coordinates } = solution.problem;
  const own = observations.filter(
    (observation) => observation.text.trim() === text && observation.over === over,
  );
  if (own.length === 0) return undefined;
  const d = coordinates.length;
  return {
    at: own.flatMap(({ points, count }) =>
      Array.from({ length: count }, (_, n) => points[n * d + coordinate]),
    ),
    values: own.flatMap(({ values }) => [...values]),
  };
}

/** Observed expressions other than a field alone, that live on the line of the curves: one panel each. */
function observedExpressions(solution: Solution, coordinate: number): Observation[] {
  const { fields, observations } = solution.problem;
  const seen = new Set(fields.map(({ name }) => name));
  return observations.filter(({ text, expression, over }) => {
    const quantity = over === undefined ? text.trim() : `${text.trim()} over ${over}`;
    if (seen.has(quantity)) return false;
    seen.add(quantity);
    return leavesOf([expression]).every((leaf) => {
      if (leaf.kind === 'field') return leaf.of.every((i) => i === coordinate);
      return leaf.kind !== 'coordinate' || leaf.index === coordinate;
    });
  });
}

/** An observed expression along the line; what accumulates begins where its first span ends. */
function observedTrajectory(
  solution: Solution,
  { text, expression, over }: Observation,
  coordinate: number,
  at: Curve['at'],
  points: Float64Array,
  tex: ProblemTex,
): Trajectory {
  const data = dataOf(solution, text.trim(), coordinate, over);
  if (over === undefined) {
    const values = solution.expressionWhereInside(expression, points);
    return { name: text.trim(), tex: tex.text(text), solution: { at, values }, data };
  }
  const { coordinates, time } = solution.problem;
  const d = coordinates.length;
  const { name, low } = coordinates[time!];
  const rows = Array.from(at, (_, n) => n).filter((n) => points[n * d + time!] - over >= low);
  const ends = Float64Array.from(rows.flatMap((n) => [...points.subarray(n * d, (n + 1) * d)]));
  const begins = ends.map((value, k) => (k % d === time ? value - over : value));
  const t = tex.name(name);
  return {
    name: `${text.trim()} over ${over}`,
    tex: `\\int_{${t}-${over}}^{${t}} ${tex.text(text)} \\, d${t}`,
    solution: { at: rows.map((n) => at[n]), values: solution.evaluateExpression(expression, ends, begins) },
    data,
  };
}

export function trajectoriesOf(
  solution: Solution,
  comparison: Comparison | undefined,
): TrajectoryFit | undefined {
  const curves = curveFields(solution);
  if (curves === undefined) return undefined;
  const { problem } = solution;
  const tex = problemTex(problem);
  const { at, points } = lineSection(problem, curves.coordinate);
  const values = solution.fieldsWhereInside(points);
  const reference = comparison?.evaluate(points);
  const fields = curves.fields.map(({ name }): Trajectory => {
    const compared = reference?.[name];
    return {
      ...tex.label(name),
      solution: { at, values: values[name] },
      reference: compared === undefined ? undefined : { at, values: compared },
      data: dataOf(solution, name, curves.coordinate),
    };
  });
  const observed = observedExpressions(solution, curves.coordinate).map((observation) =>
    observedTrajectory(solution, observation, curves.coordinate, at, points, tex),
  );
  return {
    coordinate: tex.label(problem.coordinates[curves.coordinate].name),
    fields: [...fields, ...observed],
    referenceName: comparison?.name,
  };
}

/** Sides that differ more are not drawn to the same scale: one panel would be a thread. */
const mostElongated = 4;

function hasEqualScale({ problem }: Solution, coordinates: readonly [number, number]): boolean {
  if (coordinates.some((i) => i === problem.time)) return false;
  const [a, b] = coordinates.map((i) => problem.coordinates[i].high - problem.coordinates[i].low);
  return Math.max(a / b, b / a) <= mostElongated;
}

/** Cuts across time reach from start to end; across space they keep off the faces, where values are given. */
function sliceFractions(overTime: boolean, fields: number): readonly number[] {
  if (overTime) return fields === 1 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  return fields === 1 ? [0.1, 0.3, 0.5, 0.7, 0.9] : [0.25, 0.5, 0.75];
}

function surfaceFields(solution: Solution): readonly Field[] {
  const asCurves = curveFields(solution)?.fields ?? [];
  return shownFields(solution.problem).filter((field) => !asCurves.includes(field));
}

export function surfacesOf(solution: Solution, comparison: Comparison | undefined): SurfaceFit | undefined {
  const { problem } = solution;
  const shown = surfaceFields(solution);
  if (problem.coordinates.length < 2 || shown.length === 0) return undefined;
  const tex: ProblemTex = problemTex(problem);
  const section = planeSection(problem);
  const { coordinates, grid, fixed, points } = section;
  const values = solution.fieldsWhereInside(points);
  const reference = comparison?.evaluate(points);
  const [horizontal, vertical] = coordinates.map((i) => tex.label(problem.coordinates[i].name));
  const { low, high } = problem.coordinates[coordinates[0]];
  return {
    coordinates: [horizontal, vertical],
    grid,
    fixed,
    fields: shown.map(
      ({ name }): Surface => ({
        ...tex.label(name),
        solution: values[name],
        reference: reference?.[name],
      }),
    ),
    referenceName: comparison?.name,
    equalScale: hasEqualScale(solution, coordinates),
    slices: {
      coordinate: 0,
      at: sliceFractions(coordinates[0] === problem.time, shown.length).map(
        (share) => low + share * (high - low),
      ),
    },
  };
}
