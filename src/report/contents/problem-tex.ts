/** How the names and texts of one problem are typeset. */
import { AnsatzError } from '../../errors.ts';
import { expressionToTex, texOfName } from '../../expression/tex.ts';
import { type Problem, scopeOf } from '../../problem/index.ts';
import type { Label } from '../report-data.ts';

export interface ProblemTex {
  /** An expression, an equation or a place as it was written. */
  text(text: string): string;
  name(name: string): string;
  label(name: string): Required<Label>;
}

/** Plain words within mathematics. */
export function wordsTex(text: string): string {
  const escaped = text.replace(/[\\{}$#%&_^~]/g, (character) =>
    character === '\\' ? '\\backslash ' : /[~^]/.test(character) ? ' ' : `\\${character}`,
  );
  return `\\text{${escaped}}`;
}

/** A group of its own where it begins with a sign: MathML would else set the sign as a difference. */
export function signedTex(tex: string): string {
  return /^[-+]/.test(tex) ? `{${tex}}` : tex;
}

export function problemTex(problem: Problem): ProblemTex {
  const scope = scopeOf(problem);
  const name = (text: string): string => texOfName(text, undefined, scope);
  return {
    name,
    label: (text) => ({ name: text, tex: name(text) }),
    text: (text) => {
      try {
        const sides = text.split(/(?<![=<>!])=(?!=)/);
        return sides.map((side) => signedTex(expressionToTex(side, undefined, scope))).join(' = ');
      } catch (error) {
        if (!(error instanceof AnsatzError)) throw error;
        return wordsTex(text);
      }
    },
  };
}
