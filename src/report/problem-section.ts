/** The part of a report that states the problem. */
import { escapeText } from './markup.ts';
import { statementMarkup } from './mathematics.ts';
import type { ProblemDescription, Statement } from './report-data.ts';

function statements(heading: string, list: readonly Statement[] | undefined): string {
  if (list === undefined || list.length === 0) return '';
  return `<h3>${heading}</h3>\n<div class="statements">${list.map(statementMarkup).join('\n')}</div>`;
}

/** Everything about the problem but its constants' table; '' where there is nothing to state. */
export function problemMarkup(problem: ProblemDescription | undefined): string {
  if (problem === undefined) return '';
  const paragraph = (text: string | undefined, kind: string) =>
    text === undefined || text === '' ? '' : `<p class="${kind}">${escapeText(text)}</p>`;
  return [
    paragraph(problem.description, 'description'),
    paragraph(problem.source === undefined ? undefined : `Source: ${problem.source}`, 'source'),
    statements('Equations', problem.equations),
    statements('Input functions', problem.inputs),
    statements('Domain', problem.domain),
    statements('Conditions', problem.conditions),
    statements('Data', problem.data),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
