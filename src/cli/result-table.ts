import type { Assessment } from '../estimate/index.ts';
import type { Solution } from '../solve/index.ts';
import { aligned, significant } from './text-table.ts';

function interval({ value, low, high }: { value: number; low: number | null; high: number | null }): string {
  return low === null || high === null
    ? significant(value)
    : `${significant(value)} (${significant(low, 4)} to ${significant(high, 4)})`;
}

function estimateLines(assessment: Assessment, { observations }: Solution['problem']): string[] {
  const { parameters, derived, shooting } = assessment;
  const rows: string[][] = [['', 'PINN', ...(shooting === undefined ? [] : ['shooting'])]];
  for (const [name, estimate] of [...Object.entries(parameters), ...Object.entries(derived)]) {
    const classical = shooting?.estimates[name] ?? shooting?.derived[name];
    rows.push([name, interval(estimate), ...(classical === undefined ? [] : [interval(classical)])]);
  }
  if (assessment.sumOfSquares !== undefined)
    rows.push([
      'sum of squares',
      significant(assessment.sumOfSquares, 6),
      ...(shooting === undefined ? [] : [significant(shooting.sumOfSquares, 6)]),
    ]);
  const lines = aligned(rows);
  const gaussian = observations.every(({ noise }) => noise.distribution === 'gaussian');
  if (shooting !== undefined)
    lines.push(
      `  95% intervals by ${gaussian ? 'Gauss–Newton' : 'Fisher’s information'}; sums of squares are those of Dormand–Prince trajectories at the estimates`,
    );
  return lines;
}

function errorLines({ errors, reason }: Assessment): string[] {
  if (errors === null) return [`  no comparison: ${reason}`];
  const rows = Object.entries(errors).map(([name, error]) => [
    name,
    error.relativeL2.toExponential(2),
    error.maximum.toExponential(2),
    error.against === 'exact' ? 'exact solution' : (error.method ?? 'reference'),
  ]);
  return aligned([['field', 'relative L2', 'maximum', 'against'], ...rows]);
}

/** What `solve` prints for people. */
export function resultTable(solution: Solution, assessment: Assessment): string {
  const { run, problem } = solution;
  const { settings } = run;
  const lines = [
    problem.definition.title === undefined ? problem.name : `${problem.name}: ${problem.definition.title}`,
    `  engine     ${settings.engine} (${run.backend}): ${settings.engineReason}`,
    `  optimizer  ${settings.optimizers.join(', then ')}: ${settings.optimizerReason}`,
    `  network    ${settings.width}x${settings.depth}, seed ${settings.seed}`,
    `  ${run.iterations} steps in ${run.seconds.toFixed(1)} s, loss ${run.loss.toExponential(2)}, stopped: ${run.stopped}`,
    '',
  ];
  if (Object.keys(assessment.parameters).length > 0) lines.push(...estimateLines(assessment, problem), '');
  lines.push(...errorLines(assessment));
  for (const note of assessment.notes) lines.push(`  note: ${note}`);
  return `${lines.join('\n')}\n`;
}
