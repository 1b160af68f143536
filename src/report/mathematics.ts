/** Mathematics as MathML, which browsers typeset without fonts or scripts of ours. */
import katex from 'katex';
import { escapeText } from './markup.ts';
import type { Label, Statement } from './report-data.ts';

/** TeX as MathML; where it is not well formed, the plain text as code. */
export function mathematics(tex: string, text: string = tex, display = false): string {
  try {
    return katex.renderToString(tex, {
      output: 'mathml',
      displayMode: display,
      throwOnError: true,
      strict: 'ignore',
      trust: false,
    });
  } catch {
    return `<code>${escapeText(text)}</code>`;
  }
}

/** A name as mathematics where its TeX is known, else as text. */
export function labelMarkup(label: Label, style: 'text' | 'display' = 'text'): string {
  if (label.tex === undefined) return escapeText(label.name);
  return mathematics(style === 'display' ? `\\displaystyle ${label.tex}` : label.tex, label.name);
}

/** A statement on a line of its own, with its remark. */
export function statementMarkup(statement: Statement): string {
  const note = statement.note === undefined ? '' : ` <span class="note">${escapeText(statement.note)}</span>`;
  return `<div class="statement">${mathematics(statement.tex, statement.text, true)}${note}</div>`;
}
