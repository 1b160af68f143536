/** TeX of equations as they were written, for reports. */
import type { FunctionNode, MathNode, OperatorNode } from 'mathjs';
import { readSubscripts } from './derivative-notation.ts';
import { scan, type Token } from './scan.ts';
import type { Scope } from './scope.ts';
import { syntaxTree } from './syntax-tree.ts';

const greek: ReadonlySet<string> = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi ' +
    'chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'
  ).split(' '),
);

/** Functions that TeX has a command for. */
const commands: ReadonlySet<string> = new Set(
  'sin cos tan sec csc cot sinh cosh tanh coth exp log ln max min'.split(' '),
);
const renamed: ReadonlyMap<string, string> = new Map([
  ['asin', '\\arcsin'],
  ['acos', '\\arccos'],
  ['atan', '\\arctan'],
  ['log2', '\\log_{2}'],
  ['log10', '\\log_{10}'],
  ['heaviside', 'H'],
]);

/**
 * The TeX of an expression, an equation or a condition such as `t = 0`, as it was written: derivatives as
 * subscripts or fractions, Greek names as letters, quotients as fractions.
 *
 * @param symbolTex overrules the TeX of a name where it returns one
 * @param scope tells derivatives from other names more surely, where it is at hand
 * @throws ProblemError where the text is not well formed
 */
export function expressionToTex(
  text: string,
  symbolTex: (name: string) => string | undefined = () => undefined,
  scope?: Scope,
): string {
  const scanned = scan(text, scope, 'text');
  const bounds = [-1, ...scanned.equalSigns.map(({ position }) => position), text.length];
  const parts: string[] = [];
  for (let i = 1; i < bounds.length; i++) {
    const { root, tokens } = syntaxTree(scanned, bounds[i - 1] + 1, bounds[i], 'text');
    const nameTex = (name: string): string => symbolTex(name) ?? texOfName(name, symbolTex, scope);
    parts.push(texOfTree(root, tokens, nameTex, scope));
  }
  return parts.join(' = ');
}

/** The TeX of one name: `nu` as \nu, `R0` as R_{0}, `u_xx` as u_{xx}. */
export function texOfName(
  name: string,
  symbolTex: (name: string) => string | undefined = () => undefined,
  scope?: Scope,
): string {
  const [base, ...subscripts] = name.split('_');
  if (base === '' || subscripts.length === 0) return texOfWord(name.replaceAll('_', ''));
  const lower = subscripts.map((part) => texOfSubscript(part, symbolTex, scope)).join(',');
  const upper = symbolTex(base) ?? texOfWord(base);
  return upper.includes('_') ? `{${upper}}_{${lower}}` : `${upper}_{${lower}}`;
}

function texOfWord(name: string): string {
  const match = /^(\D+)(\d+)$/.exec(name);
  if (match !== null) return `${texOfWord(match[1])}_{${match[2]}}`;
  if (greek.has(name)) return `\\${name}`;
  return [...name].length === 1 ? name : `\\mathrm{${name}}`;
}

function texOfSubscript(
  part: string,
  symbolTex: (name: string) => string | undefined,
  scope: Scope | undefined,
): string {
  const coordinates = scope?.coordinates ?? [...'xyzrstn', ...greek];
  const [names] = readSubscripts(part, coordinates);
  if (names === undefined) return /^\d+$/.test(part) ? part : texOfWord(part);
  return names.map((name) => symbolTex(name) ?? texOfWord(name)).join(' ');
}

function texOfTree(
  root: MathNode,
  tokens: ReadonlyMap<MathNode, Token>,
  nameTex: (name: string) => string,
  scope: Scope | undefined,
): string {
  const inside = (node: MathNode): MathNode =>
    node.type === 'ParenthesisNode' ? inside((node as unknown as { content: MathNode }).content) : node;
  const isFraction = (node: MathNode): boolean => {
    if (node.type === 'SymbolNode') return tokens.get(node)?.leibniz !== undefined;
    return node.type === 'FunctionNode' && ['d', 'laplacian'].includes((node as FunctionNode).fn.name);
  };

  const derivative = (token: Token): string => {
    const { name, along } = token.leibniz!;
    const ordinary = scope === undefined ? token.text.startsWith('d') : scope.fields.get(name)?.length === 1;
    return fraction(nameTex(name), along.map(nameTex), ordinary ? 'd' : '\\partial ');
  };

  const symbol = (node: MathNode): string => {
    const token = tokens.get(node)!;
    if (token.leibniz !== undefined) return derivative(token);
    return nameTex(token.text) + "'".repeat(token.primes);
  };

  const call = (node: FunctionNode, tex: (part: MathNode) => string): string => {
    const head = node.fn as unknown as MathNode;
    const name = tokens.get(head)!.text;
    const args = node.args.map((argument) => tex(argument));
    const list = `\\left(${args.join(', ')}\\right)`;
    if (name === 'd' && args.length > 1) {
      const along: string[] = [];
      node.args.slice(1).forEach((argument, i) => {
        const repeat = Number(tokens.get(argument)?.text);
        if (Number.isInteger(repeat))
          for (let k = 1; k < Math.min(repeat, 9); k++) along.push(along[0] ?? '');
        else along.push(args[i + 1]);
      });
      const operand = inside(node.args[0]);
      const simple = operand.type === 'SymbolNode' && !isFraction(operand);
      if (simple) return fraction(args[0], along, '\\partial ');
      return `${fraction('', along, '\\partial ')}\\left(${args[0]}\\right)`;
    }
    if (name === 'laplacian') {
      const simple = inside(node.args[0]).type === 'SymbolNode';
      return `\\nabla^{2} ${simple ? args[0] : list}`;
    }
    if (name === 'inside' && args.length === 1) {
      const region = tokens.get(inside(node.args[0]))?.text.replace(/^["']|["']$/g, '');
      return `\\mathbf{x} \\in \\text{${region?.replace(/[\\{}$#%&_^~]/g, ' ')}}`;
    }
    if (name === 'jump' && args.length === 1) return `\\left[\\!\\left[${args[0]}\\right]\\!\\right]`;
    if (name === 'integral' && args.length >= 4) {
      const operand = inside(node.args[0]);
      const isSum = operand.type === 'OperatorNode' && /^[+-]$/.test((operand as OperatorNode).op);
      const body = isSum ? `\\left(${args[0]}\\right)` : args[0];
      return `\\int_{${args[2]}}^{${args[3]}} ${body} \\, d${args[1]}`;
    }
    if (name === 'sqrt') return `\\sqrt{${args[0]}}`;
    if (name === 'cbrt') return `\\sqrt[3]{${args[0]}}`;
    if (name === 'abs') return `\\left|${args[0]}\\right|`;
    if (name === 'exp' && !/\\frac/.test(args[0])) return `e^{${args[0]}}`;
    if (renamed.has(name)) return renamed.get(name)! + list;
    if (commands.has(name)) return `\\${name}${list}`;
    const isField = scope?.fields.has(name) ?? name.length === 1;
    return (isField || name.includes('_') ? symbol(head) : `\\operatorname{${name}}`) + list;
  };

  // a - (-b), a * (-b): mathjs leaves such parentheses out, and a product would read as a difference
  const signed = new Set<MathNode>();
  root.traverse((node) => {
    if (node.type !== 'OperatorNode') return;
    const { op, args } = node as OperatorNode;
    if (args.length !== 2 || !/^[-+*]$/.test(op)) return;
    const right = inside(args[1]);
    if (right.type !== 'OperatorNode') return;
    const { op: sign, args: operands } = right as OperatorNode;
    if (operands.length === 1 && /^[-+]$/.test(sign)) signed.add(right);
  });

  const handler = (node: MathNode, options: object): string | undefined => {
    const tex = (part: MathNode): string => part.toTex(options);
    switch (node.type) {
      case 'SymbolNode':
        return symbol(node);
      case 'FunctionNode':
        return call(node as FunctionNode, tex);
      case 'OperatorNode': {
        const { fn, args } = node as unknown as OperatorNode;
        if (signed.has(node)) {
          const operand = inside(args[0]);
          const isSum = operand.type === 'OperatorNode' && /^[+-]$/.test((operand as OperatorNode).op);
          const body = isSum ? `\\left(${tex(operand)}\\right)` : tex(operand);
          return `\\left(${(node as OperatorNode).op}${body}\\right)`;
        }
        if ((fn as string) !== 'pow' || !isFraction(inside(args[0]))) return undefined;
        return `\\left(${tex(inside(args[0]))}\\right)^{${tex(args[1])}}`;
      }
      default:
        return undefined;
    }
  };
  return (
    root
      .toTex({ handler, parenthesis: 'auto' })
      // juxtaposition reads better than dots, but two numbers need one
      .replace(/\\cdot *(?![\d\s])/g, '\\, ')
      .replaceAll('~', '\\, ')
      .trim()
  );
}

function fraction(what: string, along: readonly string[], d: string): string {
  const order = along.length > 1 ? `^{${along.length}}` : '';
  const lower: string[] = [];
  for (let i = 0; i < along.length; ) {
    let count = 1;
    while (along[i + count] === along[i]) count++;
    lower.push(`${d}${along[i]}${count > 1 ? `^{${count}}` : ''}`);
    i += count;
  }
  const sign = d.trim();
  return `\\frac{${sign}${order}${what === '' ? '' : ` ${what}`}}{${lower.join(' ')}}`;
}
