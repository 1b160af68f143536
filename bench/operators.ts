/**
 * Operators trained with default settings: errors on functions never trained on, seconds, and what one evaluation costs.
 *
 *   npx tsx bench/operators.ts [CASE …] [--seed 0] [--time-limit SECONDS] [--json] [--evaluation] [--quick]
 *
 * Seconds are those of training, data included and test functions left out. The error of a problem with several
 * fields is that of the worst.
 */
import { parseArgs } from 'node:util';
import {
  drawInputs,
  problem,
  problemOf,
  reference,
  type TrainedOperator,
  trainOperator,
} from '../src/index.ts';
import { print } from './measurement.ts';
import { type OperatorCase, operatorCases } from './operator-cases.ts';
import { figure, table } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '0' },
    'time-limit': { type: 'string' },
    json: { type: 'boolean', default: false },
    evaluation: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const unknown = positionals.find((name) => !operatorCases.some((own) => own.name === name));
if (unknown !== undefined) {
  console.error(`there is no case ${unknown}; there are ${operatorCases.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const seed = Number(values.seed);

async function trained({ definition, options }: OperatorCase): Promise<TrainedOperator> {
  const timeLimit = values['time-limit'] === undefined ? options.timeLimit : Number(values['time-limit']);
  const few = values.quick ? { functions: 32, testFunctions: 4 } : {};
  return trainOperator(problem(definition), { ...options, ...few, seed, timeLimit });
}

/** Largest relative L² error on cos(ωx), ω from 1 to 2π in five equal steps, against sin(ωx)/ω. */
function cosineErrors(integrate: TrainedOperator): number[] {
  const at = Float64Array.from({ length: 101 }, (_, i) => i / 100);
  return [0, 1, 2, 3, 4].map((k) => {
    const omega = 1 + (k * (2 * Math.PI - 1)) / 4;
    const found = at.map((x) => (integrate(`cos(${omega}*x)`).at(x) as { u: number }).u);
    const exact = at.map((x) => Math.sin(omega * x) / omega);
    const norm = (own: Float64Array): number => Math.hypot(...own);
    return norm(found.map((value, i) => value - exact[i])) / norm(exact);
  });
}

/** Milliseconds of a call, the shortest of several. */
async function milliseconds(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  const until = performance.now() + 2000;
  for (let n = 0; n < 5 || performance.now() < until; n++) {
    const began = performance.now();
    await run();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** One evaluation at 100 points against a Dormand–Prince solve of the same problem, both warm, in this process. */
async function evaluationTable(): Promise<string> {
  const own = operatorCases.find(({ name }) => name === 'forced-pendulum')!;
  const operator = await trained(own);
  const posed = operator.problem;
  const points = Float64Array.from({ length: 100 }, (_, i) => i / 99);
  const sensors = posed.inputs[0].sensorCount;
  const functions = (count: number) => ({
    v: Float64Array.from({ length: count * sensors }, (_, i) =>
      Math.sin(1e-4 * i + (5 * (i % sensors)) / sensors),
    ),
  });
  const given = problemOf(posed, drawInputs(posed, seed, 0));
  const classical = await milliseconds(() => reference(given));
  const rows: string[][] = [['Dormand–Prince 8 to 1e-12, one function', figure(classical), '1']];
  for (const count of [1, 10_000]) {
    const inputs = functions(count);
    const each = (await milliseconds(() => operator.evaluate(inputs, points))) / count;
    rows.push([`operator, batch of ${count}`, figure(each), figure(classical / each)]);
  }
  return table(['100 points of the pendulum', 'ms for each function', 'times faster'], rows);
}

if (values.evaluation) {
  console.log(await evaluationTable());
} else {
  const rows: string[][] = [];
  for (const own of operatorCases.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  )) {
    const operator = await trained(own);
    const { run, errors, reason } = operator;
    if (errors === null) throw new Error(`${own.name}: ${reason}`);
    const worst = Object.values(errors).reduce((a, b) => (b.relativeL2 > a.relativeL2 ? b : a));
    const cosines = own.name.startsWith('integrator') ? cosineErrors(operator) : [];
    if (values.json)
      print({
        name: own.name,
        system: 'Ansatz',
        metric: 'mean relative L² error on test functions',
        value: worst.relativeL2,
        unit: '',
        seconds: run.seconds,
        precision: run.engine === 'f64' ? 'float64' : 'float32',
        trace: [[run.seconds, worst.relativeL2]],
        details: {
          functions: run.functions,
          median: worst.median,
          worst: worst.worst,
          cosines,
          branch: run.branch,
        },
      });
    const { error, seconds } = own.goal;
    rows.push([
      own.title,
      own.published ?? '–',
      `${figure(error)}${seconds === undefined ? '' : ` in ${seconds} s`}`,
      `${figure(worst.relativeL2)} (median ${figure(worst.median)}, worst ${figure(worst.worst)})`,
      String(run.functions),
      figure(run.seconds),
      worst.relativeL2 <= error && (seconds === undefined || run.seconds <= seconds) ? 'yes' : 'no',
    ]);
    console.error(rows[rows.length - 1].join(' | '));
    if (cosines.length > 0)
      console.error(`  cos(ωx), five ω from 1 to 2π: ${cosines.map(figure).join(', ')}`);
  }
  if (!values.json)
    console.log(
      table(
        ['operator', 'published', 'goal', 'relative L² on test functions', 'functions', 'seconds', 'met'],
        rows,
      ),
    );
}
