/**
 * A stepper: one learnt step (y, v on [t, t + h]) → y(t + h), made a hundred times. How its errors grow.
 * Run: npx tsx examples/session-3/stepper.ts
 */
import { type StepperErrors, stepperErrors, trainStepper } from 'ansatz';
import { loadProblem } from 'ansatz/node';
import { coursePage } from '../course/page.ts';

const seed = 1;
const steps = 100;
const options = { seed, functions: 768, testFunctions: 50, timeLimit: 60 } as const;

const logistic = await trainStepper(await loadProblem('problems/logistic-rate.json'), {
  ...options,
  step: 0.5,
  states: { y: [0.02, 1.1] },
});
const growth = await stepperErrors(logistic, { steps, start: { y: 0.1 }, seed });

const pendulum = await trainStepper(await loadProblem('problems/forced-pendulum.json'), {
  ...options,
  step: 0.1,
  states: { theta: [-3.3, 3.3], omega: [-8, 8] },
  periods: { theta: 2 * Math.PI },
});
const swing = await stepperErrors(pendulum, { steps, start: { theta: 0, omega: 0 }, seed });

const short = (value: number): string => value.toExponential(1);
const systems = [
  { label: 'growth', stepper: logistic, errors: growth },
  { label: 'pendulum', stepper: pendulum, errors: swing },
];
const rows = systems.flatMap(({ label, stepper, errors }) =>
  Object.entries(errors.fields).map(([field, { mean, worst, size, exponent }]) => ({
    name: `${label}, ${field}`,
    numbers: [stepper.step, short(mean[1]), short(mean[10]), short(mean[steps]), short(worst[steps])],
    size,
    exponent,
  })),
);
for (const { name, numbers, exponent } of rows)
  console.log(
    `${name}: after 1, 10, ${steps} steps ${numbers.slice(1, 4).join(', ')}; grows like steps^${exponent.toFixed(2)}`,
  );

const numbers = Array.from({ length: steps }, (_, k) => k + 1);
const errorPanel = (title: string, { fields }: StepperErrors) => ({
  title: { name: title },
  horizontal: { name: 'steps' },
  vertical: { name: 'error' },
  logarithmic: 'both' as const,
  curves: [
    ...Object.entries(fields).map(([field, { mean }]) => ({
      name: field,
      curve: { at: numbers, values: mean.subarray(1) },
    })),
    {
      name: 'linear growth',
      curve: {
        at: numbers,
        values: numbers.map((k) => k * Math.max(...Object.values(fields).map(({ mean }) => mean[1]))),
      },
      mark: 'dashes' as const,
    },
  ],
});
const pathPanel = (title: string, field: string, { times, trajectories }: StepperErrors) => ({
  title: { name: title },
  horizontal: { name: 't' },
  vertical: { name: field },
  curves: trajectories.slice(0, 3).flatMap(({ stepped, expected }) => [
    { name: 'stepper', curve: { at: times, values: stepped[field] }, mark: 'circle' as const },
    { name: 'Dormand–Prince', curve: { at: times, values: expected[field] } },
  ]),
});

await coursePage(import.meta.url, {
  title: 'One learnt step, a hundred times',
  settings: { seed, optimizer: 'least squares', network: 'kernel branch, trunk of solutions' },
  sections: [
    {
      heading: 'A step is an operator too',
      parts: [
        'An operator that is trained on [0, 1] knows nothing of what comes after. A stepper does: it learns how the state and the force on a short window lead to the state at the window’s end. Nothing in that depends on when the window begins, so the step can be made again and again.',
        { tex: 'y(t + h) \\approx S\\big(y(t),\\ v|_{[t,\\,t+h]}\\big)' },
        `States are drawn uniformly from a range, forces from their own space on one window; ${logistic.operator.run.functions} pairs, solved by Dormand–Prince, are enough. Windows are short, so that what the force can do in one is described by few numbers: that is why a step is learnt so much better than a whole trajectory.`,
        {
          caption: 'Three trajectories of each: a hundred learnt steps beside the classical solution.',
          panels: [
            pathPanel('growth at a varying rate', 'y', growth),
            pathPanel('pendulum with force', 'theta', swing),
          ],
        },
      ],
    },
    {
      heading: 'How errors grow',
      parts: [
        'Every step adds an error of its own, and carries on those before. Where neighbouring solutions approach each other, as in growth towards a limit, old errors fade; where they do not, as in the pendulum, they add up, and where solutions part they grow exponentially, whatever the solver.',
        {
          caption: `Root mean square error over ${growth.trajectories.length} trajectories after each step, and growth in proportion to the number of steps for comparison.`,
          panels: [errorPanel('growth', growth), errorPanel('pendulum', swing)],
        },
        {
          caption: 'The same in numbers; the exponent p is that of error ∝ stepsᵖ, fitted.',
          head: ['', 'h', '1 step', '10 steps', `${steps} steps`, 'worst at the end', 'relative', 'p'],
          rows: rows.map(({ name, numbers: own, size, exponent }) => [
            name,
            ...own,
            short(Number(own[3]) / size),
            exponent.toFixed(2),
          ]),
        },
      ],
    },
  ],
});
