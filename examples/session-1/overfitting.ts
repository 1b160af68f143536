/**
 * Too small, too large, too long: under- and overfitting, and what helps: L1, L2, dropout, batch normalization, stopping.
 * Run: npx tsx examples/session-1/overfitting.ts
 */
import {
  EarlyStopping,
  type LabelledPoints,
  type LearningCallback,
  learningBackend,
  moons,
  penalized,
  seededDropout,
  seededLayers,
  trainModel,
} from 'ansatz/learn';
import { boundaryMap } from '../course/boundary-map.ts';
import { coursePage } from '../course/page.ts';

const seeds = [1, 2, 3, 4, 5];
const [few, noise, epochs] = [60, 0.35, 160];
const { tf, name: backend } = await learningBackend({ backend: 'cpu' });
const tensors = ({ points, labels, count }: LabelledPoints) => ({
  inputs: tf.tensor2d(Float32Array.from(points), [count, 2]),
  targets: tf.tensor2d(Float32Array.from(labels), [count, 1]),
});
const unseen = tensors(moons({ count: 1000, seed: 99, noise }));

interface Remedy {
  readonly name: string;
  readonly about: string;
  readonly l1?: number;
  readonly l2?: number;
  readonly dropout?: number;
  readonly normalized?: boolean;
  readonly stopping?: boolean;
}
const remedies: readonly Remedy[] = [
  { name: 'nothing', about: '' },
  { name: 'L1', about: '0.002 Σ|w| added to the loss', l1: 0.002 },
  { name: 'L2', about: '0.005 Σw² added to the loss', l2: 0.005 },
  { name: 'dropout', about: 'a quarter of the units left out in each step', dropout: 0.25 },
  { name: 'batch normalization', about: 'before each ReLU', normalized: true },
  { name: 'early stopping', about: `watching ${few} further points, patience 30`, stopping: true },
];

/** Trains two hidden layers of `width` on `few` points; losses of the network as it is used, without dropout. */
async function trained(width: number, seed: number, remedy: Remedy, shown = false) {
  const data = moons({ count: few, seed, noise });
  const [seen, watched] = [tensors(data), tensors(moons({ count: few, seed: seed + 1000, noise }))];
  const { dense } = seededLayers(tf, seed);
  const { dropout, normalized, l1, l2 } = remedy;
  const hidden = (k: number) => [
    dense({
      units: width,
      activation: normalized ? 'linear' : 'relu',
      ...(k === 0 ? { inputShape: [2] } : {}),
    }),
    ...(normalized ? [tf.layers.batchNormalization({ momentum: 0.9 }), tf.layers.reLU()] : []),
    ...(dropout === undefined ? [] : [seededDropout(tf, { rate: dropout, seed: 10 * seed + k })]),
  ];
  const model = tf.sequential({
    layers: [...hidden(0), ...hidden(1), dense({ units: 1, activation: 'sigmoid' })],
  });
  const optimizer = tf.train.adam(5e-3);
  const loss: typeof tf.metrics.binaryCrossentropy = (y, p) => tf.metrics.binaryCrossentropy(y, p);
  model.compile({ optimizer, loss: l1 || l2 ? penalized(tf, loss, model, { l1, l2 }) : loss });
  const measured = ({ inputs, targets }: typeof seen): readonly [number, number] => {
    const numbers = tf.tidy(() => {
      const p = model.predictOnBatch(inputs) as typeof inputs;
      const wrong = p.greater(0.5).notEqual(targets.greater(0.5)).mean();
      return tf.stack([loss(targets, p).mean(), wrong]);
    });
    const [mean, wrong] = numbers.dataSync();
    numbers.dispose();
    return [mean, wrong];
  };
  const curve: { epoch: number; seen: number; unseen: number }[] = [];
  const watch: LearningCallback = {
    onEpoch: ({ epoch }) => {
      if (epoch <= 4 || epoch % 4 === 0)
        curve.push({ epoch, seen: measured(seen)[0], unseen: measured(unseen)[0] });
    },
  };
  const stopping = new EarlyStopping({ patience: 30 });
  await trainModel(tf, model, seen, {
    epochs,
    batchSize: 20,
    seed,
    ...(remedy.stopping
      ? { heldOut: watched, callbacks: [watch, stopping] }
      : { callbacks: shown ? [watch] : [] }),
  });
  const [[seenLoss], [unseenLoss, wrong]] = [measured(seen), measured(unseen)];
  const map = boundaryMap(
    remedy.name,
    data,
    (x, y) =>
      tf.tidy(() => (model.predictOnBatch(tf.tensor2d([[x, y]])) as typeof seen.inputs).dataSync()[0]),
    shown && seed === seeds[0] ? 41 : 2,
  );
  tf.dispose([seen, watched]);
  optimizer.dispose();
  model.dispose();
  return { seen: seenLoss, unseen: unseenLoss, wrong, curve, map, bestEpoch: stopping.bestEpoch };
}
type Run = Awaited<ReturnType<typeof trained>>;
const mean = (runs: readonly Run[], pick: (run: Run) => number): number =>
  runs.reduce((sum, run) => sum + pick(run) / runs.length, 0);

const widths = [1, 2, 4, 8, 16, 32, 64, 128];
const bySize: Run[][] = [];
for (const width of widths) {
  const runs: Run[] = [];
  for (const seed of seeds.slice(0, 3)) runs.push(await trained(width, seed, remedies[0]));
  bySize.push(runs);
  console.log(
    `width ${width}: loss ${mean(runs, (run) => run.seen).toFixed(3)}, on unseen points ${mean(runs, (run) => run.unseen).toFixed(3)}`,
  );
}
const byRemedy: Run[][] = [];
for (const remedy of remedies) {
  const runs: Run[] = [];
  for (const seed of seeds) runs.push(await trained(64, seed, remedy, true));
  byRemedy.push(runs);
  console.log(
    `${remedy.name}: loss ${mean(runs, (run) => run.seen).toFixed(3)}, on unseen points ${mean(runs, (run) => run.unseen).toFixed(3)}, ${(100 * mean(runs, (run) => run.wrong)).toFixed(1)} % wrong`,
  );
}
tf.dispose(unseen);
const [plain] = byRemedy;
const better = (runs: readonly Run[], pick: (run: Run) => number): number =>
  runs.filter((run, k) => pick(run) < pick(plain[k])).length;
const onUnseen = bySize.map((runs) => mean(runs, (run) => run.unseen));
const best = widths[onUnseen.indexOf(Math.min(...onUnseen))];
const turned = (runs: readonly Run[], pick: 'seen' | 'unseen') => ({
  at: runs[0].curve.map(({ epoch }) => epoch),
  values: runs[0].curve.map((_, i) => mean(runs, ({ curve }) => curve[i][pick])),
});
const lost = turned(plain, 'unseen');
const turn = lost.at[lost.values.indexOf(Math.min(...lost.values))];
const stopped = byRemedy.at(-1)!;
const stops = stopped.map(({ bestEpoch }) => bestEpoch!);

await coursePage(import.meta.url, {
  title: 'Overfitting',
  settings: {
    seed: seeds[0],
    backend,
    optimizer: `Adam, rate 0.005, ${epochs} epochs of batches of 20`,
    network: 'two hidden layers of ReLU units, a sigmoid on top',
  },
  sections: [
    {
      heading: 'Too small, too large, too long',
      parts: [
        `${few} points of two noisy moons are learnt; what counts is the loss on 1000 others. A network that is too small cannot follow the moons and fails on both: it underfits. One that is large enough to remember each of the ${few} points learns their noise as well: it overfits.`,
        {
          caption: `Log loss on the points learnt and on unseen ones: left against the units of each hidden layer (after ${epochs} epochs, means of 3 samples), right against the epoch (64 units, means of ${seeds.length} samples).`,
          panels: [
            {
              horizontal: { name: 'units in each hidden layer' },
              vertical: { name: 'loss' },
              logarithmic: 'both',
              curves: (['seen', 'unseen'] as const).map((pick) => ({
                name: pick === 'seen' ? 'points learnt' : 'unseen points',
                curve: { at: widths, values: bySize.map((runs) => mean(runs, (run) => run[pick])) },
              })),
            },
            {
              horizontal: { name: 'epoch' },
              vertical: { name: 'loss' },
              logarithmic: 'both',
              curves: (['seen', 'unseen'] as const).map((pick) => ({
                name: pick === 'seen' ? 'points learnt' : 'unseen points',
                curve: turned(plain, pick),
              })),
            },
          ],
        },
        `On unseen points ${best} units did best; with ${widths.at(-1)} the loss was ${onUnseen.at(-1)!.toFixed(2)} instead of ${Math.min(...onUnseen).toFixed(2)}, though on the points learnt it was lower. Of 64 units, the loss on unseen points was least after ${turn} ${turn === 1 ? 'epoch' : 'epochs'} and then rose, while the other one kept falling.`,
      ],
    },
    {
      heading: 'What helps',
      parts: [
        {
          tex: 'L_1:\\; L + \\lambda \\sum |w|, \\qquad L_2:\\; L + \\lambda \\sum w^2, \\qquad \\text{dropout: } h_j \\leftarrow h_j\\, \\frac{m_j}{1 - p},\\; P(m_j = 1) = 1 - p, \\qquad \\text{normalization: } a \\leftarrow \\gamma\\, \\frac{a - \\mu_B}{\\sigma_B} + \\beta',
        },
        'All of these work on the network of 64 units from the same start and the same points. Penalties keep weights small, so that the function cannot turn sharply from point to point. Dropout lets no unit rely on another one. Batch normalization uses the mean and deviation of each batch, so that a point is never seen twice in the same way. Early stopping gives back the weights of the epoch in which the loss on further points, kept apart for this, was least.',
        `Those points are few as well, and so their loss is a rough guide: weights were taken between epochs ${Math.min(...stops)} and ${Math.max(...stops)}.`,
        {
          caption: `Losses at the end and wrong answers on unseen points: means of ${seeds.length} samples; in how many of them the loss, and the wrong answers, were fewer than with nothing.`,
          head: [
            'remedy',
            'in detail',
            'loss, points learnt',
            'loss, unseen points',
            'wrong, unseen',
            'loss lower',
            'fewer wrong',
          ],
          rows: remedies.map(({ name, about }, k) => [
            name,
            about,
            Number(mean(byRemedy[k], (run) => run.seen).toFixed(3)),
            Number(mean(byRemedy[k], (run) => run.unseen).toFixed(3)),
            `${(100 * mean(byRemedy[k], (run) => run.wrong)).toFixed(1)} %`,
            k === 0 ? '' : `${better(byRemedy[k], (run) => run.unseen)} of ${seeds.length}`,
            k === 0 ? '' : `${better(byRemedy[k], (run) => run.wrong)} of ${seeds.length}`,
          ]),
        },
        {
          caption: `Loss on unseen points by epoch, means of ${seeds.length} samples; crosses where early stopping took its weights, one for each sample.`,
          panels: [
            {
              horizontal: { name: 'epoch' },
              vertical: { name: 'loss on unseen points' },
              logarithmic: true,
              curves: [
                ...remedies
                  .slice(0, -1)
                  .map(({ name }, k) => ({ name, curve: turned(byRemedy[k], 'unseen') })),
                {
                  name: 'early stopping',
                  mark: 'cross' as const,
                  curve: {
                    at: stops,
                    values: stopped.map((run) => run.unseen),
                  },
                },
              ],
            },
          ],
        },
        {
          caption:
            'What the networks make of the plane: the probability of class 1, with the points of the first sample that were learnt.',
          panels: byRemedy.map(([{ map }]) => map),
          columns: 3,
        },
        'Overfitting is seen first in the loss, for a network that is sure and wrong pays dearly; the share of wrong answers changes less. Where there are more points than these, all remedies matter less: more data is the best one.',
      ],
    },
  ],
});
