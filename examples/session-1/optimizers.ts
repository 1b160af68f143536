/**
 * Seven optimizers on three surfaces: their paths, what they remember, and learning rates too small, right and too large.
 * Run: npx tsx examples/session-1/optimizers.ts
 */
import type { MapPanel, PlotPanel } from 'ansatz';
import { descentPath, learningBackend, optimizerKinds, type TestSurface, testSurfaces } from 'ansatz/learn';
import { coursePage } from '../course/page.ts';

const steps = 2000;
const { tf, name: backend } = await learningBackend({ backend: 'cpu' });
const rates: Record<string, Record<string, number>> = {
  Beale: { SGD: 0.003, momentum: 0.001, AdaGrad: 0.5, RMSprop: 0.02, Adam: 0.05, AdamW: 0.05, LARS: 0.3 },
  Rosenbrock: {
    SGD: 0.001,
    momentum: 0.0002,
    AdaGrad: 0.5,
    RMSprop: 0.01,
    Adam: 0.05,
    AdamW: 0.05,
    LARS: 0.2,
  },
  saddle: { SGD: 0.03, momentum: 0.01, AdaGrad: 0.2, RMSprop: 0.02, Adam: 0.03, AdamW: 0.03, LARS: 0.5 },
};

function mapOf(surface: TestSurface): MapPanel {
  const [horizontal, vertical] = surface.shown.map(([low, high]) =>
    Array.from({ length: 121 }, (_, i) => low + ((high - low) * i) / 120),
  );
  const floor = surface.minimum === undefined ? 0 : surface.value(...surface.minimum);
  const inside = ([x, y]: readonly [number, number]): boolean =>
    [x, y].every((value, k) => value >= surface.shown[k][0] && value <= surface.shown[k][1]);
  return {
    title: { name: surface.name },
    coordinates: [{ name: 'x' }, { name: 'y' }],
    grid: { horizontal, vertical },
    values: vertical.flatMap((y) => horizontal.map((x) => Math.max(surface.value(x, y) - floor, 1e-3))),
    logarithmic: true,
    curves: paths(surface).map(({ name, path }) => {
      const shown = path.filter(inside);
      return { name, curve: { at: shown.map(([x]) => x), values: shown.map(([, y]) => y) } };
    }),
  };
}

const kept = new Map<string, { name: string; path: readonly (readonly [number, number])[] }[]>();
function paths(surface: TestSurface) {
  const known = kept.get(surface.name);
  if (known !== undefined) return known;
  const found = optimizerKinds.map(({ name, make }) => ({
    name,
    path: descentPath(tf, make(tf, rates[surface.name][name]), surface, surface.start, steps),
  }));
  kept.set(surface.name, found);
  return found;
}

function lossesOf(surface: TestSurface): PlotPanel {
  const floor = surface.minimum === undefined ? 0 : surface.value(...surface.minimum);
  return {
    title: { name: surface.name },
    horizontal: { name: 'step' },
    vertical: { name: 'value above the least' },
    logarithmic: true,
    verticalRange: [1e-8, 1e3],
    curves: paths(surface).map(({ name, path }) => ({
      name,
      curve: {
        at: path.map((_, k) => k),
        values: path.map(([x, y]) => Math.max(surface.value(x, y) - floor, 1e-9)),
      },
    })),
  };
}

/** One optimizer on a bowl, ten times steeper along y, with three rates. */
const bowl = { gradient: (x: number, y: number) => [x, 10 * y] as const };
const trials = [
  { name: 'too small: 0.005', rate: 0.005 },
  { name: 'right: 0.15', rate: 0.15 },
  { name: 'too large: 0.203', rate: 0.203 },
].map(({ name, rate }) => {
  const path = descentPath(tf, tf.train.sgd(rate), bowl, [-2, 0.6], 60);
  return { name, path };
});

const rows = optimizerKinds.map(({ name, memory, remark }) => {
  const reached = testSurfaces.map((surface) => {
    const [x, y] = paths(surface)
      .find((own) => own.name === name)!
      .path.at(-1)!;
    return Math.hypot(x - surface.minimum![0], Math.abs(y) - surface.minimum![1]);
  });
  return [name, memory, ...reached, remark] as const;
});
for (const [name, , ...reached] of rows)
  console.log(
    `${name.padEnd(9)} distance from the minimum ${reached
      .slice(0, 3)
      .map((own) => Number(own).toExponential(1))
      .join('  ')}`,
  );

await coursePage(import.meta.url, {
  title: 'Optimizers',
  settings: { seed: 0, backend, optimizer: `seven, ${steps} steps each` },
  sections: [
    {
      heading: 'Paths over surfaces',
      parts: [
        ...testSurfaces.map(({ name, tex }) => ({ tex: `\\text{${name}: } ${tex}` })),
        {
          caption: `Paths of ${steps} steps from the same start, each optimizer at a rate that suits it. Colours are decimal logarithms of the height above the minimum. Beale's valley turns a corner, Rosenbrock's is a bent canyon, and from the saddle's ridge, where the start lies, the way down is hardly to be felt.`,
          panels: testSurfaces.map(mapOf),
          columns: 1,
        },
        {
          caption: 'How high above the minimum each of them still is.',
          panels: testSurfaces.map(lossesOf),
          columns: 3,
        },
        {
          caption: `Numbers remembered for each parameter, distance from the minimum after ${steps} steps, and what each is good at.`,
          head: ['optimizer', 'memory', ...testSurfaces.map(({ name }) => name), 'remark'],
          rows,
        },
        ...optimizerKinds.map(({ name, tex }) => ({ tex: `\\text{${name}: } ${tex}` })),
      ],
    },
    {
      heading: 'The learning rate',
      parts: [
        'On a bowl that is ten times steeper one way than the other, f = x²/2 + 5y², gradient descent converges for rates below 2/10. Far below, it creeps along the flat direction; just below, it leaps from wall to wall and still gets there; above, every leap is longer than the last.',
        {
          caption: 'Sixty steps of gradient descent with three rates.',
          panels: trials.map(({ name, path }) => ({
            title: { name },
            horizontal: { name: 'x' },
            vertical: { name: 'y' },
            horizontalRange: [-2.1, 0.6] as const,
            verticalRange: [-1.5, 1.5] as const,
            curves: [
              { name: 'path', curve: { at: path.map(([x]) => x), values: path.map(([, y]) => y) } },
              {
                name: 'steps',
                mark: 'circle' as const,
                curve: { at: path.map(([x]) => x), values: path.map(([, y]) => y) },
              },
            ],
          })),
          columns: 3,
        },
      ],
    },
  ],
});
