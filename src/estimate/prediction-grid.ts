import { ProblemError } from '../errors.ts';
import { fieldValue } from '../expression/build.ts';
import { parseExpression } from '../expression/parse.ts';
import { scopeOf } from '../problem/index.ts';
import type { NoiseModel } from '../problem/noise.ts';
import type { Observation, Problem } from '../problem/problem.ts';

/** What is predicted at the times of a grid: a field, what an observation measures, or a further expression. */
export interface PredictedQuantity {
  /** The field's or expression's name, or the observation's text. */
  readonly name: string;
  /** The noise of an observation; undefined for what is not observed. */
  readonly noise: NoiseModel | undefined;
  /** Position among the problem's observations; −1 for what is not observed. */
  readonly observation: number;
  readonly times: Float64Array;
}

export interface PredictionGrid {
  /** The same problem with the grid in place of its observations: their values mean nothing. */
  readonly problem: Problem;
  /** One for each of the problem's observations. */
  readonly quantities: readonly PredictedQuantity[];
}

export interface PredictionGridOptions {
  /** Default: 101 evenly over the domain. */
  readonly times?: ArrayLike<number>;
  /** Further expressions in the problem's symbols, by name: `{ 'R(t)': 'beta*S/(gamma*N)' }`. */
  readonly expressions?: Readonly<Record<string, string>>;
}

const DEFAULT_TIMES = 101;

/** Whether an observation is of the field itself. */
function isPlain(name: string): (observation: Observation) => boolean {
  return ({ expression }) =>
    expression.kind === 'field' && expression.name === name && expression.order.every((k) => k === 0);
}

/**
 * Every observed expression, every field that is not observed itself, and further expressions at given times. What
 * is observed `over` an interval is predicted over one of the same length before each time, where that lies within
 * the domain.
 *
 * @throws ProblemError for a time outside the domain, or an expression that is not well formed
 */
export function predictionGrid(problem: Problem, options: PredictionGridOptions = {}): PredictionGrid {
  const { times, expressions = {} } = options;
  const [{ name: coordinate, low, high }] = problem.coordinates;
  const grid =
    times === undefined
      ? Float64Array.from({ length: DEFAULT_TIMES }, (_, i) => low + ((high - low) * i) / (DEFAULT_TIMES - 1))
      : Float64Array.from(times);
  for (const t of grid) {
    if (t >= low && t <= high) continue;
    throw new ProblemError(`${coordinate} = ${t} lies outside [${low}, ${high}]`, { path: 'times' });
  }
  const quantities: PredictedQuantity[] = [];
  const observations: Observation[] = [];
  const add = (template: Partial<Observation>, quantity: PredictedQuantity, before?: Float64Array): void => {
    quantities.push(quantity);
    observations.push({
      path: `predicted.${quantity.name}`,
      text: quantity.name,
      over: undefined,
      missing: 0,
      ...template,
      // Known noise leaves no noise parameter to the likelihood of the grid.
      noise: { distribution: 'gaussian', standardDeviation: 1 },
      points: quantity.times,
      before,
      values: new Float64Array(quantity.times.length),
      count: quantity.times.length,
      weight: 1,
    } as Observation);
  };
  for (const field of problem.fields) {
    if (field.accumulated || field.unknown || problem.observations.some(isPlain(field.name))) continue;
    const { name, of } = field;
    add({ expression: fieldValue(name, 1, of) }, { name, noise: undefined, observation: -1, times: grid });
  }
  problem.observations.forEach((observation, o) => {
    const { text, noise, over } = observation;
    const slack = 1e-9 * (high - low);
    const within = over === undefined ? grid : grid.filter((t) => t - over >= low - slack);
    const before = over === undefined ? undefined : within.map((t) => Math.max(low, t - over));
    add(observation, { name: text, noise, observation: o, times: within }, before);
  });
  for (const [name, text] of Object.entries(expressions)) {
    const expression = parseExpression(text, scopeOf(problem), `expressions.${name}`);
    add({ expression }, { name, noise: undefined, observation: -1, times: grid });
  }
  return { problem: { ...problem, observations }, quantities };
}
