/** Which compartments are infected, and which flows are new infections, as the flows tell it. */
import { ProblemError } from '../errors.ts';
import { compartmentsIn, dependsOn, type FlowNetwork, type RatedFlow } from './flow-network.ts';
import { vanishesWithout } from './rate-identities.ts';

export interface Infection {
  readonly infected: readonly string[];
  readonly newInfections: readonly RatedFlow[];
}

export interface InfectionOptions {
  /** Default: found from the flows. */
  readonly infected?: readonly string[];
  /** Flows by name ("S -> I") that are new infections; default: those from uninfected to infected compartments. */
  readonly newInfections?: readonly string[];
}

/** A flow by contact: it needs people (or pathogens) in other compartments than the one it leaves. */
interface Contact {
  readonly flow: RatedFlow;
  /** Without these the flow stops. */
  readonly sources: readonly string[];
}

/** Compartments that people of the given ones come to, along the flows. */
function reachable(starts: readonly string[], edges: readonly (readonly [string, string])[]): Set<string> {
  const reached = new Set(starts);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [from, to] of edges)
      if (reached.has(from) && !reached.has(to)) {
        reached.add(to);
        grown = true;
      }
  }
  return reached;
}

/** The least set of other compartments without which a flow stops, or nothing. */
function contactOf(flow: RatedFlow, network: FlowNetwork, later: ReadonlySet<string>): Contact | undefined {
  if (flow.from === undefined || flow.to === undefined) return undefined;
  const others = network.compartments.filter((name) => name !== flow.from && dependsOn(flow.rate, name));
  if (others.length === 0 || !vanishesWithout(flow.rate, new Set(others))) return undefined;
  // those that infection does not lead to go first: what remains is its cause
  const order = [...others].sort((a, b) => Number(later.has(a)) - Number(later.has(b)));
  const sources = new Set(others);
  for (const name of order) {
    sources.delete(name);
    if (!vanishesWithout(flow.rate, sources)) sources.add(name);
  }
  return sources.size === 0 ? undefined : { flow, sources: [...sources] };
}

/**
 * Infected are the compartments on the way from being infected, where a flow by contact ends, to infecting
 * others, whose presence drives such a flow.
 *
 * @throws ProblemError where no flow is an infection
 */
export function findInfection(network: FlowNetwork, options: InfectionOptions = {}): Infection {
  const infected = options.infected ?? infectedBy(network);
  for (const name of infected)
    if (!network.compartments.includes(name))
      throw new ProblemError(`\`${name}\` is no compartment`, {
        path: 'infected',
        hint: `compartments are ${network.compartments.join(', ')}`,
      });
  const listed = options.newInfections?.map((name) => name.trim());
  for (const name of listed ?? [])
    if (!network.flows.some((flow) => flow.name === name))
      throw new ProblemError(`there is no flow \`${name}\``, {
        path: 'newInfections',
        hint: `flows are ${network.flows.map((flow) => `"${flow.name}"`).join(', ')}`,
      });
  const newInfections = network.flows.filter(
    ({ name, from, to }) =>
      to !== undefined &&
      infected.includes(to) &&
      (listed === undefined ? from !== undefined && !infected.includes(from) : listed.includes(name)),
  );
  if (newInfections.length === 0)
    throw new ProblemError('no flow of the model is an infection', {
      path: 'flows',
      hint: 'an infection flows from an uninfected to an infected compartment, e.g. "S -> I: beta*S*I/N"',
    });
  const set = new Set(infected);
  for (const { name, rate, from, to } of network.flows)
    if ([from, to].some((end) => end !== undefined && set.has(end)) && !vanishesWithout(rate, set))
      throw new ProblemError(`the flow \`${name}\` goes on when nobody is infected`, {
        path: 'flows',
        hint: 'a reproduction number is defined where infection comes from the infected alone',
      });
  return { infected, newInfections };
}

function infectedBy(network: FlowNetwork): string[] {
  const { compartments, flows } = network;
  const links = flows.flatMap(({ from, to, rate }): [string, string][] => {
    if (to === undefined) return [];
    if (from !== undefined) return [[from, to]];
    // what comes from outside in proportion to a compartment: shedding of a pathogen, or births
    return compartmentsIn(rate, compartments).map((name): [string, string] => [name, to]);
  });
  const contacts = flows.flatMap((flow) => {
    const later = flow.to === undefined ? new Set<string>() : reachable([flow.to], links);
    return contactOf(flow, network, later) ?? [];
  });
  const byContact = new Set(contacts.map(({ flow }) => flow));
  const onward = flows.flatMap((flow, i): [string, string][] => {
    if (byContact.has(flow) || flow.to === undefined) return [];
    if (flow.from !== undefined) return [[flow.from, flow.to]];
    return compartmentsIn(flows[i].rate, compartments).map((name): [string, string] => [name, flow.to!]);
  });
  const after = reachable(
    contacts.map(({ flow }) => flow.to!),
    onward,
  );
  const before = reachable(
    contacts.flatMap(({ sources }) => sources),
    onward.map(([from, to]): [string, string] => [to, from]),
  );
  return compartments.filter((name) => after.has(name) && before.has(name));
}
