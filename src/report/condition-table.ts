/** The table of how well conditions hold, and tables that an author adds. */
import { escapeText, proseMarkup } from './markup.ts';
import { labelMarkup } from './mathematics.ts';
import { formatNumber } from './number-format.ts';
import type { ConditionError } from './report-data.ts';
import type { SectionTable } from './report-section.ts';
import type { Table } from './tables.ts';

function number(value: number): string {
  return `<span class="number">${proseMarkup(formatNumber(value, 2))}</span>`;
}

export function conditionTable(conditions: readonly ConditionError[] | undefined): Table | null {
  if (conditions === undefined || conditions.length === 0) return null;
  const built = conditions.some(({ builtIn }) => builtIn);
  return {
    caption:
      'How well the conditions hold: left minus right side in the units of their terms, at points never trained on.',
    head: ['condition', 'on', 'root mean square', 'maximum', ...(built ? [''] : [])],
    rows: conditions.map((condition) => ({
      cells: [
        labelMarkup(condition),
        escapeText(condition.place),
        number(condition.mean),
        number(condition.maximum),
        ...(built ? [condition.builtIn ? 'built in' : ''] : []),
      ],
    })),
  };
}

export function sectionTable({ caption, head, rows }: SectionTable): Table {
  return {
    caption,
    head: head.map((cell) => escapeText(cell)),
    rows: rows.map((cells) => ({
      cells: cells.map((cell) => (typeof cell === 'number' ? number(cell) : escapeText(cell))),
    })),
  };
}
