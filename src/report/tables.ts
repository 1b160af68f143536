/** The report's tables: estimates, errors, constants and unknowns, settings. */
import { escapeText, proseMarkup } from './markup.ts';
import { labelMarkup } from './mathematics.ts';
import { formatDuration, formatEstimate, formatLevel, formatNumber } from './number-format.ts';
import type {
  AssumptionTable,
  ErrorRow,
  EstimateTable,
  ProblemDescription,
  Quantity,
  RunSettings,
} from './report-data.ts';

/** A table's cells as HTML; the first cell of a row is its heading. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly separated?: boolean }[];
}

export function tableMarkup(table: Table, number: number): string {
  const head = table.head.map((cell) => `<th scope="col">${cell}</th>`).join('');
  const rows = table.rows.map(({ cells, separated }) => {
    const [first, ...rest] = cells;
    const data = rest.map((cell) => `<td>${cell}</td>`).join('');
    return `<tr${separated ? ' class="separated"' : ''}><th scope="row">${first}</th>${data}</tr>`;
  });
  return [
    '<figure class="table">',
    `<figcaption><b>Table ${number}.</b> ${proseMarkup(table.caption)}</figcaption>`,
    `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div></figure>',
  ].join('\n');
}

function number(text: string): string {
  return `<span class="number">${proseMarkup(text)}</span>`;
}

function named(quantity: Quantity): string {
  const unit = quantity.unit === undefined ? '' : ` <span class="note">(${escapeText(quantity.unit)})</span>`;
  return labelMarkup(quantity) + unit;
}

export function estimateTable(table: EstimateTable | undefined): Table | null {
  if (table === undefined || table.rows.length === 0 || table.methods.length === 0) return null;
  const { methods } = table;
  const level = formatLevel(table.level);
  const intervals = methods.flatMap((method) => {
    if (method.interval === undefined && method.level === undefined) return [];
    const at = method.level === undefined ? '' : `${formatLevel(method.level)}`;
    return [`${method.name}, ${[at, method.interval ?? ''].filter((part) => part !== '').join(', ')}`];
  });
  // One text for all methods is said once.
  const common = new Set(methods.map(({ interval, level }) => JSON.stringify([interval, level])));
  const ways =
    common.size === 1 && methods[0].level === undefined && methods[0].interval !== undefined
      ? [methods[0].interval]
      : intervals;
  const withIntervals = table.rows.some((row) =>
    row.values.some((value) => value?.low !== undefined || value?.high !== undefined),
  );
  const caption = [
    `Estimates${withIntervals ? ` with ${level} intervals in parentheses` : ''}.`,
    ...(ways.length > 0 ? [`Intervals: ${ways.join('; ')}.`] : []),
  ].join(' ');
  // Derived quantities stand below the unknowns they follow from.
  const ordered = [...table.rows.filter((row) => !row.derived), ...table.rows.filter((row) => row.derived)];
  const firstDerived = ordered.findIndex((row) => row.derived);
  const rows: Table['rows'][number][] = ordered.map((row, i) => ({
    cells: [named(row), ...methods.map((_, k) => number(formatEstimate(row.values[k])))],
    separated: i > 0 && i === firstDerived,
  }));
  if (methods.some((method) => method.sumOfSquares !== undefined)) {
    rows.push({
      cells: ['sum of squares', ...methods.map((method) => number(formatNumber(method.sumOfSquares, 5)))],
      separated: true,
    });
  }
  return { caption, head: ['', ...methods.map((method) => escapeText(method.name))], rows };
}

/** What the estimates become under other assumptions: one interval alone does not show it. */
export function assumptionTable(table: AssumptionTable | undefined): Table | null {
  if (table === undefined || table.rows.length === 0) return null;
  const withAic = table.rows.some(({ aic }) => aic !== undefined);
  const withSquares = table.rows.some(({ sumOfSquares }) => sumOfSquares !== undefined);
  return {
    caption: `The estimates under other assumptions, with ${formatLevel(table.level)} intervals in parentheses.${withAic ? ' AIC is Akaike’s criterion; it compares models of the same data, the noise’s among them.' : ''}`,
    head: [
      '',
      ...table.quantities.map((quantity) => labelMarkup(quantity)),
      ...(withSquares ? ['sum of squares'] : []),
      ...(withAic ? ['AIC'] : []),
    ],
    rows: table.rows.map(({ assumption, values, aic, sumOfSquares, failure }) => ({
      cells: [
        escapeText(failure === undefined ? assumption : `${assumption}: ${failure}`),
        ...table.quantities.map((_, k) => number(formatEstimate(values[k]))),
        ...(withSquares ? [number(formatNumber(sumOfSquares, 6))] : []),
        ...(withAic ? [number(formatNumber(aic, 5))] : []),
      ],
    })),
  };
}

export function errorTable(errors: readonly ErrorRow[] | undefined): Table | null {
  if (errors === undefined || errors.length === 0) return null;
  const columns: { head: string; cell: (row: ErrorRow) => string; shown: boolean }[] = [
    {
      head: 'relative <i>L</i><sup>2</sup>',
      cell: (row) => number(formatNumber(row.relativeL2, 3)),
      shown: true,
    },
    {
      head: 'maximum',
      cell: (row) => number(formatNumber(row.maximum, 3)),
      shown: errors.some((row) => row.maximum !== undefined && row.maximum !== null),
    },
    {
      head: 'median',
      cell: (row) => number(formatNumber(row.median, 3)),
      shown: errors.some((row) => row.median !== undefined),
    },
    {
      head: 'worst',
      cell: (row) => number(formatNumber(row.worst, 3)),
      shown: errors.some((row) => row.worst !== undefined),
    },
    {
      head: 'functions',
      cell: (row) => number(formatNumber(row.functions, 6)),
      shown: errors.some((row) => row.functions !== undefined),
    },
    {
      head: 'against',
      cell: (row) => escapeText(row.against ?? row.reason ?? '—'),
      shown: true,
    },
    {
      head: 'its own error',
      cell: (row) => number(formatNumber(row.referenceError, 2)),
      shown: errors.some((row) => row.referenceError !== undefined),
    },
  ];
  const shown = columns.filter((column) => column.shown);
  const operator = errors.some((row) => row.functions !== undefined);
  const own = errors.some((row) => row.referenceError !== undefined);
  const caption = [
    operator
      ? 'Errors on functions never trained on; relative L² is their mean.'
      : 'Errors of the solution at points never trained on.',
    ...(own ? ['The reference’s own error is its estimate, as a relative L² norm.'] : []),
  ].join(' ');
  return {
    caption,
    head: ['', ...shown.map((column) => column.head)],
    rows: errors.map((row) => ({ cells: [labelMarkup(row), ...shown.map((column) => column.cell(row))] })),
  };
}

export function constantTable(problem: ProblemDescription | undefined): Table | null {
  const constants = problem?.constants ?? [];
  const unknowns = problem?.unknowns ?? [];
  if (constants.length + unknowns.length === 0) return null;
  const bounds = (low: number | undefined, high: number | undefined) => {
    if (low === undefined && high === undefined) return 'any';
    if (low === undefined) return `at most ${formatNumber(high)}`;
    if (high === undefined) return `at least ${formatNumber(low)}`;
    return `${formatNumber(low)} to ${formatNumber(high)}`;
  };
  const withUnknowns = unknowns.length > 0;
  const caption = [
    constants.length > 0 ? 'constants' : '',
    withUnknowns ? 'unknowns, with where their search begins' : '',
  ]
    .filter((part) => part !== '')
    .join(' and ');
  return {
    caption: `${caption[0].toUpperCase()}${caption.slice(1)}.`,
    head: withUnknowns ? ['', 'value', 'allowed'] : ['', 'value'],
    rows: [
      ...constants.map((constant) => ({
        cells: [named(constant), number(formatNumber(constant.value, 6)), ...(withUnknowns ? ['given'] : [])],
      })),
      ...unknowns.map((unknown, i) => ({
        cells: [
          named(unknown),
          proseMarkup(`from ${formatNumber(unknown.initial)}`),
          proseMarkup(bounds(unknown.min, unknown.max)),
        ],
        separated: i === 0 && constants.length > 0,
      })),
    ],
  };
}

export function settingTable(settings: RunSettings): Table {
  const rows: [string, string | number | undefined][] = [
    ['engine', settings.engine],
    ['backend', settings.backend],
    ['precision', settings.precision],
    ['optimiser', settings.optimizer],
    ['network', settings.network],
    ['points', settings.points],
    ['seed', String(settings.seed)],
    ['iterations', settings.iterations],
    ['time', settings.seconds === undefined ? undefined : formatDuration(settings.seconds)],
    ['final loss', settings.loss === undefined ? undefined : formatNumber(settings.loss, 3)],
    ['stopped by', settings.stopped],
    ...(settings.other ?? []).map((item): [string, string | number] => [item.name, item.value]),
    [
      'versions',
      settings.versions === undefined || Object.keys(settings.versions).length === 0
        ? undefined
        : Object.entries(settings.versions)
            .map(([part, version]) => `${part} ${version}`)
            .join(', '),
    ],
    ['date', settings.date],
  ];
  return {
    caption: 'What is needed to make this run again, and how it ended.',
    head: ['setting', 'value'],
    rows: rows.flatMap(([name, value]) => {
      if (value === undefined || value === '') return [];
      const text = typeof value === 'number' ? formatNumber(value, 7) : value;
      return [{ cells: [escapeText(name), proseMarkup(text)] }];
    }),
  };
}
