/**
 * The same data under other assumptions: what noise they have, and whether the initial values are known. An interval
 * says how far the data determine an estimate where the assumptions hold; how far it depends on them, only this shows.
 */
import { AnsatzError } from '../errors.ts';
import { number, subtract, unknown } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import type { NoiseModel } from '../problem/noise.ts';
import type { Condition, Problem, Unknown } from '../problem/problem.ts';
import { ExplicitForm } from '../reference/explicit-form.ts';
import { type ShootingOptions, type ShootingResult, shoot } from './shoot.ts';

export interface Assumption {
  /** "negative binomial noise, I(0) estimated". */
  readonly name: string;
  readonly problem: Problem;
}

export interface AssumptionOptions {
  /** Initial values to be tried beside those of the problem, by field: `{ I: [1] }`. */
  readonly initial?: Readonly<Record<string, readonly number[]>>;
}

export interface AssumptionResult {
  readonly assumption: string;
  readonly fit?: ShootingResult;
  /** Why there is none. */
  readonly failure?: string;
}

interface InitialValue {
  readonly field: string;
  readonly value: number;
  readonly condition: Condition;
}

const distributions: readonly { readonly noise: NoiseModel; readonly name: string }[] = [
  { noise: { distribution: 'gaussian', standardDeviation: undefined }, name: 'least squares' },
  { noise: { distribution: 'poisson' }, name: 'Poisson noise' },
  { noise: { distribution: 'negative-binomial', dispersion: undefined }, name: 'negative binomial noise' },
  { noise: { distribution: 'log-normal', standardDeviation: undefined }, name: 'log-normal noise' },
];

/** Conditions of the form "field = number" on one face. */
function initialValues(problem: Problem): InitialValue[] {
  return problem.conditions.flatMap((condition): InitialValue[] => {
    if (condition.kind !== 'planes' || condition.planes.length !== 1) return [];
    const { left, right } = condition;
    if (left.kind !== 'field' || left.order.some((k) => k > 0) || right.kind !== 'number') return [];
    return [{ field: left.name, value: right.value, condition }];
  });
}

/** Whether the fields' sum stays what it is, judged at a few states. */
function conservesTotal(problem: Problem): boolean {
  let form: ExplicitForm;
  try {
    form = new ExplicitForm(problem);
  } catch (error) {
    if (error instanceof AnsatzError) return false;
    throw error;
  }
  if (form.fields.some(({ order }) => order !== 1)) return false;
  const p = Float64Array.from(problem.unknowns, ({ initial }) => initial || 1);
  return [1, 2, 3].every((k) => {
    const state = Float64Array.from({ length: form.size }, (_, i) => 1 + ((k * (i + 2) * 7) % 5));
    const slope = new Float64Array(form.size);
    form.evaluate(problem.coordinates[0].low, state, p, slope);
    const sizes = slope.reduce((sum, value) => sum + Math.abs(value), 0);
    return Math.abs(slope.reduce((sum, value) => sum + value, 0)) <= 1e-12 * sizes;
  });
}

/** The problem with other right sides of some of its conditions. */
function withInitial(problem: Problem, values: ReadonlyMap<Condition, Expression>): Problem {
  return {
    ...problem,
    conditions: problem.conditions.map((condition) => {
      const right = values.get(condition);
      return right === undefined ? condition : { ...condition, right };
    }),
  } as Problem;
}

/** Variants of what is known at the start; the first is the problem as it stands. */
function initialVariants(problem: Problem, { initial = {} }: AssumptionOptions): Assumption[] {
  const known = initialValues(problem);
  const observed = new Set(problem.observations.map(({ text }) => text.trim()));
  const freed = known.find(({ field, value }) => observed.has(field) && value > 0);
  if (freed === undefined) return [{ name: '', problem }];
  const { field, value } = freed;
  // People who are not infected are susceptible: where the total is conserved the largest group gives way.
  const others = known.filter((candidate) => candidate !== freed);
  const giving = conservesTotal(problem)
    ? others.reduce<InitialValue | undefined>(
        (largest, other) => (largest === undefined || other.value > largest.value ? other : largest),
        undefined,
      )
    : undefined;
  const room = value + (giving?.value ?? Number.POSITIVE_INFINITY);
  const at = (amount: Expression): Map<Condition, Expression> =>
    new Map([
      [freed.condition, amount],
      ...(giving === undefined ? [] : [[giving.condition, subtract(number(room), amount)] as const]),
    ]);
  const symbol = `${field}(0)`;
  const free: Unknown = {
    name: symbol,
    initial: value,
    min: 0,
    max: Number.isFinite(room) ? room : undefined,
    scale: value,
  };
  return [
    { name: `${symbol} = ${value}`, problem },
    ...(initial[field] ?? [])
      .filter((other) => other !== value)
      .map((other) => ({ name: `${symbol} = ${other}`, problem: withInitial(problem, at(number(other))) })),
    {
      name: `${symbol} estimated`,
      problem: { ...withInitial(problem, at(unknown(symbol))), unknowns: [...problem.unknowns, free] },
    },
  ];
}

/** Whether the values may come from the distribution at all. */
function admits({ distribution }: NoiseModel, values: Float64Array): boolean {
  if (distribution === 'gaussian') return true;
  if (distribution === 'log-normal') return values.every((value) => value > 0);
  return values.every((value) => value >= 0 && Number.isInteger(value));
}

/**
 * The problem under each noise model that its data admit, with the initial value of the first observed field as it is
 * given, at others that are asked for, and estimated.
 */
export function assumptionsOf(problem: Problem, options: AssumptionOptions = {}): Assumption[] {
  const noises = distributions.filter(({ noise }) =>
    problem.observations.every(({ values }) => admits(noise, values)),
  );
  return noises.flatMap((noise) =>
    initialVariants(problem, options).map(({ name, problem: variant }) => ({
      name: [noise.name, name].filter((part) => part !== '').join(', '),
      problem: {
        ...variant,
        observations: variant.observations.map((observation) => ({ ...observation, noise: noise.noise })),
      },
    })),
  );
}

/** Every assumption fitted by shooting, from the same start. */
export function compareAssumptions(
  problem: Problem,
  options: AssumptionOptions & ShootingOptions = {},
): AssumptionResult[] {
  const { initial, ...shooting } = options;
  return assumptionsOf(problem, { initial }).map(({ name, problem: variant }) => {
    try {
      return { assumption: name, fit: shoot(variant, shooting) };
    } catch (error) {
      if (!(error instanceof AnsatzError)) throw error;
      return { assumption: name, failure: error.message };
    }
  });
}
