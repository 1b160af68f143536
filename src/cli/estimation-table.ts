import type { OutbreakAnalysis } from '../epidemiology/outbreak-analysis.ts';
import { aligned, significant } from './text-table.ts';

interface Interval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

function intervalText({ value, low, high }: Interval): string {
  if (low === null && high === null) return significant(value);
  const end = (bound: number | null, open: string): string =>
    bound === null || !Number.isFinite(bound) ? open : significant(bound);
  return `${significant(value)} (${end(low, 'open')} to ${end(high, 'open')})`;
}

/** What `estimate` prints for people. */
export function estimationTable(analysis: OutbreakAnalysis): string {
  const { problem, estimation, profiles, bootstrap, reproduction, assumptions, scores, notes } = analysis;
  const { parameters, derived, noise, level } = estimation;
  const own = { ...parameters, ...noise, ...derived };
  const rows: Record<string, Interval> =
    reproduction === undefined || 'R0' in own ? own : { ...own, R0: reproduction.basic };
  const head = ['', 'maximum likelihood'];
  if (profiles.length > 0) head.push('profile');
  if (bootstrap !== undefined) head.push('bootstrap');
  const byName = new Map(profiles.map((curve) => [curve.name, curve]));
  const table = Object.entries(rows).map(([name, value]) => {
    const cells = [name, intervalText(value)];
    const curve = byName.get(name);
    if (profiles.length > 0)
      cells.push(curve === undefined ? '' : intervalText({ ...curve, value: curve.estimate }));
    const sample = bootstrap?.intervals[name];
    if (bootstrap !== undefined)
      cells.push(sample === undefined ? '' : intervalText({ ...sample, value: sample.median }));
    return cells;
  });
  const lines = [
    problem.definition.title === undefined ? problem.name : `${problem.name}: ${problem.definition.title}`,
    `  ${estimation.method}: ${estimation.agreement}; ${analysis.seconds.toFixed(1)} s in all`,
    '',
    ...aligned([head, ...table]),
    `  ${100 * level}% intervals${estimation.sumOfSquares === undefined ? '' : `; sum of squares ${significant(estimation.sumOfSquares, 6)}`}${estimation.aic === undefined ? '' : `, AIC ${significant(estimation.aic, 6)}`}`,
  ];
  for (const { identifiable, words } of profiles)
    if (identifiable !== 'yes') lines.push(`  warning: ${words}`);
  for (const name of estimation.atBounds) lines.push(`  warning: ${name} ended at one of its bounds`);
  if (assumptions.length > 1) {
    const names = [...problem.unknowns, ...problem.derived].map(({ name }) => name);
    lines.push(
      '',
      '  under other assumptions',
      ...aligned([
        ['', ...names, 'AIC'],
        ...assumptions.map(({ assumption, fit, failure }) =>
          fit === undefined
            ? [assumption, failure ?? '', ...names.map(() => '')]
            : [
                assumption,
                ...names.map((name) => significant((fit.estimates[name] ?? fit.derived[name]).value)),
                significant(fit.aic),
              ],
        ),
      ]),
    );
  }
  for (const { observed, count, covered, rootMeanSquare } of scores)
    lines.push(
      '',
      `  held out: ${covered} of ${count} observations of ${observed} in the prediction band, root mean square ${significant(rootMeanSquare, 3)}`,
    );
  for (const note of notes) lines.push(`  note: ${note}`);
  return `${lines.join('\n')}\n`;
}
