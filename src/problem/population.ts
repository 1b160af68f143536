/** Counts of people against the population that they are counted in. */
import { ProblemError } from '../errors.ts';
import { isZero, subtract } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import type { Expression } from '../expression/expression.ts';
import type { Flow } from './flows.ts';
import { fieldLeaves, impliedValue } from './implied-value.ts';
import type { NoiseModel } from './noise.ts';
import type { Observation, Problem } from './problem.ts';

/** Noise may lift a value above the population by so many standard deviations … */
const deviations = 5;
/** … or, where its size is not stated, by this share of the population. */
const unstatedShare = 0.25;

/** The initial value of every compartment; undefined where one is unknown or not given. */
function initialValues(problem: Problem, compartments: readonly string[]): Map<string, number> | undefined {
  const values = new Map<string, number>();
  for (const condition of problem.conditions) {
    if (condition.kind !== 'planes') continue;
    const place = condition.planes[0].value;
    const found = impliedValue(subtract(condition.left, condition.right))((leaf) =>
      leaf.kind === 'coordinate' ? place : Number.NaN,
    );
    if (found?.leaf.order.every((k) => k === 0)) values.set(found.leaf.name, found.value);
  }
  return compartments.every((name) => (values.get(name) ?? -1) >= 0) ? values : undefined;
}

/** Whether people may pass through the same flow more than once. */
function hasCycle(flows: readonly Flow[]): boolean {
  let left = flows.filter(({ from, to }) => from !== undefined && to !== undefined);
  for (;;) {
    const onward = left.filter((flow) => left.some(({ from }) => from === flow.to));
    if (onward.length === left.length) return left.length > 0;
    left = onward;
  }
}

/** Whether it is a sum of compartments, each taken at most once. */
function isPart(expression: Expression): boolean {
  const leaves = fieldLeaves([expression]);
  return leaves.every((leaf) => {
    const slope = partial(expression, leaf);
    return isZero(slope) || (slope.kind === 'number' && slope.value >= 0 && slope.value <= 1);
  });
}

function slackOf(noise: NoiseModel, population: number): number {
  switch (noise.distribution) {
    case 'poisson':
      return deviations * Math.sqrt(population);
    case 'negative-binomial':
      return noise.dispersion === undefined
        ? unstatedShare * population
        : deviations * Math.sqrt(population + population ** 2 / noise.dispersion);
    case 'gaussian':
      return noise.standardDeviation === undefined
        ? unstatedShare * population
        : deviations * noise.standardDeviation;
    case 'log-normal':
      return noise.standardDeviation === undefined
        ? unstatedShare * population
        : population * Math.expm1(deviations * noise.standardDeviation);
  }
}

/** Whether the population is an upper bound of what is observed. */
function isBounded({ over, expression }: Observation, flows: readonly Flow[] | undefined): boolean {
  if (over === undefined) return isPart(expression);
  return flows !== undefined && !hasCycle(flows);
}

/**
 * Where nobody comes from outside and all initial values are numbers, more people than there are cannot be
 * observed.
 *
 * @param flows  of a compartment model, where it is written by them
 * @throws ProblemError naming the first value above the population by more than noise explains
 */
export function checkPopulation(problem: Problem, flows: readonly Flow[] | undefined): void {
  const compartments = problem.fields.flatMap(({ name, unknown, accumulated }) =>
    unknown || accumulated === true ? [] : [name],
  );
  if (flows?.some(({ from }) => from === undefined)) return;
  const initial = initialValues(problem, compartments);
  if (initial === undefined) return;
  const population = compartments.reduce((sum, name) => sum + initial.get(name)!, 0);
  const d = problem.coordinates.length;
  for (const observation of problem.observations) {
    if (!isBounded(observation, flows)) continue;
    const most = population + slackOf(observation.noise, population);
    const row = observation.values.findIndex((value) => value > most);
    if (row < 0) continue;
    const { name } = problem.coordinates[problem.time!];
    throw new ProblemError(
      `${observation.values[row]} are observed at ${name} = ${observation.points[row * d + problem.time!]}, of a population of ${population}`,
      {
        path: observation.path,
        hint: 'the initial values add up to the population: are data and initial values in the same unit?',
      },
    );
  }
}
