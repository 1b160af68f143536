/** The solution as curves over one coordinate and as surfaces over two. */
import { leavesOf } from '../../expression/expression.ts';
import type { Field, Observation, Problem } from '../../problem/index.ts';
import type { Solution } from '../../solve/solution.ts';
import type { Curve, Marks, Surface, SurfaceFit, Trajectory, TrajectoryFit } from '../report-data.ts';
import type { Comparison } from './comparison.ts';
import { type ProblemTex, problemTex } from './problem-tex.ts';
import { lineSection, type PlaneChoice, type PlaneSection, planeSection } from './section.ts';
import { shownFields } from './shown-fields.ts';

/** More would cover the field. */
const mostMarks = 600;

/** Figures of further planes would be many. */
const mostFieldsOnPlanes = 3;

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

/** Cuts across time reach from start to end; across space they keep off the faces, where values are given. */
function sliceFractions(overTime: boolean, fields: number): readonly number[] {
  if (overTime) return fields === 1 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  return fields === 1 ? [0.1, 0.3, 0.5, 0.7, 0.9] : [0.25, 0.5, 0.75];
}

function surfaceFields(solution: Solution): readonly Field[] {
  const asCurves = curveFields(solution)?.fields ?? [];
  return shownFields(solution.problem).filter((field) => !asCurves.includes(field));
}

/** Observations of a field alone, where the plane holds no coordinate. */
function observedPlaces(solution: Solution, { coordinates, fixed }: PlaneSection): Marks | undefined {
  const { observations, coordinates: all } = solution.problem;
  const places = observations.filter(({ over }) => over === undefined);
  if (fixed.length > 0 || places.length === 0) return undefined;
  const columns = coordinates.map((i) =>
    places.flatMap(({ points }) => [...points.filter((_, k) => k % all.length === i)]),
  );
  const [horizontal, vertical] = columns;
  if (horizontal.length > mostMarks) return undefined;
  return { name: 'where observations were made', horizontal, vertical };
}

function surfaceFit(solution: Solution, comparison: Comparison | undefined, choice: PlaneChoice): SurfaceFit {
  const { problem } = solution;
  const tex: ProblemTex = problemTex(problem);
  const section = planeSection(problem, choice);
  const { coordinates, grid, fixed, points, equalScale } = section;
  const values = solution.fieldsWhereInside(points);
  const reference = comparison?.evaluate(points);
  const [horizontal, vertical] = coordinates.map((i) => tex.label(problem.coordinates[i].name));
  return {
    coordinates: [horizontal, vertical],
    grid,
    fixed,
    fields: surfaceFields(solution).map(
      ({ name }): Surface => ({
        ...tex.label(name),
        solution: values[name],
        reference: reference?.[name],
      }),
    ),
    referenceName: comparison?.name,
    equalScale,
    marks: observedPlaces(solution, section),
  };
}

export function surfacesOf(solution: Solution, comparison: Comparison | undefined): SurfaceFit | undefined {
  const { problem } = solution;
  const shown = surfaceFields(solution);
  if (problem.coordinates.length < 2 || shown.length === 0) return undefined;
  const fit = surfaceFit(solution, comparison, {});
  const [across] = planeSection(problem).coordinates;
  const { low, high } = problem.coordinates[across];
  return {
    ...fit,
    slices: {
      coordinate: 0,
      at: sliceFractions(across === problem.time, shown.length).map((share) => low + share * (high - low)),
    },
  };
}

/** Of more coordinates one plane says little: earlier times, and in space the planes across the first one. */
function furtherPlanes({ coordinates, time }: Problem): PlaneChoice[] {
  const space = coordinates.flatMap((_, i) => (i === time ? [] : [i]));
  if (space.length < 2) return [];
  const planes: PlaneChoice[] = [];
  if (time !== null) {
    const { low, high } = coordinates[time];
    for (const share of [0, 0.5]) planes.push({ held: new Map([[time, low + share * (high - low)]]) });
  }
  const [first, second, third] = space;
  if (space.length > 2) planes.push({ coordinates: [first, third] }, { coordinates: [second, third] });
  if (space.length > 3) planes.push({ coordinates: [space[space.length - 2], space[space.length - 1]] });
  return planes;
}

/** The fields over further planes, where there are more coordinates than one plane shows. */
export function planesOf(solution: Solution, comparison: Comparison | undefined): SurfaceFit[] {
  const shown = surfaceFields(solution).length;
  if (shown === 0 || shown > mostFieldsOnPlanes) return [];
  return furtherPlanes(solution.problem).map((choice) => surfaceFit(solution, comparison, choice));
}
