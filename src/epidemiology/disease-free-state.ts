/** The state in which nobody is infected and nothing changes. */
import { ProblemError, SolveError } from '../errors.ts';
import type { FlowNetwork, RateValues } from './flow-network.ts';
import type { Infection } from './infected-compartments.ts';
import { initialPeople } from './initial-people.ts';
import { later, stableEquilibrium, UninfectedDynamics } from './uninfected-dynamics.ts';

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
