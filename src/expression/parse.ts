/**
 * The language of equations: mathjs syntax, read into expression graphs and never evaluated. Names resolve
 * in the scope alone; operators and functions are those of `function-table.ts`.
 */
import type { FunctionNode, MathNode, RelationalNode } from 'mathjs';
import { NotSupportedError, ProblemError } from '../errors.ts';
import { totalOrder } from '../jet/multi-index.ts';
import { apply, field, isUndefined, isZero, number, one, product, sum, zero } from './build.ts';
import { isDeclared, MAXIMUM_ORDER } from './derivative-notation.ts';
import { differentiate } from './differentiate.ts';
import { type Expression, type FieldNode, leavesOf, type Place } from './expression.ts';
import { functions, operators } from './function-table.ts';
import { IntegralReader } from './integral-reader.ts';
import {
  alongNormal,
  type Context,
  checkOrder,
  differentialOperators,
  regionIndicator,
  resolveName,
  resolveToken,
} from './resolve.ts';
import { notInLanguage, type Scan, scan, type Token } from './scan.ts';
import type { Scope } from './scope.ts';
import { jumpOf } from './sides.ts';
import { nearestName } from './suggestion.ts';
import { syntaxTree } from './syntax-tree.ts';

const MAXIMUM_LENGTH = 20_000;

/**
 * Reads an expression.
 *
 * @param path where the text stands in the problem, for messages
 * @throws ProblemError with the column, if the text is not well formed in the scope
 */
export function parseExpression(text: string, scope: Scope, path: string): Expression {
  const scanned = scanChecked(text, scope, path);
  const sign = scanned.equalSigns[0];
  if (sign !== undefined) {
    const hint = 'an expression has no `=`; a comparison is written ==';
    throw notInLanguage('assignment', path, sign.position + 1, hint);
  }
  return new Reader(scanned, { scope, path }).read(0, text.length);
}

/** Reads `left = right`. @throws ProblemError as {@link parseExpression} does */
export function parseEquation(
  text: string,
  scope: Scope,
  path: string,
): { left: Expression; right: Expression } {
  const scanned = scanChecked(text, scope, path);
  const [sign, second] = scanned.equalSigns;
  if (sign === undefined) {
    const comparison = text.indexOf('==');
    const column = comparison >= 0 ? comparison + 1 : text.trimEnd().length + 1;
    const hint = comparison >= 0 ? 'write = in place of ==' : 'write left = right';
    throw new ProblemError('an equation needs one `=`', { path, column, hint });
  }
  if (second !== undefined) {
    const hint = 'write each equation as a text of its own, and a comparison as ==';
    throw new ProblemError('an equation has one `=` only', { path, column: second.position + 1, hint });
  }
  if (sign.depth > 0)
    throw notInLanguage('assignment', path, sign.position + 1, 'one ( is not closed before =');
  const reader = new Reader(scanned, { scope, path });
  return { left: reader.read(0, sign.position), right: reader.read(sign.position + 1, text.length) };
}

function scanChecked(text: string, scope: Scope, path: string): Scan {
  if (typeof text !== 'string') throw new ProblemError('an expression must be a text', { path });
  if (text.length > MAXIMUM_LENGTH) {
    throw new ProblemError(`the text is longer than ${MAXIMUM_LENGTH} characters`, { path });
  }
  return scan(text, scope, path);
}

class Reader {
  readonly #scan: Scan;
  /** Replaced while what stands under an integral is read. */
  #context: Context;
  #tokens = new Map<MathNode, Token>();
  readonly #integrals = new IntegralReader();

  constructor(scanned: Scan, context: Context) {
    this.#scan = scanned;
    this.#context = context;
  }

  read(start: number, end: number): Expression {
    const { root, tokens } = syntaxTree(this.#scan, start, end, this.#context.path);
    this.#tokens = tokens;
    try {
      return this.#lower(root);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ProblemError('the expression is nested too deeply', { path: this.#context.path });
    }
  }

  #lower(node: MathNode): Expression {
    switch (node.type) {
      case 'ConstantNode':
        return this.#constant(node);
      case 'SymbolNode':
        return resolveToken(this.#tokens.get(node)!, this.#context);
      case 'ParenthesisNode':
        return this.#lower((node as unknown as { content: MathNode }).content);
      case 'OperatorNode': {
        const { fn, args } = node as unknown as { fn: string; args: MathNode[] };
        const build = operators.get(fn);
        if (build === undefined)
          throw notInLanguage(`the operator \`${fn}\``, this.#path, this.#column(node));
        const operands = args.map((argument) => this.#lower(argument));
        return this.#defined(build(...operands), node, fn === 'divide' ? args[1] : node);
      }
      case 'RelationalNode':
        return this.#relation(node as RelationalNode);
      case 'ConditionalNode': {
        const { condition, trueExpr, falseExpr } = node as unknown as Record<string, MathNode>;
        return apply(
          'select',
          [condition, trueExpr, falseExpr].map((part) => this.#lower(part)),
        );
      }
      case 'FunctionNode':
        return this.#call(node as FunctionNode);
      default:
        throw notInLanguage(`a ${node.type}`, this.#path, this.#column(node));
    }
  }

  #constant(node: MathNode): Expression {
    const token = this.#tokens.get(node)!;
    const value: unknown = (node as unknown as { value: unknown }).value;
    if (value === true) return one;
    if (value === false) return zero;
    if (typeof value !== 'number' || !/^[\d.]/.test(token.text)) {
      throw notInLanguage(`\`${token.text}\``, this.#path, token.start + 1);
    }
    if (!Number.isFinite(value)) throw this.#error(`the number ${token.text} is too large`, token.start + 1);
    return number(value);
  }

  /** a < b < c holds where a < b and b < c. */
  #relation(node: RelationalNode): Expression {
    const operands = node.params.map((operand) => this.#lower(operand));
    const names = node.conditionals as readonly string[];
    return product(names.map((name, i) => operators.get(name)!(operands[i], operands[i + 1])));
  }

  #call(node: FunctionNode): Expression {
    const symbol = node.fn as unknown as MathNode;
    const token = this.#tokens.get(symbol)!;
    const name = token.text;
    const at = token.start + 1;
    const { scope } = this.#context;
    const isDerivative = name === 'd' && node.args.length > 1;
    if (token.leibniz !== undefined || token.primes > 0) return this.#applied(token, node.args);
    if (isDeclared(name, scope) && !isDerivative) {
      if (scope.fields.has(name)) return this.#applied(token, node.args);
      throw this.#error(`\`${name}\` is not a function`, at, `write ${name}*(…) for a product`);
    }
    if (name === 'integral') return this.#integral(node.args, at);
    if (name === 'd') return this.#derivative(node.args, at);
    if (name === 'laplacian') return this.#laplacian(node.args, at);
    if (name === 'inside') return this.#inside(node.args, at);
    if (name === 'jump') return this.#jump(node.args, at);
    const entry = functions.get(name);
    if (entry === undefined) {
      if (name.includes('_')) {
        // a derivative as a function of the coordinates, u_x(x, t); an unknown name fails here
        if (resolveName(name, at, this.#context).kind === 'field') return this.#applied(token, node.args);
      }
      throw this.#unknownFunction(name, at);
    }
    const [fewest, most] = entry.arguments;
    if (node.args.length < fewest || node.args.length > most) {
      const wanted = fewest === most ? `${fewest}` : most < 9 ? `${fewest} to ${most}` : `${fewest} or more`;
      const plural = wanted === '1' ? '' : 's';
      throw this.#error(`${name} takes ${wanted} argument${plural}, not ${node.args.length}`, at);
    }
    const operands = node.args.map((argument) => this.#lower(argument));
    return this.#defined(entry.build(...operands), node, symbol);
  }

  /** u(x, t): the field itself, if the arguments are its coordinates; under an integral, the field elsewhere. */
  #applied(token: Token, args: readonly MathNode[]): Expression {
    const value = resolveToken(token, this.#context);
    if (value.kind !== 'field') throw this.#error(`\`${token.text}\` is not a function`, token.start + 1);
    const names = value.of.map((i) => this.#context.scope.coordinates[i]);
    const given = args.map((argument) => this.#tokens.get(argument)?.text);
    if (given.length === names.length && names.every((x, i) => x === given[i])) return value;
    if (this.#integrals.depth > 0) return this.#elsewhere(value, args, token);
    throw new NotSupportedError(`\`${value.name}\` cannot be taken at another point`, {
      path: this.#path,
      column: token.start + 1,
      hint: `write ${token.text} or ${token.text}(${names.join(', ')}) for a field, ${token.text}*(…) for a product`,
    });
  }

  /** u(s), u(x, s): the field with its coordinates replaced. */
  #elsewhere(value: FieldNode, args: readonly MathNode[], token: Token): Expression {
    const { coordinates } = this.#context.scope;
    const positions =
      args.length === value.of.length
        ? value.of
        : this.#integrals.replaced(value, this.#tokens.get(args[0])?.text, args.length);
    if (positions === undefined) {
      const names = value.of.map((i) => coordinates[i]).join(', ');
      const plural = value.of.length === 1 ? '' : 's';
      throw this.#error(
        `\`${token.text}\` takes ${value.of.length} argument${plural}, not ${args.length}`,
        token.start + 1,
        `it depends on ${names}; write what stands for each of them`,
      );
    }
    const place: (Expression | null)[] = coordinates.map(() => null);
    positions.forEach((position, i) => {
      const at = this.#column(args[i]);
      const entry = this.#lower(args[i]);
      this.#integrals.checkLimit(entry, 'the place of a field', at, this.#path);
      place[position] = entry;
    });
    return field(value.name, value.order, value.of, 0, place as Place);
  }

  /** integral(expr, s, a, b), integral(expr, s, a, b, nodes). */
  #integral(args: readonly MathNode[], at: number): Expression {
    const usage =
      'write integral(expression, variable, from, to), with a number of nodes as a fifth argument';
    if (args.length < 4 || args.length > 5)
      throw this.#error(`integral takes 4 or 5 arguments, not ${args.length}`, at, usage);
    const token = args[1].type === 'SymbolNode' ? this.#tokens.get(args[1]) : undefined;
    const variable = this.#integrals.variable(token, this.#column(args[1]), this.#context);
    const [low, high] = args.slice(2, 4).map((argument) => {
      const limit = this.#lower(argument);
      this.#integrals.checkLimit(limit, 'a limit of an integral', this.#column(argument), this.#path);
      return limit;
    });
    const count = args[4] === undefined ? undefined : this.#lower(args[4]);
    const outer = this.#context;
    const inner = this.#integrals.enter(variable, [low, high], outer);
    this.#context = inner;
    let integrand: Expression;
    try {
      integrand = this.#lower(args[0]);
    } finally {
      this.#context = outer;
      this.#integrals.leave();
    }
    return this.#integrals.sum(integrand, variable, low, high, count, {
      at,
      nodesAt: args[4] === undefined ? at : this.#column(args[4]),
      context: outer,
    });
  }

  /** d(expr, x), d(expr, x, 2), d(expr, x, t), d(expr, x, 2, t); on boundaries d(expr, n) along the normal. */
  #derivative(args: readonly MathNode[], at: number): Expression {
    const usage = 'write d(expression, coordinate) or d(expression, coordinate, order)';
    if (args.length < 2) throw this.#error(`d takes 2 or 3 arguments, not ${args.length}`, at, usage);
    const { scope } = this.#context;
    const along: (number | 'n')[] = [];
    for (const argument of args.slice(1)) {
      const token = this.#tokens.get(argument);
      const position = this.#column(argument);
      const index = token === undefined ? -1 : scope.coordinates.indexOf(token.text);
      const repeat = token === undefined ? Number.NaN : Number(token.text);
      if (index >= 0) along.push(index);
      else if (token?.text === 'n' && scope.boundary && !isDeclared('n', scope)) along.push('n');
      else if (Number.isInteger(repeat) && repeat >= 1 && along.length > 0) {
        checkOrder(repeat, position, this.#path);
        for (let k = 1; k < repeat; k++) along.push(along[along.length - 1]);
      } else {
        const names = scope.coordinates.join(', ');
        throw this.#error('d derives along coordinates', position, `coordinates are ${names}; ${usage}`);
      }
    }
    checkOrder(along.length, at, this.#path);
    const operand = this.#lower(args[0]);
    if (operand.kind === 'field') {
      const missing = along.find((i): i is number => i !== 'n' && !operand.of.includes(i));
      if (missing !== undefined) {
        const x = scope.coordinates[missing];
        throw this.#error(`\`${operand.name}\` does not depend on \`${x}\``, this.#column(args[0]));
      }
    }
    const derived = along.reduce<Expression>(
      (expression, i) => (i === 'n' ? alongNormal(expression, scope) : differentiate(expression, i)),
      operand,
    );
    return this.#limited(derived, at);
  }

  #laplacian(args: readonly MathNode[], at: number): Expression {
    if (args.length !== 1) throw this.#error(`laplacian takes 1 argument, not ${args.length}`, at);
    const { coordinates, time } = this.#context.scope;
    const space = coordinates.map((_, i) => i).filter((i) => i !== time);
    if (space.length === 0) {
      throw this.#error(
        'laplacian needs a space coordinate',
        at,
        `coordinates are ${coordinates.join(', ')}`,
      );
    }
    const operand = this.#lower(args[0]);
    const terms = space.map((i) => differentiate(differentiate(operand, i), i));
    return this.#limited(sum(terms), at);
  }

  /** inside("name"): the indicator of a region. */
  #inside(args: readonly MathNode[], at: number): Expression {
    const usage = 'write inside("name") with the name of a region';
    if (args.length !== 1) throw this.#error(`inside takes 1 argument, not ${args.length}`, at, usage);
    const text = args[0].type === 'SymbolNode' ? this.#tokens.get(args[0])?.text : undefined;
    if (text === undefined) throw this.#error('inside takes the name of a region', at, usage);
    return regionIndicator(text, this.#column(args[0]), this.#context);
  }

  /** jump(expr): beyond the interface minus before it. */
  #jump(args: readonly MathNode[], at: number): Expression {
    if (args.length !== 1) throw this.#error(`jump takes 1 argument, not ${args.length}`, at);
    if (this.#context.scope.interface !== true)
      throw this.#error(
        '`jump` has a meaning on interfaces alone',
        at,
        'it belongs into a condition on the boundary of a region inside the domain',
      );
    return jumpOf(this.#lower(args[0]));
  }

  #limited(expression: Expression, at: number): Expression {
    for (const leaf of leavesOf([expression])) {
      if (leaf.kind === 'field' && totalOrder(leaf.order) > MAXIMUM_ORDER) {
        checkOrder(totalOrder(leaf.order), at, this.#path);
      }
    }
    return expression;
  }

  /** Refuses constants such as 1/0 and log(0), which have no value that a solver could use. */
  #defined(expression: Expression, node: MathNode, place: MathNode): Expression {
    if (!isUndefined(expression)) return expression;
    const at = this.#column(place);
    const divides =
      expression.kind === 'operation' &&
      (expression.operation === 'divide' ? isZero(expression.operands[1]) : false);
    if (divides) throw this.#error('division by zero', at);
    throw this.#error(`\`${node.toString()}\` has no finite real value`, at);
  }

  #unknownFunction(name: string, at: number): ProblemError {
    const { scope } = this.#context;
    const known = [...functions.keys(), ...differentialOperators, ...scope.fields.keys()];
    const near = nearestName(name, known);
    try {
      resolveName(name, at, this.#context);
    } catch (error) {
      if (error instanceof ProblemError && /not part of the language/.test(error.reason)) return error;
      const hint =
        near === undefined ? `functions are ${[...functions.keys()].join(', ')}` : `did you mean ${near}?`;
      return this.#error(`unknown function \`${name}\``, at, hint);
    }
    return this.#error(`\`${name}\` is not a function`, at, `write ${name}*(…) for a product`);
  }

  get #path(): string {
    return this.#context.path;
  }

  #error(reason: string, column: number, hint?: string): ProblemError {
    return new ProblemError(reason, { path: this.#path, column, hint });
  }

  /** The column of the first name or number in the node. */
  #column(node: MathNode): number {
    let first = Number.POSITIVE_INFINITY;
    node.traverse((part) => {
      const token = this.#tokens.get(part);
      if (token !== undefined) first = Math.min(first, token.start + 1);
      if (part.type === 'FunctionNode') {
        const name = this.#tokens.get((part as FunctionNode).fn as unknown as MathNode);
        if (name !== undefined) first = Math.min(first, name.start + 1);
      }
    });
    return Number.isFinite(first) ? first : 1;
  }
}
