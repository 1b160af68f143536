/** Equations: as written, or as the balances of a compartment model. */
import type { z } from 'zod';
import { ProblemError } from '../errors.ts';
import { field, isLogical, negate, sum } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import { parseEquation, parseExpression } from '../expression/parse.ts';
import type { Scope } from '../expression/scope.ts';
import { unitMultiIndex } from '../jet/multi-index.ts';
import type { definitionSchema } from './definition.ts';
import { balanceText, compartmentsOf, type Flow } from './flows.ts';
import { fieldLeaves } from './implied-value.ts';
import type { Equation, Field } from './problem.ts';

type EquationDefinition = NonNullable<z.output<typeof definitionSchema>['equations']>[number];

export function readEquation(entry: EquationDefinition, index: number, scope: Scope): Equation {
  const path = `equations[${index}]`;
  if (typeof entry === 'string')
    return { path, text: entry, ...parseEquation(entry, scope, path), weight: 1, where: undefined };
  const { equation, weight = 1, where } = entry;
  return {
    path,
    text: equation,
    ...parseEquation(equation, scope, `${path}.equation`),
    weight,
    where: where === undefined ? undefined : readWhere(where, scope, `${path}.where`),
  };
}

function readWhere(text: string, scope: Scope, path: string): Expression {
  const expression = parseWithoutFields(text, scope, path);
  if (!isLogical(expression))
    throw new ProblemError(`\`${text}\` is not true or false`, {
      path,
      hint: 'write a comparison, such as "x < 1", or inside("name") of a region; `and`, `or`, `not` join them',
    });
  return expression;
}

/**
 * Reads an expression in which no field may stand, not even by way of a named function.
 *
 * @param inputs  input functions, which may stand there all the same
 */
export function parseWithoutFields(
  text: string,
  scope: Scope,
  path: string,
  inputs: readonly Pick<Field, 'name' | 'of'>[] = [],
) {
  const fields = new Map(inputs.map(({ name, of }) => [name, of]));
  const expression = parseExpression(text, { ...scope, fields }, path);
  const leaf = fieldLeaves([expression]).find(({ name }) => !fields.has(name));
  if (leaf !== undefined)
    throw new ProblemError(`\`${text}\` depends on the field \`${leaf.name}\``, {
      path,
      hint: 'coordinates, constants and unknowns may stand here',
    });
  return expression;
}

/** One equation for each compartment. The derivatives are built, not parsed: `dS` may be a constant's name. */
export function equationsOfFlows(flows: readonly Flow[], scope: Scope, time: number): Equation[] {
  const rates = flows.map(({ aligned }, i) => parseExpression(aligned, scope, `flows[${i}]`));
  const dimension = scope.coordinates.length;
  return compartmentsOf(flows).map((name) => ({
    path: 'flows',
    text: balanceText(name, flows, scope.coordinates[time]),
    left: field(name, unitMultiIndex(dimension, time), scope.fields.get(name)!),
    right: sum(
      flows.flatMap(({ from, to }, i) =>
        from === name ? [negate(rates[i])] : to === name ? [rates[i]] : [],
      ),
    ),
    weight: 1,
    where: undefined,
  }));
}
