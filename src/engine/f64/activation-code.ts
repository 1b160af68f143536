/** Activations on jets, forward and adjoint: base functions by the kernels, the rest as compiled loops. */
import type { JetTerm } from '../../jet/jet-plan.ts';
import type { Activation } from '../../network/activation/activation.ts';
import type { BaseFunction, DerivativeProgram } from '../../network/activation/derivative-program.ts';
import type { CollapsedJet } from './collapsed-jet.ts';
import { compiledLoop, type Store, type Stream } from './compiled-loop.ts';
import type { LoopModule } from './loop-module.ts';
import { VectorExpressions, type VectorNode } from './vector-expression.ts';

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

/** Where the values of a base function are put: in the result's value component, or in a kept column. */
export type BaseTarget = 'result' | number;

export interface BaseCall {
  readonly code: number;
  readonly target: BaseTarget;
  /** Where the cosine goes that comes with a sine. */
  readonly second?: BaseTarget;
}

/**
 * Loops are functions of the addresses of argument, result, seed, kept columns, and the number of panels. Jets
 * are stored as [panel][component][unit][4 points], kept columns as [panel][unit][4 points].
 */
export interface ActivationCode {
  readonly bases: readonly BaseCall[];
  /** Number of kept columns. */
  readonly kept: number;
  /** Number of the function among those of the plan; null where the base functions are all. */
  readonly forward: number | null;
  /** Overwrites seeds by what they are in terms of the argument; null where the activation is only evaluated. */
  readonly adjoint: number | null;
}

/** Bytes of four points of one unit. */
const PANEL = 32;
const [ARGUMENT, RESULT, SEED, KEPT] = [0, 1, 2, 3];

/**
 * Code for y = σ(z) on jets: y_α = Σ_k σ⁽ᵏ⁾(z) P_αk with P_αk = Σ c ∏z over the terms of the plan; and the adjoint
 * z̄_0 = Σ_k σ⁽ᵏ⁺¹⁾ Σ_α ȳ_α P_αk, z̄_β = Σ_k σ⁽ᵏ⁾ Σ_α ȳ_α ∂P_αk/∂z_β.
 */
export function activationCode(
  activation: Activation,
  jet: CollapsedJet,
  width: number,
  withAdjoint: boolean,
  loops: LoopModule,
): ActivationCode {
  const program = activation.derivatives(jet.order + (withAdjoint ? 1 : 0));
  const components = jet.components.length;
  const { bases, places, kept } = baseCalls(program);
  const jetStream: Stream = { step: 16, skip: (components - 1) * width * PANEL };
  const streams = [jetStream, jetStream, jetStream];
  for (let i = 0; i < kept; i++) streams.push({ step: 16, skip: 0 });
  const compile = (stores: readonly Store[]): number =>
    loops.add(compiledLoop(streams, (width * PANEL) / 16, stores));
  const at = (stream: number, component = 0) => ({ stream, offset: component * width * PANEL });

  const expressions = new VectorExpressions();
  const derivatives = derivativeNodes(program, expressions, (base) => {
    const place = places[base];
    if (place === 'argument') return expressions.load(at(ARGUMENT));
    return expressions.load(place === 'result' ? at(RESULT) : at(KEPT + place));
  });
  const argument = (component: number): VectorNode => expressions.load(at(ARGUMENT, component));
  const monomial = (factors: readonly number[]): VectorNode => expressions.product(factors.map(argument));

  const stores: Store[] = [];
  jet.terms.forEach((terms, component) => {
    if (component === 0 && bases.some(({ target, second }) => target === 'result' || second === 'result'))
      return;
    const parts = byDerivative(terms).flatMap(({ derivative, terms: own }) => {
      const slope = derivatives[derivative];
      if (slope === null) return [];
      const inner = own.map(({ coefficient, factors }) => ({ coefficient, value: monomial(factors) }));
      return [{ coefficient: 1, value: expressions.multiply(slope, expressions.sum(inner)) }];
    });
    stores.push({ ...at(RESULT, component), value: expressions.sum(parts) });
  });
  const forward = stores.length === 0 ? null : compile(stores);
  if (!withAdjoint) return { bases, kept, forward, adjoint: null };

  const adjoints = jet.components.map((_, component): Store => {
    const sums = new Map<VectorNode, { coefficient: number; value: VectorNode }[]>();
    jet.terms.forEach((terms, source) => {
      for (const { derivative, coefficient, factors } of terms) {
        const power = component === 0 ? 1 : factors.filter((factor) => factor === component).length;
        const slope = derivatives[component === 0 ? derivative + 1 : derivative];
        if (power === 0 || slope === null) continue;
        const others = [...factors];
        if (component > 0) others.splice(others.indexOf(component), 1);
        const seed = expressions.load(at(SEED, source));
        const value = expressions.multiply(monomial(others), seed);
        const sum = sums.get(slope) ?? [];
        sums.set(slope, sum);
        sum.push({ coefficient: power * coefficient, value });
      }
    });
    const parts = [...sums].map(([slope, inner]) => ({
      coefficient: 1,
      value: expressions.multiply(slope, expressions.sum(inner)),
    }));
    return { ...at(SEED, component), value: expressions.sum(parts) };
  });
  return { bases, kept, forward, adjoint: compile(adjoints) };
}

function baseCalls(program: DerivativeProgram): {
  bases: BaseCall[];
  places: ('argument' | BaseTarget)[];
  kept: number;
} {
  let kept = 0;
  const places = program.bases.map((base, register): 'argument' | BaseTarget => {
    if (program.outputs[0] === register) return 'result';
    return base === 'identity' ? 'argument' : kept++;
  });
  const [sine, cosine] = [program.bases.indexOf('sin'), program.bases.indexOf('cos')];
  const bases = program.bases.flatMap((base, register): BaseCall[] => {
    const target = places[register];
    if (target === 'argument') return [];
    if (sine >= 0 && cosine >= 0) {
      if (register === cosine) return [];
      if (register === sine) {
        return [{ code: SINE_AND_COSINE, target, second: places[cosine] as BaseTarget }];
      }
    }
    return [{ code: baseFunctionCodes[base], target }];
  });
  return { bases, places, kept };
}

/** σ⁽ᵏ⁾ in the base functions; null where it is zero. */
function derivativeNodes(
  program: DerivativeProgram,
  expressions: VectorExpressions,
  base: (register: number) => VectorNode,
): (VectorNode | null)[] {
  const registers = program.bases.map((_, register) => base(register));
  for (const polynomial of program.polynomials) {
    const terms = polynomial.map(({ coefficient, factors }) => ({
      coefficient,
      value: expressions.product(factors.map((factor) => registers[factor])),
    }));
    registers.push(expressions.sum(terms));
  }
  return program.outputs.map((output) => (output === null ? null : registers[output]));
}

function byDerivative(terms: readonly JetTerm[]): { derivative: number; terms: JetTerm[] }[] {
  const groups = new Map<number, JetTerm[]>();
  for (const term of terms) groups.set(term.derivative, [...(groups.get(term.derivative) ?? []), term]);
  return [...groups].map(([derivative, own]) => ({ derivative, terms: own }));
}
