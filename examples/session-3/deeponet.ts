/**
 * A DeepONet trained by gradient descent: branch and trunk networks learn to integrate.
 * Run: npx tsx examples/session-3/deeponet.ts
 */
import { trainOperator } from 'ansatz';
import { loadProblem } from 'ansatz/node';
import { coursePage } from '../course/page.ts';

const seed = 1;
const integrator = await loadProblem('problems/integrator.json');
const steps: number[] = [];
const heldOut: number[] = [];
const deeponet = await trainOperator(integrator, {
  seed,
  engine: 'tfjs',
  network: '20x2',
  iterations: 8000,
  timeLimit: 90,
  onProgress: ({ phase, done, validation }) => {
    if (phase !== 'training' || validation === undefined || done <= (steps.at(-1) ?? 0)) return;
    steps.push(done);
    heldOut.push(validation);
  },
});
const direct = await trainOperator(integrator, { seed });
const { u: learnt } = deeponet.errors!;
const { u: solved } = direct.errors!;
const percent = (value: number): string => `${(100 * value).toPrecision(2)}%`;
console.log(
  `DeepONet after ${deeponet.run.iterations} steps: mean ${percent(learnt.relativeL2)}, worst ${percent(learnt.worst)}`,
);
console.log(`one least-squares solve: mean ${solved.relativeL2.toExponential(1)}`);

const x = Float64Array.from({ length: 101 }, (_, k) => k / 100);
const cosines = [1, 1 + (2 * Math.PI - 1) / 2, 2 * Math.PI].map((omega) => {
  const found = deeponet((at: number) => Math.cos(omega * at)).evaluateFields(x).u;
  const exact = x.map((at) => Math.sin(omega * at) / omega);
  const error = Math.hypot(...found.map((value, n) => value - exact[n])) / Math.hypot(...exact);
  console.log(`  v = cos(${omega.toFixed(2)} x): ${percent(error)}`);
  return { omega, found, exact, error };
});

const logs = [...learnt.each].map(Math.log10);
const width = 0.1;
const first = Math.floor(Math.min(...logs) / width);
const counts = new Array<number>(Math.floor(Math.max(...logs) / width) - first + 1).fill(0);
for (const log of logs) counts[Math.floor(log / width) - first]++;

await coursePage(import.meta.url, {
  title: 'A DeepONet, trained step by step',
  settings: {
    seed,
    backend: deeponet.run.notes[0],
    optimizer: 'Adam',
    network: deeponet.model.description.map(([, text]) => text).join('; '),
  },
  sections: [
    {
      heading: 'Branch and trunk',
      parts: [
        'A DeepONet consists of two networks. The branch sees the function v at its sensors and says numbers b; the trunk sees the place x and says numbers ψ; the answer is the sum of their products. Both learn together, by gradient descent on the squared distance from antiderivatives of random functions.',
        { tex: 'G(v)(x) \\approx \\sum_k b_k\\big(v(x_1), \\dots, v(x_m)\\big)\\, \\psi_k(x) + b_0' },
        `${deeponet.run.functions} functions are trained on. All have the same places x, so that a step is one product of two matrices instead of one network evaluation for every function and every place.`,
        {
          caption: 'Relative error on functions held out, step by step.',
          panels: [
            {
              horizontal: { name: 'step' },
              vertical: { name: 'relative error' },
              logarithmic: true,
              curves: [{ name: 'held out', curve: { at: steps, values: heldOut } }],
            },
          ],
        },
        {
          caption: 'Three cosines, none of which was trained on, and their antiderivatives.',
          panels: cosines.map(({ omega, found, exact, error }) => ({
            title: { name: `ω = ${omega.toFixed(2)}, off by ${percent(error)}` },
            horizontal: { name: 'x' },
            vertical: { name: 'u' },
            curves: [
              { name: 'DeepONet', curve: { at: x, values: found } },
              { name: 'exact', curve: { at: x, values: exact }, mark: 'dashes' as const },
            ],
          })),
        },
      ],
    },
    {
      heading: 'What gradient descent leaves',
      parts: [
        `On ${learnt.functions} functions never trained on the DeepONet is off by ${percent(learnt.relativeL2)} on average after ${deeponet.run.iterations} steps and ${deeponet.run.seconds.toFixed(0)} s. The same map by one least-squares solve, which knows that the branch may be linear, took ${direct.run.seconds.toFixed(0)} s and is off by ${solved.relativeL2.toExponential(1)}.`,
        {
          caption:
            'How many of the test functions have which error; powers of ten along the horizontal axis.',
          panels: [
            {
              horizontal: { name: 'error, power of ten' },
              vertical: { name: 'functions' },
              curves: [
                {
                  name: 'DeepONet',
                  curve: { at: counts.map((_, k) => (first + k + 0.5) * width), values: counts },
                  mark: 'bars',
                },
              ],
            },
          ],
        },
      ],
    },
  ],
});
