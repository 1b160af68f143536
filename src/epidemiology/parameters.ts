import { ProblemError } from '../errors.ts';
import { evaluateConstant } from '../expression/evaluate.ts';
import { parseExpression } from '../expression/parse.ts';
import { nearestName } from '../expression/suggestion.ts';
import { constantScope } from '../problem/declarations.ts';
import type { CompartmentModel } from './model-catalogue.ts';

/** As a problem's `unknowns` have it. */
export interface UnknownValue {
  readonly initial: number;
  readonly min?: number;
  readonly max?: number;
  readonly scale?: number;
}

/** A rate that is a function of time, found from data. */
export interface UnknownFunction {
  readonly unknown: true;
  readonly smooth?: number;
}

/** A number; something to be estimated; or an expression in `t`, other parameters and populations. */
export type ParameterValue = number | UnknownValue | UnknownFunction | string;

/** The parameters of a named model, defaults filled in. */
export function completeParameters(
  model: CompartmentModel,
  given: Readonly<Record<string, ParameterValue>> = {},
): Record<string, ParameterValue> {
  const result: Record<string, ParameterValue> = {};
  for (const [name, { meaning, default: usual, fraction }] of Object.entries(model.parameters)) {
    const path = `parameters.${name}`;
    const value = Object.hasOwn(given, name) ? given[name] : usual;
    if (value === undefined) throw new ProblemError(`\`${name}\`, the ${meaning}, is missing`, { path });
    const bounded = typeof value === 'number' ? [value] : boundsOf(value);
    if (fraction === true && bounded.some((x) => x > 1))
      throw new ProblemError(`${Math.max(...bounded)} is above 1`, {
        path,
        hint: `\`${name}\` is the ${meaning}`,
      });
    result[name] = value;
  }
  const flows = model.flows.join(' ');
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(result, name)) continue;
    // further names may stand in the expressions of others, as the amplitude of a season
    const used = Object.values(given).some(
      (other) => typeof other === 'string' && new RegExp(`\\b${name}\\b`).test(other),
    );
    if (!used && !new RegExp(`\\b${name}\\b`).test(flows)) {
      const candidate = nearestName(name, Object.keys(model.parameters));
      throw new ProblemError(`the model has no parameter \`${name}\``, {
        path: `parameters.${name}`,
        hint:
          candidate === undefined
            ? `parameters are ${Object.keys(model.parameters).join(', ')}`
            : `did you mean \`${candidate}\`?`,
      });
    }
    result[name] = value;
  }
  return result;
}

function boundsOf(value: Exclude<ParameterValue, number>): number[] {
  if (typeof value === 'string' || 'unknown' in value) return [];
  return [value.initial, value.min, value.max].filter((x) => x !== undefined);
}

export interface SortedParameters {
  readonly constants: Record<string, number>;
  readonly unknowns: Record<string, UnknownValue>;
  readonly functions: Record<string, string>;
  readonly fields: Record<string, UnknownFunction>;
}

export function sortParameters(
  parameters: Readonly<Record<string, ParameterValue>>,
  taken: ReadonlySet<string>,
): SortedParameters {
  const sorted: SortedParameters = { constants: {}, unknowns: {}, functions: {}, fields: {} };
  for (const [name, value] of Object.entries(parameters)) {
    const path = `parameters.${name}`;
    if (taken.has(name))
      throw new ProblemError(`\`${name}\` is a compartment or population`, {
        path,
        hint: 'choose another name',
      });
    if (typeof value === 'string') sorted.functions[name] = value;
    else if (typeof value === 'number') {
      if (!(value >= 0 && Number.isFinite(value)))
        throw new ProblemError(`${value} is no rate`, { path, hint: 'use a number that is not negative' });
      sorted.constants[name] = value;
    } else if ('unknown' in value) sorted.fields[name] = value;
    else {
      const negative = boundsOf(value).find((x) => !(x >= 0));
      if (negative !== undefined)
        throw new ProblemError(`${negative} is no rate`, { path, hint: 'rates are not negative' });
      sorted.unknowns[name] = { min: 0, ...value };
    }
  }
  return sorted;
}

function hasValue(text: string, values: ReadonlyMap<string, number>): boolean {
  try {
    evaluateConstant(parseExpression(text, constantScope(values), 'derived'));
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}

/** Closed forms that hold unknowns, where they have a value and hold nothing but numbers and unknowns. */
export function closedForms(
  model: CompartmentModel | undefined,
  { constants, unknowns }: SortedParameters,
): Record<string, string> {
  const forms = Object.entries(model?.reproductionNumbers ?? {}).filter(([, text]) => {
    const names = Object.keys(model!.parameters).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    const starts = Object.entries(unknowns).map(([name, { initial }]): [string, number] => [name, initial]);
    return (
      names.some((name) => name in unknowns) &&
      names.every((name) => name in unknowns || name in constants) &&
      hasValue(text, new Map([...Object.entries(constants), ...starts]))
    );
  });
  return Object.fromEntries(forms);
}
