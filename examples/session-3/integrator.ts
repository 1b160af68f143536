/**
 * A network that integrates: the map from a function to its antiderivative, then from a force to the motion of a
 * pendulum and from a varying rate to the growth of a population.
 * Run: npx tsx examples/session-3/integrator.ts
 */
import { assessOperator, type OperatorCase, reference, type TrainedOperator, trainOperator } from 'ansatz';
import { loadProblem } from 'ansatz/node';
import { coursePage } from '../course/page.ts';

const seed = 1;
const count = 101;
const short = (value: number): string => value.toExponential(1);

/** The antiderivative: 150 random functions, 100 sensors. */
const integrate = await trainOperator(await loadProblem('problems/integrator.json'), { seed });
const x = Float64Array.from({ length: count }, (_, k) => k / (count - 1));
const cosines = Array.from({ length: 5 }, (_, k) => 1 + (k * (2 * Math.PI - 1)) / 4).map((omega) => {
  const v = (at: number): number => Math.cos(omega * at);
  const found = integrate(v).evaluateFields(x).u;
  const exact = x.map((at) => Math.sin(omega * at) / omega);
  const norm = (values: Float64Array): number => Math.hypot(...values);
  const error = norm(found.map((value, n) => value - exact[n])) / norm(exact);
  return { omega, found, exact, error, distance: integrate.distance(v).v };
});
console.log(`integrator: mean relative L2 error ${short(integrate.errors!.u.relativeL2)} on 300 functions`);
for (const { omega, error } of cosines) console.log(`  v = cos(${omega.toFixed(2)} x): ${short(error)}`);

/** The nonlinear ones. */
const nonlinear = async (
  file: string,
): Promise<{ operator: TrainedOperator; cases: readonly OperatorCase[] }> => {
  const operator = await trainOperator(await loadProblem(`problems/${file}.json`), {
    seed,
    functions: 1024,
    timeLimit: 60,
  });
  for (const [field, { relativeL2, worst }] of Object.entries(operator.errors!))
    console.log(`${file}, ${field}: mean ${short(relativeL2)}, worst ${short(worst)}`);
  return { operator, cases: (await assessOperator(operator, { functions: 4, timeLimit: 4 })).cases };
};
const pendulum = await nonlinear('forced-pendulum');
const logistic = await nonlinear('logistic-rate');

/** One network evaluation beside one classical solution. */
const worst = pendulum.cases[0];
const places = Float64Array.from({ length: 100 }, (_, k) => k / 99);
const secondsOf = (times: number, work: () => unknown): number => {
  work();
  const begun = performance.now();
  for (let k = 0; k < times; k++) work();
  return (performance.now() - begun) / 1000 / times;
};
const sensors = pendulum.operator.problem.inputs[0].sensors;
const rows = (functions: number): Float64Array =>
  Float64Array.from({ length: functions * sensors.length }, (_, k) =>
    Math.sin((1 + (k % 7)) * sensors[k % sensors.length]),
  );
const one = secondsOf(50, () => pendulum.operator.evaluate({ v: rows(1) }, places));
const many = secondsOf(1, () => pendulum.operator.evaluate({ v: rows(1000) }, places)) / 1000;
const begun = performance.now();
for (let k = 0; k < 5; k++) await reference(worst.solution.problem);
const classical = (performance.now() - begun) / 5000;
console.log(
  `one evaluation: ${(1e3 * one).toFixed(2)} ms alone, ${(1e3 * many).toFixed(3)} ms among 1000; one classical solution: ${(1e3 * classical).toFixed(1)} ms`,
);

const panelsOf = ({ solution, samples, expected, role }: OperatorCase, input: string) => {
  const [{ name, low, high }] = solution.problem.coordinates;
  const at = Float64Array.from({ length: 201 }, (_, k) => low + (k / 200) * (high - low));
  const [values, right] = [solution.evaluateFields(at), expected!(at)];
  const field = solution.problem.fields[0].name;
  return [
    {
      title: { name: `${role}: what goes in` },
      horizontal: { name },
      vertical: { name: input },
      curves: [{ name: input, curve: { at, values: samples[input].values(at) } }],
    },
    {
      title: { name: `${role}: what comes out` },
      horizontal: { name },
      vertical: { name: field },
      curves: [
        { name: 'operator', curve: { at, values: values[field] } },
        { name: 'Dormand–Prince', curve: { at, values: right[field] }, mark: 'dashes' as const },
      ],
    },
  ];
};
const errorRows = (label: string, { operator }: { operator: TrainedOperator }) =>
  Object.entries(operator.errors!).map(([field, error]) => [
    `${label}, ${field}`,
    operator.run.branch,
    operator.run.functions,
    ...[error.relativeL2, error.median, error.worst].map(short),
    operator.run.seconds.toFixed(0),
  ]);

await coursePage(import.meta.url, {
  title: 'A network that integrates',
  settings: { seed, optimizer: 'least squares', network: 'branch and trunk, see the table' },
  sections: [
    {
      heading: 'From a function to its antiderivative',
      parts: [
        'A network usually maps numbers to numbers. An operator network maps a function to a function: it sees v at 100 sensors and answers with u, which can be asked for at any x. A branch turns what the sensors see into coefficients, a trunk knows the functions of x that these belong to.',
        {
          tex: 'G(v)(x) = \\int_0^x v(s)\\,ds \\approx \\sum_k b_k\\big(v(x_1), \\dots, v(x_{100})\\big)\\, \\psi_k(x)',
        },
        `It is trained on ${integrate.run.functions} random functions and tested on ${integrate.errors!.u.functions} others. The antiderivative is linear in v. So a branch without any hidden layer is enough, its weights are found by one least-squares solve, and the error is that of rounding: ${short(integrate.errors!.u.relativeL2)} on average. A network with hidden layers would have to learn first that the map is linear (the example deeponet.ts trains one). Look for structure before you train.`,
        {
          caption: 'Five cosines, none of which was trained on, and their antiderivatives.',
          panels: [
            {
              horizontal: { name: 'x' },
              vertical: { name: 'u' },
              curves: cosines.map(({ omega, found }) => ({
                name: `operator, ω = ${omega.toFixed(2)}`,
                curve: { at: x, values: found },
              })),
            },
            {
              title: { name: 'off by' },
              horizontal: { name: 'x' },
              vertical: { name: 'absolute error' },
              logarithmic: true,
              curves: cosines.map(({ omega, found, exact }) => ({
                name: `operator, ω = ${omega.toFixed(2)}`,
                curve: { at: x, values: found.map((value, n) => Math.abs(value - exact[n]) || Number.NaN) },
              })),
            },
          ],
        },
        {
          caption:
            'The same in numbers, with the distance of each cosine from the training functions, which the operator knows without an exact solution.',
          head: ['ω', 'relative L² error', 'distance'],
          rows: cosines.map(({ omega, error, distance }) => [
            omega.toFixed(3),
            short(error),
            distance.toFixed(1),
          ]),
        },
      ],
    },
    {
      heading: 'The general integrator',
      parts: [
        'Now an equation stands between the two functions, and the map is no longer linear: twice the force is not twice the swing. A pendulum at rest is pushed by a force v(t); a population grows at a rate r(t) = 1 + v(t)/2 towards its limit.',
        {
          tex: '\\ddot\\theta = -\\sin\\theta + v(t), \\qquad \\dot y = \\big(1 + \\tfrac12 v(t)\\big)\\, y\\,(1 - y)',
        },
        {
          caption:
            'Relative L² errors on functions never trained on, against Dormand–Prince; seconds of training, solutions of the training functions included.',
          head: ['', 'branch', 'functions', 'mean', 'median', 'worst', 'seconds'],
          rows: [
            ...errorRows('antiderivative', { operator: integrate }),
            ...errorRows('pendulum', pendulum),
            ...errorRows('growth', logistic),
          ],
        },
        `The branch is now a kernel regression in the principal components of what the sensors see. The median says what to expect, the worst case what to fear: for the growth it is ${(logistic.operator.errors!.y.worst / logistic.operator.errors!.y.median).toFixed(0)} times the median, a function at the edge of what was trained on.`,
        {
          caption: 'The pendulum: the worst and the median of the test functions.',
          panels: pendulum.cases.slice(0, 2).flatMap((found) => panelsOf(found, 'v')),
          columns: 2,
        },
        {
          caption: 'Growth at a varying rate: the worst and the median of the test functions.',
          panels: logistic.cases.slice(0, 2).flatMap((found) => panelsOf(found, 'v')),
          columns: 2,
        },
        `Once trained, an answer is a few products of matrices. One force at 100 times takes ${(1e3 * one).toFixed(2)} ms, each of a thousand asked for together ${(1e3 * many).toFixed(2)} ms; the classical solver (${worst.against}) takes ${(1e3 * classical).toFixed(1)} ms for one, to ten digits.`,
      ],
    },
  ],
});
