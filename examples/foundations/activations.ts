/**
 * Activation functions and their slopes, side by side; softmax and maxout, which take several units together.
 * Run: npx tsx examples/foundations/activations.ts
 */
import { activationFunctions, maxout, softmax } from 'ansatz/learn';
import { coursePage } from '../course/page.ts';

const z = Array.from({ length: 201 }, (_, i) => -4 + i / 25);
const panels = activationFunctions.map(({ name, values, derivatives }) => ({
  title: { name },
  horizontal: { name: 'z' },
  vertical: { name: 'φ' },
  verticalRange: [-1.2, 2.2] as const,
  curves: [
    { name: 'value', curve: { at: z, values: values(z) } },
    { name: 'slope', mark: 'dashes' as const, curve: { at: z, values: derivatives(z) } },
  ],
}));

/** Three classes, the first one's activation moving past the others'. */
const shares = z.map((value) => softmax([value, 0, 1]));
/** Three straight pieces under which a parabola's upper half is hidden. */
const pieces = (value: number): number[] => [-2 * value - 1, 0, 2 * value - 1];
const convex = maxout(z.flatMap(pieces), 3).values;

for (const { name, remark } of activationFunctions) console.log(`${name.padEnd(10)} ${remark}`);
await coursePage(import.meta.url, {
  title: 'Activation functions',
  settings: { seed: 0, optimizer: 'none: nothing is trained' },
  sections: [
    {
      heading: 'One unit',
      parts: [
        'Without an activation between them, layers of linear maps are one linear map. What passes back through a unit while it learns is multiplied by the slope of its activation: where the slope is zero, nothing passes.',
        { caption: 'Values, and slopes dashed.', panels, columns: 3 },
        {
          caption: 'What speaks for each, and against it.',
          head: ['activation', 'remark'],
          rows: activationFunctions.map(({ name, remark }) => [name, remark]),
        },
        ...activationFunctions.map(({ tex, name }) => ({ tex: `\\text{${name}: } ${tex}` })),
      ],
    },
    {
      heading: 'Several units together',
      parts: [
        {
          tex: '\\operatorname{softmax}(z)_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}, \\qquad \\operatorname{maxout}(z) = \\max_i z_i',
        },
        'Softmax turns any numbers into probabilities of classes; only their differences count. Maxout hands on the largest of several linear functions, and so builds any convex function from straight pieces.',
        {
          caption:
            'Left: probabilities of three classes as the first activation grows, the others being 0 and 1. Right: maxout of three lines.',
          panels: [
            {
              horizontal: { name: 'first activation' },
              vertical: { name: 'probability' },
              curves: [0, 1, 2].map((k) => ({
                name: `class ${k}`,
                curve: { at: z, values: shares.map((p) => p[k]) },
              })),
            },
            {
              horizontal: { name: 'z' },
              vertical: { name: 'output' },
              curves: [
                { name: 'maxout', curve: { at: z, values: convex } },
                ...[0, 1, 2].map((k) => ({
                  name: `piece ${k + 1}`,
                  mark: 'dashes' as const,
                  curve: { at: [-4, 4], values: [pieces(-4)[k], pieces(4)[k]] },
                })),
              ],
            },
          ],
        },
      ],
    },
  ],
});
