/** The state in which nobody is infected and nothing changes. */
import { EigenvalueDecomposition, Matrix, pseudoInverse } from 'ml-matrix';
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

/** Share of the flows below which the balance counts as zero. */
const tolerance = 1e-12;

/**
 * Where the model without infection comes to rest, starting with everybody susceptible: Newton's method within
 * the changes that its flows allow, so that what they conserve is kept.
 *
 * @throws SolveError where it does not come to rest; ProblemError where the start is not known
 */
export function diseaseFreeState(
  network: FlowNetwork,
  infection: Infection,
  unknowns: Readonly<Record<string, number>>,
  others: Omit<RateValues, 'unknowns'>,
): Record<string, number> {
  const names = network.compartments.filter((name) => !infection.infected.includes(name));
  const between = network.flows.filter(({ from, to }) =>
    [from, to].every((end) => end === undefined || names.includes(end)),
  );
  const quiet = between.filter((flow) => !infection.newInfections.includes(flow));
  const balances = names.map((name) =>
    subtract(
      sum(quiet.filter(({ to }) => to === name).map(({ rate }) => rate)),
      sum(quiet.filter(({ from }) => from === name).map(({ rate }) => rate)),
    ),
  );
  const slopes = balances.map((balance) => names.map((name) => partial(balance, compartmentLeaf(name))));
  const state: Record<string, number> = { ...others.state, ...allSusceptible(network, infection, unknowns) };
  const values = (expressions: readonly Expression[]): number[] =>
    expressions.map((expression) => evaluateRate(expression, { ...others, state, unknowns }));
  const people = names.reduce((total, name) => total + Math.abs(state[name]), 0);
  const fail = (why: string): never => {
    throw new SolveError(
      `${why}; give the state without disease as \`diseaseFree\`, e.g. { ${names[0] ?? 'S'}: … }`,
    );
  };
  for (let iteration = 0; ; iteration++) {
    const balance = values(balances);
    const jacobian = new Matrix(slopes.map((row) => values(row)));
    const size = quiet.reduce((total, { rate }) => total + Math.abs(values([rate])[0]), 0);
    if (!balance.every(Number.isFinite) || !jacobian.to1DArray().every(Number.isFinite))
      fail('the flows have no finite value without disease');
    const rest = Math.max(...balance.map(Math.abs), 0) <= tolerance * size;
    if (rest || iteration > 50) {
      if (!rest) fail('the model without infection does not come to rest');
      const rates = names.length === 0 ? [] : new EigenvalueDecomposition(jacobian).realEigenvalues;
      const fastest = Math.max(...jacobian.to1DArray().map(Math.abs), 0);
      if (rates.some((rate) => rate > 1e-7 * fastest)) fail('the state without disease is not stable');
      if (names.some((name) => state[name] < -1e-9 * people)) fail('the state without disease is negative');
      return state;
    }
    const step = jacobian.mmul(pseudoInverse(jacobian.mmul(jacobian))).mmul(Matrix.columnVector(balance));
    names.forEach((name, i) => {
      state[name] -= step.get(i, 0);
      if (Math.abs(state[name]) <= 1e-14 * people) state[name] = 0;
    });
  }
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
