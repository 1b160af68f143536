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
    after[l] !== undefined && after[l].inputs >= layer.inputs && after[l].outputs >= layer.outputs;
  if (before.length !== after.length || !before.every(fits))
    throw new Error('the wide networks have other layers than the narrow ones');
  const unknowns = theta.subarray(trialSize(narrow));
  const result = new Float64Array(trialSize(wide) + unknowns.length);
  result.set(initialize(wide, options));
  let [from, to] = [0, 0];
  before.forEach(({ inputs, outputs }, l) => {
    const { inputs: rows, outputs: columns } = after[l];
    for (let i = 0; i < rows; i++) {
      const row = to + i * columns;
      if (i < inputs) result.set(theta.subarray(from + i * outputs, from + (i + 1) * outputs), row);
      else result.fill(0, row, row + outputs);
    }
    result.set(theta.subarray(from + inputs * outputs, from + (inputs + 1) * outputs), to + rows * columns);
    from += (inputs + 1) * outputs;
    to += (rows + 1) * columns;
  });
  result.set(unknowns, to);
  return result;
}
