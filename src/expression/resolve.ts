/** What a name in a text stands for. */
import { ProblemError } from '../errors.ts';
import { addMultiIndex, totalOrder, unitMultiIndex } from '../jet/multi-index.ts';
import { column, coordinate, field, fieldValue, multiply, number, sum, unknown, zero } from './build.ts';
import { isDeclared, MAXIMUM_ORDER, readSubscripts } from './derivative-notation.ts';
import { differentiate } from './differentiate.ts';
import type { Expression, FieldNode } from './expression.ts';
import { functions } from './function-table.ts';
import { notInLanguage, type Token } from './scan.ts';
import type { Scope } from './scope.ts';
import { nearestName } from './suggestion.ts';

/** Where a text stands: the scope of its names, and the path of the text inside the problem. */
export interface Context {
  readonly scope: Scope;
  readonly path: string;
  /** Inside integrals: the variables that are no coordinates, by name. */
  readonly variables?: ReadonlyMap<string, Expression>;
}

/** Constants of the language, which declared names overrule. */
export const mathematicalConstants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
]);

/** Names by which a text might try to reach beyond the language. */
const outsideNames: ReadonlySet<string> = new Set(
  (
    'constructor prototype __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ ' +
    'hasOwnProperty isPrototypeOf propertyIsEnumerable toString toLocaleString valueOf arguments ' +
    'this globalThis window self document global process require module exports import eval Function Object ' +
    'Symbol Proxy Reflect fetch setTimeout createUnit parse parser evaluate compile chain config typed help ' +
    'simplify derivative rationalize resolve reviver print format map filter forEach matrix index unit string ' +
    'null undefined NaN Infinity'
  ).split(' '),
);

/** The operators on fields, which are read like functions. */
export const differentialOperators: ReadonlySet<string> = new Set([
  'd',
  'laplacian',
  'integral',
  'inside',
  'jump',
]);

/** The meaning of a token that stands as a value. */
export function resolveToken(token: Token, context: Context): Expression {
  const at = token.start + 1;
  if (token.leibniz !== undefined) {
    const base = resolveName(token.leibniz.name, at, context);
    return derive(base, token.leibniz.along, token.leibniz.name, at, context);
  }
  const base = resolveName(token.text, at, context);
  if (token.primes === 0) return base;
  const { scope, path } = context;
  const along = scope.time ?? (scope.coordinates.length === 1 ? 0 : null);
  if (along === null) {
    throw new ProblemError(`\`${token.text}'\` does not say along which coordinate it derives`, {
      path,
      column: at,
      hint: `there is no time here; write ${scope.coordinates.map((x) => `${token.text}_${x}`).join(' or ')}`,
    });
  }
  const names = new Array<string>(token.primes).fill(scope.coordinates[along]);
  return derive(base, names, token.text, at, context);
}

export function resolveName(name: string, at: number, context: Context): Expression {
  const { scope, path } = context;
  const variable = context.variables?.get(name);
  if (variable !== undefined) return variable;
  const index = scope.coordinates.indexOf(name);
  if (index >= 0) return coordinate(name, index);
  const of = scope.fields.get(name);
  if (of !== undefined) return fieldValue(name, scope.coordinates.length, of);
  const constant = scope.constants.get(name);
  if (constant !== undefined) return number(constant);
  if (scope.unknowns.has(name)) return unknown(name);
  const expression = scope.functions.get(name);
  if (expression !== undefined) return expression;
  const mathematical = mathematicalConstants.get(name);
  if (mathematical !== undefined) return number(mathematical);
  if (outsideNames.has(name)) throw notInLanguage(`\`${name}\``, path, at);
  return resolveSubscripted(name, at, context);
}

/** Reads u_xx and u_n, the field's name as long as possible; else the name is unknown. */
function resolveSubscripted(name: string, at: number, context: Context): Expression {
  const { scope, path } = context;
  let failure: ProblemError | undefined;
  for (let cut = name.lastIndexOf('_'); cut > 0; cut = name.lastIndexOf('_', cut - 1)) {
    const base = name.slice(0, cut);
    const subscripts = name.slice(cut + 1);
    if (!isDeclared(base, scope) || subscripts === '') continue;
    const readings = readSubscripts(subscripts, scope.coordinates);
    const value = resolveName(base, at, context);
    if (readings.length > 0) {
      const dependsOn = (x: string): boolean =>
        value.kind === 'field' && value.of.includes(scope.coordinates.indexOf(x));
      const along = readings.find((reading) => reading.every(dependsOn)) ?? readings[0];
      return derive(value, along, base, at, context);
    }
    if (value.kind !== 'field') continue;
    if (/^n+$/.test(subscripts)) return normalDerivative(value, subscripts.length, at, context);
    failure ??= new ProblemError(
      `\`${name}\` is no derivative: \`${subscripts}\` does not name coordinates`,
      {
        path,
        column: at,
        hint: `coordinates are ${scope.coordinates.join(', ')}; did you mean ${base}_${scope.coordinates[0]}?`,
      },
    );
  }
  throw failure ?? unknownSymbol(name, at, context);
}

/** u_n, u_nn: a field's derivative along the outward normal. */
function normalDerivative(value: FieldNode, order: number, at: number, context: Context): Expression {
  const { scope, path } = context;
  if (!scope.boundary) {
    throw new ProblemError(`\`${value.name}_${'n'.repeat(order)}\` has a meaning on boundaries alone`, {
      path,
      column: at,
      hint: 'the outward normal derivative belongs into a condition on the boundary',
    });
  }
  checkOrder(order, at, path);
  let result: Expression = value;
  for (let k = 0; k < order; k++) result = alongNormal(result, scope);
  return result;
}

/** ∂/∂n = Σ_i n_i ∂/∂x_i over the space coordinates, the components of n being columns, and constant. */
export function alongNormal(expression: Expression, { coordinates, time }: Scope): Expression {
  return sum(
    coordinates.map((x, i) =>
      i === time ? zero : multiply(column(`normal:${x}`), differentiate(expression, i)),
    ),
  );
}

/** The derivative of a field, or of a derivative of a field, along named coordinates. */
function derive(
  base: Expression,
  along: readonly string[],
  name: string,
  at: number,
  { scope, path }: Context,
): Expression {
  if (base.kind !== 'field') {
    throw new ProblemError(`\`${name}\` is not a field and has no such derivative`, {
      path,
      column: at,
      hint: `${listOf('fields', scope.fields.keys())}; write d(expression, coordinate) for the derivative of an expression`,
    });
  }
  let order = base.order;
  for (const x of along) {
    const i = scope.coordinates.indexOf(x);
    if (!base.of.includes(i)) {
      const names = base.of.map((k) => scope.coordinates[k]).join(', ');
      throw new ProblemError(`\`${base.name}\` does not depend on \`${x}\``, {
        path,
        column: at,
        hint: `it depends on ${names}`,
      });
    }
    order = addMultiIndex(order, unitMultiIndex(order.length, i));
  }
  checkOrder(totalOrder(order), at, path);
  return field(base.name, order, base.of, base.side);
}

export function checkOrder(order: number, at: number, path: string): void {
  if (order <= MAXIMUM_ORDER) return;
  throw new ProblemError(`a derivative of order ${order} is too high`, {
    path,
    column: at,
    hint: `derivatives go up to order ${MAXIMUM_ORDER}; introduce a field for a lower derivative`,
  });
}

/** The indicator of a region, by its name with or without quotes. */
export function regionIndicator(text: string, at: number, { scope, path }: Context): Expression {
  const name = text.replace(/^["']|["']$/g, '');
  const found = scope.regions?.get(name);
  if (found !== undefined) return found;
  const names = [...(scope.regions?.keys() ?? [])];
  const near = nearestName(name, names);
  throw new ProblemError(`there is no region \`${name}\``, {
    path,
    column: at,
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : names.length > 0
          ? listOf('regions', names)
          : 'declare it: "regions": { "inner": { "disk": … } }',
  });
}

function unknownSymbol(name: string, at: number, { scope, path }: Context): ProblemError {
  const declared = [
    ...scope.fields.keys(),
    ...scope.coordinates,
    ...scope.constants.keys(),
    ...scope.unknowns,
    ...scope.functions.keys(),
  ];
  const hints = [
    listOf('fields', scope.fields.keys()),
    listOf('coordinates', scope.coordinates),
    listOf('constants', scope.constants.keys()),
    listOf('unknowns', scope.unknowns),
    listOf('functions', scope.functions.keys()),
  ].filter((hint) => hint !== '');
  const leibniz = /^[d∂]\d*(.+)$/.exec(name)?.[1];
  if (functions.has(name) || differentialOperators.has(name)) {
    hints.push(`${name} is a function: write ${name}(…)`);
  } else if (leibniz !== undefined && scope.fields.has(leibniz)) {
    hints.push(`write a derivative with coordinates, d${leibniz}/d${scope.coordinates[0]}`);
  } else {
    const derivatives = [...scope.fields].flatMap(([u, of]) =>
      of.flatMap((i) => {
        const x = scope.coordinates[i];
        return [`${u}_${x}`, `${u}_${x}${x}`];
      }),
    );
    const near = nearestName(name, [...declared, ...mathematicalConstants.keys(), ...derivatives]);
    if (near !== undefined) hints.push(`did you mean ${near}?`);
    if (hints.length === 0) hints.push('a number belongs here, or an expression in `constants`');
  }
  return new ProblemError(`unknown symbol \`${name}\``, { path, column: at, hint: hints.join('; ') });
}

function listOf(what: string, names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return '';
  const shown = all.length > 12 ? [...all.slice(0, 12), '…'] : all;
  return `${what} are ${shown.join(', ')}`;
}
