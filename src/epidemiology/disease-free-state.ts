/** The state in which nobody is infected and nothing changes. */
import { EigenvalueDecomposition, LuDecomposition, Matrix, pseudoInverse } from 'ml-matrix';
import { ProblemError, SolveError } from '../errors.ts';
import { subtract, sum } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import type { Expression } from '../expression/expression.ts';
import { impliedValue } from '../problem/implied-value.ts';
import { compartmentLeaf, evaluateRate, type FlowNetwork, type RateValues } from './flow-network.ts';
import type { Infection } from './infected-compartments.ts';

/** Numbers of people at the start, where the conditions give them one by one. */
export function initialPeople(
  { problem, compartments }: FlowNetwork,
  unknowns: Readonly<Record<string, number>>,
): Partial<Record<string, number>> {
  const low = problem.coordinates[0].low;
  const start: Record<string, number> = {};
  for (const condition of problem.conditions) {
    if (condition.kind === 'periodic') continue;
    const places =
      condition.kind === 'planes' ? condition.planes.map(({ value }) => value) : condition.points;
    if (!places.includes(low)) continue;
    const implied = impliedValue(subtract(condition.left, condition.right))((leaf) => {
      if (leaf.kind === 'coordinate') return low;
      const value = leaf.kind === 'unknown' ? unknowns[leaf.name] : undefined;
      if (value === undefined)
        throw new ProblemError(`the unknown \`${leaf.name}\` has no value`, {
          hint: 'give values of the unknowns',
        });
      return value;
    });
    if (implied !== undefined && implied.leaf.order[0] === 0 && compartments.includes(implied.leaf.name))
      start[implied.leaf.name] = implied.value;
  }
  return start;
}

/** Compartments that people pass between, whatever the direction. */
function connected({ compartments, flows }: FlowNetwork): string[][] {
  const group = new Map(compartments.map((name) => [name, new Set([name])]));
  for (const { from, to } of flows) {
    if (from === undefined || to === undefined) continue;
    const joined = new Set([...group.get(from)!, ...group.get(to)!]);
    for (const name of joined) group.set(name, joined);
  }
  return [...new Set(group.values())].map((names) => [...names]);
}

/**
 * Everybody susceptible: of those who pass between the same compartments, all are where infection can reach
 * them, divided as they are at the start.
 */
function allSusceptible(
  network: FlowNetwork,
  infection: Infection,
  unknowns: Readonly<Record<string, number>>,
) {
  const start = initialPeople(network, unknowns);
  const susceptible = new Set(infection.newInfections.map(({ from }) => from));
  const state: Record<string, number> = Object.fromEntries(network.compartments.map((name) => [name, 0]));
  for (const group of connected(network)) {
    const targets = group.filter((name) => susceptible.has(name));
    if (targets.length === 0) {
      for (const name of group) if (!infection.infected.includes(name)) state[name] = start[name] ?? 0;
      continue;
    }
    const lacking = group.find((name) => start[name] === undefined);
    if (lacking !== undefined)
      throw new ProblemError(
        `the state without disease is not known: \`${lacking}\` has no value at the start`,
        {
          hint: 'give it as `diseaseFree`, e.g. { S: 1000, R: 0 }',
        },
      );
    const people = group.reduce((total, name) => total + start[name]!, 0);
    const already = targets.reduce((total, name) => total + start[name]!, 0);
    for (const name of targets)
      state[name] = already > 0 ? (people * start[name]!) / already : people / targets.length;
  }
  return state;
}

/** The model without infection: changes of the uninfected, and their derivatives. */
class UninfectedDynamics {
  readonly names: readonly string[];
  private readonly balances: readonly Expression[];
  private readonly slopes: readonly (readonly Expression[])[];
  private readonly rates: readonly Expression[];

  constructor(
    network: FlowNetwork,
    infection: Infection,
    private readonly values: RateValues,
  ) {
    this.names = network.compartments.filter((name) => !infection.infected.includes(name));
    const flows = network.flows.filter(({ from, to }) =>
      [from, to].every((end) => end === undefined || this.names.includes(end)),
    );
    this.rates = flows.map(({ rate }) => rate);
    this.balances = this.names.map((name) =>
      subtract(
        sum(flows.filter(({ to }) => to === name).map(({ rate }) => rate)),
        sum(flows.filter(({ from }) => from === name).map(({ rate }) => rate)),
      ),
    );
    this.slopes = this.balances.map((balance) =>
      this.names.map((name) => partial(balance, compartmentLeaf(name))),
    );
  }

  /** Changes, their Jacobian matrix, and the size of the flows; undefined where they are not finite. */
  at(people: readonly number[]): { change: Matrix; jacobian: Matrix; size: number } | undefined {
    const state = {
      ...this.values.state,
      ...Object.fromEntries(this.names.map((name, i) => [name, people[i]])),
    };
    const evaluate = (expression: Expression): number => evaluateRate(expression, { ...this.values, state });
    const change = Matrix.columnVector(this.balances.map(evaluate));
    const jacobian = new Matrix(this.slopes.map((row) => row.map(evaluate)));
    const size = this.rates.reduce((total, rate) => total + Math.abs(evaluate(rate)), 0);
    const finite = [...change.to1DArray(), ...jacobian.to1DArray(), size].every(Number.isFinite);
    return finite ? { change, jacobian, size } : undefined;
  }
}

/** Share of the flows below which a change counts as zero. */
const tolerance = 1e-12;

const largest = (matrix: Matrix): number => Math.max(0, ...matrix.to1DArray().map(Math.abs));

const fastestGrowth = (jacobian: Matrix): number =>
  Math.max(...new EigenvalueDecomposition(jacobian).realEigenvalues);

/** Newton's method within the changes that the flows allow, so that what they conserve is kept. */
function stableEquilibrium(dynamics: UninfectedDynamics, start: readonly number[]): number[] | undefined {
  const total = start.reduce((sum, x) => sum + Math.abs(x), 0);
  let people = [...start];
  for (let iteration = 0; iteration < 50; iteration++) {
    const now = dynamics.at(people);
    if (now === undefined) return undefined;
    const { change, jacobian, size } = now;
    if (largest(change) <= tolerance * size) {
      const stable = fastestGrowth(jacobian) <= 1e-7 * largest(jacobian);
      return stable && people.every((x) => x >= -1e-9 * total) ? people : undefined;
    }
    const step = jacobian.mmul(pseudoInverse(jacobian.mmul(jacobian))).mmul(change);
    people = people.map((x, i) => {
      const next = x - step.get(i, 0);
      return Math.abs(next) <= 1e-14 * total ? 0 : next;
    });
  }
  return undefined;
}

/** Implicit Euler steps that grow as they may: the way the model takes from a start far from its equilibrium. */
function later(dynamics: UninfectedDynamics, start: readonly number[]): number[] {
  let people = [...start];
  let step = 0;
  for (let iteration = 0; iteration < 300; iteration++) {
    const now = dynamics.at(people);
    if (now === undefined) return people;
    const { change, jacobian } = now;
    const fastest = largest(jacobian);
    if (fastest === 0) return people;
    step = Math.min(Math.max(1.3 * step, 0.1 / fastest), 1e4 / fastest);
    const growth = fastestGrowth(jacobian);
    if (growth > 0) step = Math.min(step, 0.3 / growth);
    const system = Matrix.eye(people.length)
      .mul(1 / step)
      .sub(jacobian);
    const factors = new LuDecomposition(system);
    if (factors.isSingular()) return people;
    const move = factors.solve(change);
    people = people.map((x, i) => x + move.get(i, 0));
  }
  return people;
}

/**
 * Where the model without infection comes to rest, starting with everybody susceptible.
 *
 * @throws SolveError where it does not come to rest; ProblemError where the start is not known
 */
export function diseaseFreeState(
  network: FlowNetwork,
  infection: Infection,
  unknowns: Readonly<Record<string, number>>,
  others: Omit<RateValues, 'unknowns'>,
): Record<string, number> {
  const state = { ...others.state, ...allSusceptible(network, infection, unknowns) };
  const dynamics = new UninfectedDynamics(network, infection, { ...others, state, unknowns });
  if (dynamics.names.length === 0) return state;
  const start = dynamics.names.map((name) => state[name]);
  const found = stableEquilibrium(dynamics, start) ?? stableEquilibrium(dynamics, later(dynamics, start));
  if (found === undefined)
    throw new SolveError(
      `the model without infection does not come to rest in a stable state; give that state as \`diseaseFree\`, e.g. { ${dynamics.names[0]}: … }`,
    );
  dynamics.names.forEach((name, i) => {
    state[name] = found[i];
  });
  return state;
}

/** A given state without disease: compartments not named are empty. */
export function givenState(
  network: FlowNetwork,
  infection: Infection,
  given: Readonly<Record<string, number>>,
): Record<string, number> {
  const state = Object.fromEntries(network.compartments.map((name) => [name, 0]));
  for (const [name, value] of Object.entries(given)) {
    const path = `diseaseFree.${name}`;
    if (!network.problem.fields.some((field) => field.name === name))
      throw new ProblemError(`\`${name}\` is no compartment`, {
        path,
        hint: `compartments are ${network.compartments.join(', ')}`,
      });
    if (!(value >= 0 && Number.isFinite(value)))
      throw new ProblemError(`${value} is no number of people`, { path });
    if (value > 0 && infection.infected.includes(name))
      throw new ProblemError(`somebody is infected: ${name} = ${value}`, { path });
    state[name] = value;
  }
  return state;
}
