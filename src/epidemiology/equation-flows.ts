import { NotSupportedError } from '../errors.ts';
import { coefficientOf, multiply, number, subtract, termsOf } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { leavesOf } from '../expression/expression.ts';
import type { Problem } from '../problem/index.ts';
import { type FlowNetwork, nameOf, type RatedFlow } from './flow-network.ts';
import { randomValues } from './rate-identities.ts';

/** Terms that two equations share with opposite signs are flows between them; the rest goes in or out. */
export function networkOfEquations(source: Problem): FlowNetwork {
  const points = randomValues(4);
  const integrals = new Set(source.fields.flatMap(({ name, accumulated }) => (accumulated ? [name] : [])));
  const terms = source.equations.flatMap(({ left, right, where, path }) => {
    const parts = termsOf(subtract(right, left));
    const derivatives = parts.filter((part) => {
      const { rest } = coefficientOf(part);
      return rest.kind === 'field' && rest.order[0] === 1;
    });
    const { coefficient, rest } = coefficientOf(derivatives[0] ?? number(0));
    const balance = parts.filter((part) => part !== derivatives[0]);
    if (
      derivatives.length !== 1 ||
      rest.kind !== 'field' ||
      where !== undefined ||
      leavesOf(balance).some((leaf) => leaf.kind === 'field' && leaf.order[0] > 0)
    )
      throw new NotSupportedError('the equation is no balance of a compartment', {
        path,
        hint: 'write the model with `flows`',
      });
    // the integrals of what is observed are no compartments
    if (integrals.has(rest.name)) return [];
    return balance.map((part) => {
      const rate = multiply(number(-1 / coefficient), part);
      return { compartment: rest.name, rate, values: points.map((valueAt) => evaluateScalar(rate, valueAt)) };
    });
  });
  const flows: RatedFlow[] = [];
  const open = new Set(terms);
  for (const term of terms) {
    if (!open.delete(term)) continue;
    const gain = term.values[0] > 0;
    const partner = [...open].find(
      ({ compartment, values }) =>
        compartment !== term.compartment &&
        values.every((value, i) => Math.abs(value + term.values[i]) <= 1e-12 * Math.abs(value)),
    );
    if (partner !== undefined) open.delete(partner);
    const [from, to] = gain ? [partner, term] : [term, partner];
    flows.push({
      name: nameOf(from?.compartment, to?.compartment),
      from: from?.compartment,
      to: to?.compartment,
      rate: gain ? term.rate : multiply(number(-1), term.rate),
    });
  }
  return { problem: source, compartments: [...new Set(terms.map((term) => term.compartment))], flows };
}
