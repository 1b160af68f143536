/** The gate of a modified network on jets of tensors, h = U + z∘(V − U), and its adjoint. */
import type { ProductTerm } from '../../jet/product-terms.ts';
import type { TensorJets } from './activation-jets.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

/** What the adjoint needs of the step forward. */
export interface GateRecord {
  readonly z: TensorJets;
  /** V − U. */
  readonly difference: TensorJets;
  readonly encodings: TensorJets;
  /** Whether z is the last third of the encodings. */
  readonly first: boolean;
}

/** The columns from `start` on. */
function columns({ tf }: TensorArithmetic, jets: TensorJets, start: number, width: number): MaybeTensor[] {
  return jets.map((component) =>
    component === null ? null : tf.slice(component, [0, start], [component.shape[0]!, width]),
  );
}

/**
 * @param terms of the product of two jets, by component
 * @param encodings [U V ·], 3·width columns
 * @param input the layer's own; the encodings where z is their last third
 */
export function gateForward(
  arithmetic: TensorArithmetic,
  terms: readonly (readonly ProductTerm[])[],
  width: number,
  encodings: TensorJets,
  input: TensorJets,
): { y: TensorJets; record: GateRecord } {
  const first = input === encodings;
  const z = first ? columns(arithmetic, encodings, 2 * width, width) : input;
  const u = columns(arithmetic, encodings, 0, width);
  const v = columns(arithmetic, encodings, width, width);
  const difference = v.map((value, i) => {
    const own = u[i];
    if (own === null) return value;
    return value === null ? arithmetic.tf.neg(own) : arithmetic.tf.sub(value, own);
  });
  const y = terms.map((own, component) =>
    own.reduce<MaybeTensor>((sum, { coefficient, left, right }) => {
      const product = arithmetic.multiply(z[left], difference[right]);
      return product === null ? sum : arithmetic.add(sum, arithmetic.scale(product, coefficient));
    }, u[component]),
  );
  return { y, record: { z, difference, encodings, first } };
}

/** A component's adjoint in the shape of the component. */
function like(arithmetic: TensorArithmetic, bar: MaybeTensor, component: MaybeTensor): MaybeTensor {
  if (bar === null || component === null) return null;
  return component.shape[0] === 1 && bar.shape[0] !== 1 ? arithmetic.rowSum(bar) : bar;
}

/**
 * @param yBar the adjoint of the result
 * @param later what later gates have left of the adjoint of U and V, if there are any
 * @returns the adjoint of z, and those of U and V, side by side with z's where z is the last third
 */
export function gateAdjoint(
  arithmetic: TensorArithmetic,
  terms: readonly (readonly ProductTerm[])[],
  { z, difference, encodings, first }: GateRecord,
  yBar: readonly MaybeTensor[],
  later: readonly MaybeTensor[] | undefined,
): { bars: MaybeTensor[]; encodingBars: MaybeTensor[] } {
  const { tf } = arithmetic;
  const zBar: MaybeTensor[] = z.map(() => null);
  const vBar: MaybeTensor[] = z.map(() => null);
  terms.forEach((own, source) => {
    const seed = yBar[source];
    if (seed === null) return;
    for (const { coefficient, left, right } of own) {
      const toZ = arithmetic.multiply(seed, difference[right]);
      if (toZ !== null) zBar[left] = arithmetic.add(zBar[left], arithmetic.scale(toZ, coefficient));
      const toV = arithmetic.multiply(seed, z[left]);
      if (toV !== null) vBar[right] = arithmetic.add(vBar[right], arithmetic.scale(toV, coefficient));
    }
  });
  const bars = zBar.map((bar, i) => like(arithmetic, bar, z[i]));
  const encodingBars = encodings.map((component, i): MaybeTensor => {
    if (component === null) return null;
    const [rows, width] = [component.shape[0]!, component.shape[1]! / 3];
    const zero = (): Tensor => arithmetic.filled([rows, width], 0);
    const v = like(arithmetic, vBar[i], component);
    const seed = like(arithmetic, yBar[i], component);
    const u = seed === null || v === null ? (v === null ? seed : tf.neg(v)) : tf.sub(seed, v);
    const parts = [u ?? zero(), v ?? zero()].map((part) =>
      part.shape[0] === rows ? part : tf.add(part, zero()),
    );
    const own = tf.concat([...parts, first ? (bars[i] ?? zero()) : zero()], 1);
    return arithmetic.add(own, later?.[i] ?? null);
  });
  return first ? { bars: encodingBars, encodingBars } : { bars, encodingBars };
}
