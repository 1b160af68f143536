/** The network of a problem, and values for its unknowns. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import { parseExpression } from '../expression/parse.ts';
import { compartmentsOf, readFlows } from '../problem/flows.ts';
import { type Problem, type ProblemDefinition, problem, scopeOf } from '../problem/index.ts';
import { networkOfEquations } from './equation-flows.ts';
import { type FlowNetwork, nameOf } from './flow-network.ts';

/**
 * The network of a problem: of its `flows`, or of its equations where what one loses another gains.
 *
 * @throws NotSupportedError for a problem that is no system of balances in time
 */
export function flowNetwork(source: Problem): FlowNetwork {
  if (source.time === null || source.coordinates.length !== 1)
    throw new NotSupportedError('a compartment model has one coordinate, time', { path: 'domain' });
  const written = source.definition.flows;
  if (written === undefined) return networkOfEquations(source);
  const flows = readFlows(written);
  const scope = scopeOf(source);
  return {
    problem: source,
    compartments: compartmentsOf(flows),
    flows: flows.map(({ from, to, aligned }, i) => ({
      name: nameOf(from, to),
      from,
      to,
      rate: parseExpression(aligned, scope, `flows[${i}]`),
    })),
  };
}

/** A problem and values for its unknowns; of a definition, whatever its data are, they need not be read. */
export function withValues(
  source: Problem | ProblemDefinition,
  values: Readonly<Record<string, number>>,
): { problem: Problem; values: Readonly<Record<string, number>> } {
  const given = isProblem(source)
    ? source.unknowns.map(({ name }) => name)
    : Object.keys(source.unknowns ?? {});
  for (const [name, value] of Object.entries(values)) {
    if (!given.includes(name))
      throw new ProblemError(`\`${name}\` is not an unknown of the problem`, {
        hint: given.length === 0 ? 'it has none' : `unknowns are ${given.join(', ')}`,
      });
    if (!Number.isFinite(value)) throw new ProblemError(`${value} is no value for the unknown ${name}`);
  }
  if (isProblem(source)) return { problem: source, values };
  const { data: _, derived: __, unknowns = {}, ...rest } = source;
  const missing = Object.keys(unknowns).find((name) => values[name] === undefined);
  if (missing !== undefined)
    throw new ProblemError(`the unknown \`${missing}\` has no value`, {
      hint: 'give values of the unknowns',
    });
  return { problem: problem({ ...rest, constants: { ...rest.constants, ...values } }), values: {} };
}

function isProblem(source: Problem | ProblemDefinition): source is Problem {
  return 'definition' in source;
}
