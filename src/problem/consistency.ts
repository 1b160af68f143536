/** Checks that need the whole problem: do equations, fields and conditions fit together? */
import { ProblemError } from '../errors.ts';
import { subtract } from '../expression/build.ts';
import { leafKey, leavesOf } from '../expression/expression.ts';
import { totalOrder } from '../jet/multi-index.ts';
import { fieldLeaves, impliedValue } from './implied-value.ts';
import type { Condition, Problem } from './problem.ts';

/** Highest order of a derivative of `field` in the equations, along one coordinate or in total. */
export function highestOrder(
  problem: Pick<Problem, 'equations'>,
  field: string,
  coordinate?: number,
): number {
  const leaves = fieldLeaves(problem.equations.flatMap(({ left, right }) => [left, right]));
  return Math.max(
    0,
    ...leaves
      .filter((leaf) => leaf.name === field)
      .map((leaf) => (coordinate === undefined ? totalOrder(leaf.order) : leaf.order[coordinate])),
  );
}

function checkEquations(problem: Problem): void {
  const determined = problem.fields.filter((field) => !field.unknown);
  for (const equation of problem.equations)
    if (fieldLeaves([equation.left, equation.right]).length === 0)
      throw new ProblemError('the equation holds no field', {
        path: equation.path,
        hint: `fields are ${problem.fields.map((f) => f.name).join(', ')}`,
      });
  for (const field of problem.fields)
    if (
      !problem.equations.some(({ left, right }) =>
        fieldLeaves([left, right]).some((leaf) => leaf.name === field.name),
      )
    )
      throw new ProblemError(`field \`${field.name}\` stands in no equation`, {
        path: 'fields',
        hint: 'give it an equation, or take it out',
      });
  const everywhere = problem.equations.filter((equation) => equation.where === undefined).length;
  const partwise = problem.equations.length > everywhere;
  const count = determined.length;
  if (partwise ? problem.equations.length < count || everywhere > count : everywhere !== count)
    throw new ProblemError(
      `${problem.equations.length} equation${problem.equations.length === 1 ? '' : 's'} for ${count} field${count === 1 ? '' : 's'} (${determined.map((f) => f.name).join(', ')})`,
      {
        path: 'equations',
        hint: 'there must be one for each field; a coefficient found from data is declared { "unknown": true }',
      },
    );
}

function involves(condition: Condition, field: string): boolean {
  return (
    condition.kind !== 'periodic' &&
    fieldLeaves([condition.left, condition.right]).some((leaf) => leaf.name === field)
  );
}

function checkInitialConditions(problem: Problem): void {
  const observed = new Set(
    fieldLeaves(problem.observations.map((o) => o.expression)).map((leaf) => leaf.name),
  );
  const { time } = problem;
  for (const field of problem.fields) {
    if (field.unknown || observed.has(field.name)) continue;
    if (time !== null) {
      const needed = highestOrder(problem, field.name, time);
      const given = problem.conditions.filter(
        (condition) =>
          (condition.kind === 'planes' &&
            condition.planes.some((plane) => plane.coordinate === time) &&
            involves(condition, field.name)) ||
          (condition.kind === 'points' && involves(condition, field.name)) ||
          (condition.kind === 'periodic' && condition.coordinate === time),
      ).length;
      const name = problem.coordinates[time].name;
      const start = problem.coordinates[time].low;
      if (given < needed)
        throw new ProblemError(
          given === 0
            ? `field \`${field.name}\` has no initial condition`
            : `field \`${field.name}\` has ${given} of ${needed} initial conditions`,
          {
            path: 'conditions',
            hint: `its equation is of order ${needed} in ${name}: add { "on": "${name} = ${start}", "equation": "${field.name}${given === 0 ? '' : '_'.concat(name.repeat(given))} = …" }`,
          },
        );
    } else if (problem.coordinates.length === 1) {
      const needed = highestOrder(problem, field.name);
      if (
        needed > 0 &&
        !problem.conditions.some((c) => c.kind === 'periodic' || involves(c, field.name)) &&
        problem.fields.length === 1
      )
        throw new ProblemError(`field \`${field.name}\` has no condition`, {
          path: 'conditions',
          hint: `its equation is of order ${needed}: it needs ${needed}`,
        });
    }
  }
  if (time === null && problem.coordinates.length === 1 && problem.observations.length === 0) {
    const needed = problem.fields.reduce(
      (sum, field) => sum + (field.unknown ? 0 : highestOrder(problem, field.name)),
      0,
    );
    const given = problem.conditions.reduce(
      (sum, c) =>
        sum +
        (c.kind === 'periodic'
          ? problem.fields.length * (c.order + 1)
          : c.kind === 'points'
            ? c.count
            : c.planes.length),
      0,
    );
    if (given < needed)
      throw new ProblemError(
        `${given} condition${given === 1 ? '' : 's'} for equations of total order ${needed}`,
        { path: 'conditions', hint: `${needed} are needed for one solution` },
      );
  }
}

/** Where a condition holds, as a text that two conditions share exactly when they hold at the same place. */
function placesOf(
  condition: Condition,
  problem: Problem,
): { key: string; point: number[]; normals: Map<string, number> }[] {
  if (condition.kind === 'periodic') return [];
  const dimension = problem.coordinates.length;
  if (condition.kind === 'points')
    return Array.from({ length: condition.count }, (_, i) => {
      const point = [...condition.points.slice(i * dimension, (i + 1) * dimension)];
      return { key: dimension === 1 ? `0=${point[0]}` : `(${point.join(',')})`, point, normals: new Map() };
    });
  return condition.planes.map((plane) => ({
    key: `${plane.coordinate}=${plane.value}`,
    point: problem.coordinates.map(({ low, high }, i) =>
      i === plane.coordinate ? plane.value : low + (high - low) * ((0.37 + 0.618 * i) % 1),
    ),
    normals: new Map(
      problem.coordinates.map((c, i) => [`normal:${c.name}`, i === plane.coordinate ? plane.outward : 0]),
    ),
  }));
}

function checkContradictions(problem: Problem): void {
  const known = new Map<string, { value: number; condition: Condition }>();
  for (const condition of problem.conditions)
    for (const { key, point, normals } of placesOf(condition, problem)) {
      if (condition.kind === 'periodic') continue;
      const implied = impliedValue(subtract(condition.left, condition.right), (leaf) => {
        if (leaf.kind === 'coordinate') return point[leaf.index];
        if (leaf.kind === 'unknown') return problem.unknowns.find((u) => u.name === leaf.name)!.initial;
        return normals.get(leaf.name) ?? 0;
      });
      if (implied === undefined) continue;
      const place = `${key}|${leafKey(implied.leaf)}`;
      const earlier = known.get(place);
      if (earlier === undefined) known.set(place, { value: implied.value, condition });
      else if (
        Math.abs(earlier.value - implied.value) >
        1e-9 * Math.max(1e-300, Math.abs(earlier.value), Math.abs(implied.value))
      )
        throw new ProblemError(
          `\`${condition.text}\` contradicts ${earlier.condition.path} (\`${earlier.condition.text}\`) at the same place`,
          {
            path: condition.path,
            hint: 'take one of the two out',
          },
        );
    }
}

function checkUnknowns(problem: Problem): void {
  const used = new Set(
    leavesOf([
      ...problem.equations.flatMap(({ left, right }) => [left, right]),
      ...problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [] : [c.left, c.right])),
      ...problem.observations.map((o) => o.expression),
    ]).flatMap((leaf) => (leaf.kind === 'unknown' ? [leaf.name] : [])),
  );
  for (const { name } of problem.unknowns)
    if (!used.has(name))
      throw new ProblemError(`the unknown \`${name}\` stands in no equation, condition or observation`, {
        path: `unknowns.${name}`,
        hint: 'nothing could determine it',
      });
  const wanted = [
    ...problem.unknowns.map((u) => u.name),
    ...problem.fields.filter((f) => f.unknown).map((f) => f.name),
  ];
  if (
    wanted.length > 0 &&
    problem.observations.length === 0 &&
    problem.time !== null &&
    problem.coordinates.length === 1
  ) {
    const order = problem.fields.reduce(
      (sum, field) => sum + (field.unknown ? 0 : highestOrder(problem, field.name)),
      0,
    );
    const given = problem.conditions.reduce((sum, c) => sum + (c.kind === 'planes' ? c.planes.length : 1), 0);
    if (given <= order)
      throw new ProblemError(`there are no data from which ${wanted.join(', ')} could be estimated`, {
        path: 'data',
        hint: 'give observations',
      });
  }
}

/** @throws ProblemError naming the first thing that does not fit. */
export function checkConsistency(problem: Problem): void {
  checkEquations(problem);
  checkUnknowns(problem);
  checkInitialConditions(problem);
  checkContradictions(problem);
}
