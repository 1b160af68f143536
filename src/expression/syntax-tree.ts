/** mathjs' syntax tree of a scanned text, with the place of each leaf. */
import type { FunctionNode, MathNode } from 'mathjs';
import { parse as parseMathjs } from 'mathjs/number';
import { ProblemError } from '../errors.ts';
import { notInLanguage, type Scan, type Token } from './scan.ts';

/** Deeper texts are refused before they exhaust the stack. */
const MAXIMUM_DEPTH = 200;

/** mathjs' syntax tree of a part of a text, with the token of each of its leaves. */
export function syntaxTree(
  scanned: Scan,
  start: number,
  end: number,
  path: string,
): { root: MathNode; tokens: Map<MathNode, Token> } {
  const part = scanned.masked.slice(start, end);
  if (part.trim() === '') {
    throw new ProblemError('an expression is missing', { path, column: Math.max(1, start) });
  }
  let depth = 0;
  for (let i = 0; i < part.length; i++) {
    if (part[i] === '(' && ++depth > MAXIMUM_DEPTH) {
      const hint = `at most ${MAXIMUM_DEPTH} parentheses may be open at once`;
      throw new ProblemError('parentheses are nested too deeply', { path, column: start + i + 1, hint });
    }
    if (part[i] === ')') depth--;
  }
  const tokens = new Map<MathNode, Token>();
  try {
    const root = parseMathjs(part) as MathNode;
    const queue = scanned.tokens.filter((token) => token.start >= start && token.start < end);
    assignTokens(root, queue, tokens, path);
    return { root, tokens };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if (error instanceof SyntaxError) {
      const char = (error as SyntaxError & { char?: number }).char ?? 1;
      const reason = error.message.replace(/ \(char \d+\)$/, '').replace(/\$+/g, 'a derivative');
      throw new ProblemError(`syntax error: ${reason}`, { path, column: start + char });
    }
    if (error instanceof RangeError) throw new ProblemError('the expression is nested too deeply', { path });
    throw error;
  }
}

/** Leaves of the tree, read from left to right, are the tokens in their order. */
function assignTokens(
  root: MathNode,
  queue: readonly Token[],
  tokens: Map<MathNode, Token>,
  path: string,
): void {
  let next = 0;
  const visit = (node: MathNode): void => {
    switch (node.type) {
      case 'SymbolNode':
      case 'ConstantNode':
        tokens.set(node, queue[next++]);
        return;
      case 'FunctionNode':
        visit((node as FunctionNode).fn as unknown as MathNode);
        (node as FunctionNode).args.forEach(visit);
        return;
      case 'OperatorNode':
      case 'ParenthesisNode':
      case 'ConditionalNode':
      case 'RelationalNode':
        node.forEach(visit);
        return;
      default: {
        const what = node.type === 'RangeNode' ? 'a range' : `a ${node.type.replace(/Node$/, '')}`;
        throw notInLanguage(what, path, (queue[next]?.start ?? 0) + 1);
      }
    }
  };
  visit(root);
  if (next !== queue.length) throw new ProblemError('the text cannot be read', { path });
}
