import type { BaseFunction, DerivativeProgram } from './derivative-program.ts';
import { normalDensity, normalDistribution } from './normal-distribution.ts';

/** The base functions in float64. */
export const baseFunctions: Readonly<Record<BaseFunction, (z: number) => number>> = {
  identity: (z) => z,
  step: (z) => (z > 0 ? 1 : 0),
  tanh: Math.tanh,
  sigmoid: (z) => {
    if (z >= 0) return 1 / (1 + Math.exp(-z));
    const e = Math.exp(z);
    return e / (1 + e);
  },
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  sin: Math.sin,
  cos: Math.cos,
  'negative-exponential': (z) => Math.expm1(Math.min(z, 0)),
  'normal-distribution': normalDistribution,
  'normal-density': normalDensity,
};

/**
 * σ, σ′, … at every entry of z, one array for each output of the program.
 *
 * Arrays may be shared between outputs, and between calls where `registers` is passed back in.
 */
export function activationDerivatives(
  program: DerivativeProgram,
  z: Float64Array,
  registers: Float64Array[] = derivativeRegisters(program, z.length),
): Float64Array[] {
  const count = z.length;
  program.bases.forEach((name, register) => {
    const base = baseFunctions[name];
    const target = registers[register];
    for (let i = 0; i < count; i++) target[i] = base(z[i]);
  });
  program.polynomials.forEach((polynomial, step) => {
    const target = registers[program.bases.length + step];
    target.fill(0);
    for (const { coefficient, factors } of polynomial) {
      const [a, b] = [registers[factors[0]], registers[factors[1]]];
      if (factors.length === 0) for (let i = 0; i < count; i++) target[i] += coefficient;
      else if (factors.length === 1) for (let i = 0; i < count; i++) target[i] += coefficient * a[i];
      else if (factors.length === 2) for (let i = 0; i < count; i++) target[i] += coefficient * a[i] * b[i];
      else {
        for (let i = 0; i < count; i++) {
          let product = coefficient;
          for (const factor of factors) product *= registers[factor][i];
          target[i] += product;
        }
      }
    }
  });
  const zero = registers[registers.length - 1];
  return program.outputs.map((register) => (register === null ? zero : registers[register]));
}

/** Room for {@link activationDerivatives} on `count` entries; the last array stays zero. */
export function derivativeRegisters(program: DerivativeProgram, count: number): Float64Array[] {
  const length = program.bases.length + program.polynomials.length + 1;
  return Array.from({ length }, () => new Float64Array(count));
}
