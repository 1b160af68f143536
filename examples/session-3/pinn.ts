/**
 * A network that obeys an equation: a pendulum learnt from its equation alone, and its length from ten noisy angles.
 * Run: npx tsx examples/session-3/pinn.ts
 */
import { problem, reference, type Solution, solve } from 'ansatz';
import { coursePage } from '../course/page.ts';

const seed = 1;
const pendulum = {
  name: 'pendulum',
  domain: { t: [0, 4] as [number, number] },
  fields: ['theta'],
  constants: { g: 9.81, length: 1 },
  equations: ["theta'' + g/length*sin(theta) = 0"],
  conditions: [
    { on: 't = 0', equation: 'theta = 2' },
    { on: 't = 0', equation: "theta' = 0" },
  ],
};
const times = Float64Array.from({ length: 201 }, (_, k) => k / 50);
const forward = problem(pendulum);
const classical = await reference(forward);
if (!classical.available) throw new Error(classical.reason);
const truth = classical.evaluate(times).theta;

/** The network as it stands after some steps. */
const shown = [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200];
const frames: { label: string; values: Float64Array }[] = [];
const curveOf = (solution: Solution): Float64Array => solution.evaluateFields(times).theta;
const solution = await solve(forward, {
  seed,
  network: '24x2',
  optimizer: 'lm',
  iterations: 250,
  timeLimit: 60,
  callbacks: [
    (state) => {
      if (shown.includes(state.iteration))
        frames.push({ label: `step ${state.iteration}`, values: curveOf(state.solution()) });
      return undefined;
    },
  ],
});
frames.push({ label: 'the end', values: curveOf(solution) });
const { relativeL2, maximum } = solution.compare(classical).theta;
console.log(
  `from the equation alone: relative L2 error ${relativeL2.toExponential(1)}, ${solution.run.iterations} steps`,
);

/** The same loss with ten measured angles in it, and the length unknown. */
const deviation = 0.05;
/** Drawn once from a normal distribution, in units of the deviation. */
const noise = [0.31, -1.12, 0.58, 0.22, -0.47, 1.39, -0.83, 0.09, -1.26, 0.94];
const rows = noise.map((draw, k) => {
  const n = 10 + 12 * k;
  return { t: times[n], angle: truth[n] + deviation * draw };
});
const inverse = problem({
  ...pendulum,
  constants: { g: 9.81 },
  unknowns: { length: { initial: 1.3, min: 0.2, max: 5 } },
  data: [{ rows, at: { t: 't' }, observe: { theta: 'angle' } }],
});
const fitted = await solve(inverse, { seed, timeLimit: 25 });
const length = fitted.unknowns.length;
console.log(`length from ten angles: ${length.toFixed(4)} m, the truth is 1 m`);

const { entries } = solution.run.history;
const iterations = entries.map(({ iteration }) => iteration + 1);
const share = (kind: string): Float64Array =>
  Float64Array.from(entries, ({ terms }) =>
    solution.run.blocks.reduce((sum, block, i) => (block.kind === kind ? sum + terms[i] : sum), 0),
  );
const angle = { name: 'angle', unit: 'rad' };
const time = { name: 'time', unit: 's' };
await coursePage(import.meta.url, {
  title: 'A network that obeys an equation',
  settings: {
    seed,
    optimizer: 'Levenberg–Marquardt',
    network: '1 → 24 → 24 → 1, tanh',
  },
  sections: [
    {
      heading: 'The equation is the loss',
      parts: [
        'Nobody tells the network a single angle of the pendulum. It is asked for θ(t), its derivatives are computed exactly, and what the equation says must vanish is squared and summed over many times, together with what the conditions at the start leave open. Training makes this sum small.',
        {
          tex: '\\mathcal L(w) = \\frac1N\\sum_{i=1}^N \\Big(\\ddot\\theta_w(t_i) + \\tfrac{g}{\\ell}\\sin\\theta_w(t_i)\\Big)^2 + \\big(\\theta_w(0) - 2\\big)^2 + \\dot\\theta_w(0)^2',
        },
        `Trained on the whole time span at once, a network likes to obey the equation cheaply, at rest, and to forget how the swing began. So the equation is asked for on the first tenth of the time, then on the first two tenths, and so on: each time the loss leaps up and falls again. After ${solution.run.iterations} steps the largest error is ${maximum.toPrecision(2)} rad, the relative L² error ${relativeL2.toPrecision(2)}.`,
        {
          caption: 'The network during training, beside the classical solution. Move the slider.',
          panels: [
            {
              horizontal: time,
              vertical: angle,
              verticalRange: [-4, 4],
              frames: frames.map(({ label, values }) => ({
                label,
                curves: [
                  { name: 'network', curve: { at: times, values } },
                  { name: 'Dormand–Prince', curve: { at: times, values: truth }, mark: 'dashes' },
                ],
              })),
            },
          ],
        },
        {
          caption: 'What the equation and the conditions leave, step by step.',
          panels: [
            {
              horizontal: { name: 'step' },
              vertical: { name: 'mean square' },
              logarithmic: 'both',
              curves: [
                { name: 'equation', curve: { at: iterations, values: share('equation') } },
                { name: 'conditions', curve: { at: iterations, values: share('condition') } },
              ],
            },
          ],
        },
      ],
    },
    {
      heading: 'What is not known is learnt along',
      parts: [
        `Now the length of the pendulum is unknown, and ten angles were measured, each off by about ${deviation} rad. The length becomes one more parameter of the loss, the squared distances from the measurements one more term. It began at 1.3 m and ended at ${length.toFixed(3)} m; the truth is 1 m.`,
        {
          caption: 'The fitted swing, and what was measured.',
          panels: [
            {
              horizontal: time,
              vertical: angle,
              curves: [
                { name: 'network', curve: { at: times, values: curveOf(fitted) } },
                { name: 'truth', curve: { at: times, values: truth }, mark: 'dashes' },
                {
                  name: 'measured',
                  curve: { at: rows.map(({ t }) => t), values: rows.map((row) => row.angle) },
                  mark: 'circle',
                },
              ],
            },
          ],
        },
      ],
    },
  ],
});
