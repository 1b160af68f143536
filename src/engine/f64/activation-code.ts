/** Activations on jets, forward and adjoint, as polynomials on columns. */
import type { Activation } from '../../network/activation/activation.ts';
import type { BaseFunction } from '../../network/activation/derivative-program.ts';
import type { CollapsedJet } from './collapsed-jet.ts';
import { type PolynomialCode, PolynomialCodeBuilder } from './polynomial-code.ts';

/** The codes of `kernels/base-function.ts`. */
export const baseFunctionCodes: Readonly<Record<BaseFunction, number>> = {
  identity: 0,
  step: 1,
  tanh: 2,
  sigmoid: 3,
  softplus: 4,
  sin: 5,
  cos: 6,
  'negative-exponential': 7,
  'normal-distribution': 8,
  'normal-density': 9,
};
const SINE_AND_COSINE = 10;

export interface ActivationCode {
  readonly forward: PolynomialCode;
  /** The derivatives σ⁽ᵏ⁾ kept in buffers for the adjoint. */
  readonly kept: readonly number[];
  /** Absent where the activation is only evaluated. */
  readonly adjoint?: PolynomialCode;
}

/**
 * Code for y = σ(z) on jets. With an adjoint one derivative more is computed and all are kept:
 * z̄_0 = Σ ȳ_α c σ⁽ᵏ⁺¹⁾ ∏z and z̄_β = Σ ȳ_α c σ⁽ᵏ⁾ ∂(∏z)/∂z_β over the terms of the plan.
 */
export function activationCode(
  activation: Activation,
  plan: CollapsedJet,
  withAdjoint: boolean,
): ActivationCode {
  const order = plan.order + (withAdjoint ? 1 : 0);
  const program = activation.derivatives(order);
  const builder = new PolynomialCodeBuilder();
  const kept = new Set<number>();

  const locate = (register: number): number => {
    const orders = program.outputs.flatMap((output, k) => (output === register ? [k] : []));
    if (orders.length === 1 && orders[0] === 0) return builder.register('result', 0);
    const derivative = orders.find((k) => k > 0);
    if (derivative === undefined || !withAdjoint) return builder.scratch();
    kept.add(derivative);
    return builder.register('derivative', derivative);
  };
  const count = program.bases.length + program.polynomials.length;
  const place = Array.from({ length: count }, (_, register) => locate(register));
  const value = builder.register('argument', 0);
  const sine = program.bases.indexOf('sin');
  const cosine = program.bases.indexOf('cos');
  program.bases.forEach((base, register) => {
    if (sine >= 0 && cosine >= 0 && register === cosine) return;
    if (sine >= 0 && cosine >= 0 && register === sine) {
      builder.base(SINE_AND_COSINE, place[sine], value, place[cosine]);
    } else builder.base(baseFunctionCodes[base], place[register], value);
  });
  program.polynomials.forEach((polynomial, i) => {
    const target = place[program.bases.length + i];
    if (polynomial.length === 0) builder.term(target, 0, []);
    for (const { coefficient, factors } of polynomial) {
      builder.term(
        target,
        coefficient,
        factors.map((factor) => place[factor]),
      );
    }
  });
  const results = plan.components.map((_, component) => builder.register('result', component));
  const zeroth = program.outputs[0];
  if (zeroth !== null && place[zeroth] !== results[0]) builder.term(results[0], 1, [place[zeroth]]);
  plan.terms.forEach((terms, component) => {
    if (component === 0) return;
    for (const { derivative, coefficient, factors } of terms) {
      const output = program.outputs[derivative];
      if (output === null) continue;
      const jets = factors.map((factor) => builder.register('argument', factor));
      builder.term(results[component], coefficient, [place[output], ...jets]);
    }
  });
  const forward = builder.finish(results);
  if (!withAdjoint) return { forward, kept: [] };

  // Derivatives that share a register share the buffer of the first of them.
  const buffer = program.outputs.map((output) => (output === null ? null : forward.registers[place[output]]));
  return { forward, kept: [...kept].sort((a, b) => a - b), adjoint: adjointCode(plan, buffer) };
}

function adjointCode(
  plan: CollapsedJet,
  buffers: readonly ({ readonly kind: string; readonly index: number } | null)[],
): PolynomialCode {
  const builder = new PolynomialCodeBuilder();
  const derivative = (k: number): number | null => {
    const buffer = buffers[k];
    return buffer === null ? null : builder.register('derivative', buffer.index);
  };
  const targets = plan.components.map((_, component) => builder.register('adjoint', component));
  targets.forEach((target, component) => {
    plan.terms.forEach((terms, source) => {
      for (const term of terms) {
        const power = component === 0 ? 1 : term.factors.filter((factor) => factor === component).length;
        if (power === 0) continue;
        const slope = derivative(component === 0 ? term.derivative + 1 : term.derivative);
        if (slope === null) continue;
        const others = [...term.factors];
        if (component > 0) others.splice(others.indexOf(component), 1);
        builder.term(target, power * term.coefficient, [
          slope,
          builder.register('seed', source),
          ...others.map((factor) => builder.register('argument', factor)),
        ]);
      }
    });
  });
  return builder.finish(targets);
}
