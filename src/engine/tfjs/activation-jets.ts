/**
 * The activation step on jets of tensors, and its adjoint, from the jet plan's table.
 *
 * With the terms of ∂^α σ(z) gathered by the derivative of σ they hold, y_α = Σ_k σ⁽ᵏ⁾(z₀) Q_{α,k}, where
 * Q_{α,k} is a polynomial in the z_β. For the adjoint, ȳ_α given,
 *
 *   z̄_0 = Σ_k σ⁽ᵏ⁺¹⁾ Σ_α ȳ_α Q_{α,k},    z̄_β = Σ_{α,k} σ⁽ᵏ⁾ ȳ_α ∂Q_{α,k}/∂z_β.
 */
import type { JetPlan, JetTerm } from '../../jet/jet-plan.ts';
import type { Activation } from '../../network/activation/activation.ts';
import type { DerivativeProgram, Monomial } from '../../network/activation/derivative-program.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

/** Components of a jet: (N, width), or (1, width) where the same at all points, or null where zero. */
export type TensorJets = readonly MaybeTensor[];

/** What the adjoint needs of the step forward. */
export interface ActivationRecord {
  readonly z: TensorJets;
  /** σ, σ′, …, one more than the plan's order. */
  readonly derivatives: readonly MaybeTensor[];
  /** Q_{α,k} by α, then k. */
  readonly inner: readonly ReadonlyMap<number, Tensor>[];
}

/** σ⁽ᵏ⁾(z) for every output of the program. */
export function derivativeTensors(
  arithmetic: TensorArithmetic,
  program: DerivativeProgram,
  z: Tensor,
): MaybeTensor[] {
  const registers: MaybeTensor[] = program.bases.map((name) => arithmetic.base(name, z));
  for (const polynomial of program.polynomials) {
    registers.push(polynomialTensor(arithmetic, polynomial, registers));
  }
  return program.outputs.map((register) => (register === null ? null : registers[register]));
}

/** Σ c ∏ r, a common factor of the coefficients taken out and the constant added last. */
function polynomialTensor(
  arithmetic: TensorArithmetic,
  polynomial: readonly Monomial[],
  registers: readonly MaybeTensor[],
): MaybeTensor {
  const { tf } = arithmetic;
  const terms = polynomial.filter(({ factors }) => factors.length > 0);
  const constant = polynomial
    .filter(({ factors }) => factors.length === 0)
    .reduce((sum, { coefficient }) => sum + coefficient, 0);
  const common = terms.every(({ coefficient }) => coefficient % terms[0].coefficient === 0)
    ? terms[0].coefficient
    : 1;
  let sum: MaybeTensor = null;
  for (const { coefficient, factors } of terms) {
    let product = registers[factors[0]];
    for (let i = 1; i < factors.length; i++) product = arithmetic.multiply(product, registers[factors[i]]);
    if (product === null) continue;
    const factor = coefficient / common;
    if (sum === null) sum = arithmetic.scale(product, factor);
    else if (factor === -1) sum = tf.sub(sum, product);
    else sum = tf.add(sum, arithmetic.scale(product, factor));
  }
  if (sum === null) return null;
  if (constant === 0) return arithmetic.scale(sum, common);
  if (common === -1) return tf.sub(arithmetic.scalar(constant), sum);
  return tf.add(arithmetic.scale(sum, common), arithmetic.scalar(constant));
}

/** Products of jet components, each computed once. */
class Products {
  readonly #arithmetic: TensorArithmetic;
  readonly #z: TensorJets;
  readonly #known = new Map<string, MaybeTensor>();

  constructor(arithmetic: TensorArithmetic, z: TensorJets) {
    this.#arithmetic = arithmetic;
    this.#z = z;
  }

  of(factors: readonly number[]): MaybeTensor {
    if (factors.length === 1) return this.#z[factors[0]];
    if (factors.some((factor) => this.#z[factor] === null)) return null;
    const key = factors.join(',');
    let product = this.#known.get(key);
    if (product === undefined) {
      product = this.#arithmetic.multiply(this.of(factors.slice(0, -1)), this.#z[factors.at(-1)!]);
      this.#known.set(key, product);
    }
    return product;
  }
}

/** y = σ(z); the record serves {@link activationAdjoint} if `adjoint` is set. */
export function activationForward(
  arithmetic: TensorArithmetic,
  activation: Activation,
  plan: JetPlan,
  z: TensorJets,
  adjoint: boolean,
): { y: TensorJets; record: ActivationRecord } {
  const program = activation.derivatives(plan.order + (adjoint ? 1 : 0));
  const derivatives = derivativeTensors(arithmetic, program, z[0]!);
  const products = new Products(arithmetic, z);
  const inner = plan.terms.map((terms, component) => {
    const byDerivative = new Map<number, Tensor>();
    if (component === 0) return byDerivative;
    for (const { derivative, coefficient, factors } of terms) {
      const product = products.of(factors);
      if (product === null) continue;
      const term = arithmetic.scale(product, coefficient);
      const known = byDerivative.get(derivative);
      byDerivative.set(derivative, known === undefined ? term : arithmetic.tf.add(known, term));
    }
    return byDerivative;
  });
  const y = inner.map((byDerivative, component) => {
    if (component === 0) return derivatives[0];
    let sum: MaybeTensor = null;
    for (const [k, q] of byDerivative) sum = arithmetic.add(sum, arithmetic.multiply(derivatives[k], q));
    return sum;
  });
  return { y, record: { z, derivatives, inner } };
}

/** z̄ from ȳ. */
export function activationAdjoint(
  arithmetic: TensorArithmetic,
  plan: JetPlan,
  { z, derivatives, inner }: ActivationRecord,
  yBar: TensorJets,
): MaybeTensor[] {
  const collected: MaybeTensor[] = [yBar[0]];
  const zBar: MaybeTensor[] = plan.indices.map(() => null);
  const products = new Products(arithmetic, z);
  plan.terms.forEach((terms, component) => {
    const incoming = yBar[component];
    if (component === 0 || incoming === null) return;
    for (const [k, q] of inner[component]) {
      collected[k] = arithmetic.add(collected[k] ?? null, arithmetic.multiply(incoming, q));
      const outer = arithmetic.multiply(incoming, derivatives[k]);
      if (outer === null) continue;
      for (const [beta, slope] of partials(
        terms.filter((term) => term.derivative === k),
        z,
      )) {
        let factor: MaybeTensor = null;
        let constant = 0;
        for (const { coefficient, factors } of slope) {
          if (factors.length === 0) constant += coefficient;
          else {
            const product = products.of(factors);
            if (product !== null) factor = arithmetic.add(factor, arithmetic.scale(product, coefficient));
          }
        }
        const contribution = arithmetic.add(
          arithmetic.multiply(outer, factor),
          constant === 0 ? null : arithmetic.scale(outer, constant),
        );
        zBar[beta] = arithmetic.add(zBar[beta], contribution);
      }
    }
  });
  let value: MaybeTensor = null;
  collected.forEach((h, k) => {
    value = arithmetic.add(value, arithmetic.multiply(h ?? null, derivatives[k + 1] ?? null));
  });
  zBar[0] = value;
  return zBar.map((bar, beta) =>
    bar !== null && z[beta] !== null && z[beta].shape[0] === 1 ? arithmetic.rowSum(bar) : bar,
  );
}

/** ∂/∂z_β of a polynomial in the z, for every β that is not zero throughout. */
function partials(terms: readonly JetTerm[], z: TensorJets): Map<number, Monomial[]> {
  const result = new Map<number, Monomial[]>();
  for (const { coefficient, factors } of terms) {
    factors.forEach((beta, i) => {
      if (z[beta] === null || factors.indexOf(beta) !== i) return;
      const power = factors.filter((other) => other === beta).length;
      const rest = factors.filter((_, j) => j !== i);
      const list = result.get(beta) ?? [];
      list.push({ coefficient: coefficient * power, factors: rest });
      result.set(beta, list);
    });
  }
  return result;
}
