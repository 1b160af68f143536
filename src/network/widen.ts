import { type InitializeOptions, initialize } from './initialize.ts';
import { type AffineLayer, type TrialSolution, trialSize } from './trial-solution.ts';

const affineLayers = ({ networks }: TrialSolution): AffineLayer[] =>
  networks.flatMap(({ layers }) => layers.filter((layer): layer is AffineLayer => layer.kind === 'affine'));

/**
 * Parameters with which wider networks have the same outputs (after Chen, Goodfellow & Shlens, Net2Net, ICLR 2016):
 * neurons that are added draw what comes in as {@link initialize} does, and nothing goes out from them to what was
 * there before.
 *
 * @param narrow  the trial solution that `theta` belongs to
 * @param wide  the same layers with as many columns or more
 * @param theta  (trialSize(narrow)) or longer: what follows, the unknowns, is kept
 * @throws Error where the layers do not correspond
 */
export function widened(
  narrow: TrialSolution,
  wide: TrialSolution,
  theta: Float64Array,
  options: InitializeOptions,
): Float64Array {
  const [before, after] = [affineLayers(narrow), affineLayers(wide)];
  const fits = (layer: AffineLayer, l: number): boolean =>
    after[l] !== undefined &&
    after[l].inputs >= layer.inputs &&
    after[l].outputs >= layer.outputs &&
    (after[l].parts ?? 1) === (layer.parts ?? 1);
  if (before.length !== after.length || !before.every(fits))
    throw new Error('the wide networks have other layers than the narrow ones');
  const unknowns = theta.subarray(trialSize(narrow));
  const result = new Float64Array(trialSize(wide) + unknowns.length);
  result.set(initialize(wide, options));
  let [from, to] = [0, 0];
  before.forEach(({ inputs, outputs }, l) => {
    const { inputs: rows, outputs: columns, parts = 1 } = after[l];
    const [narrowPart, widePart] = [outputs / parts, columns / parts];
    // The bias is one more row, which stays the last one.
    for (let i = 0; i <= rows; i++) {
      const old = i === rows ? inputs : i < inputs ? i : undefined;
      for (let part = 0; part < parts; part++) {
        const target = to + i * columns + part * widePart;
        if (old === undefined) result.fill(0, target, target + narrowPart);
        else {
          const source = from + old * outputs + part * narrowPart;
          result.set(theta.subarray(source, source + narrowPart), target);
        }
      }
    }
    from += (inputs + 1) * outputs;
    to += (rows + 1) * columns;
  });
  result.set(unknowns, to);
  return result;
}
