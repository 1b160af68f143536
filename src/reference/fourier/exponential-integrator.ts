import { type ExponentialFunctions, exponentialFunctions } from './exponential-functions.ts';

/** ∂_t y = L y + N(y, t) for spectra: L couples states of one mode only. */
export interface SemilinearSystem {
  readonly modes: number;
  readonly states: number;
  /** L of every mode: (modes, states, states) complex, interleaved. */
  readonly linear: Float64Array;
  /** Whether N is not zero. */
  readonly nonlinear: boolean;
  /** N of all states. */
  evaluate(t: number, y: readonly Float64Array[], out: readonly Float64Array[]): void;
}

/** States that L couples to each other, with the matrices of a step for each mode. */
interface Block {
  readonly states: readonly number[];
  /** (modes, m, m) complex: exp(hL), exp(hL/2), h/2 φ₁(hL/2), and the weights of N at the stages. */
  readonly full: Float64Array;
  readonly half: Float64Array;
  readonly halfWeight: Float64Array;
  readonly first: Float64Array;
  readonly middle: Float64Array;
  readonly last: Float64Array;
}

/**
 * Exponential time differencing of order four with a fixed step: exact for the linear part, Runge–Kutta for the
 * rest. Cox & Matthews (2002), J. Comput. Phys. 176, 430–455, eq. (26)–(29); Kassam & Trefethen (2005), SIAM J.
 * Sci. Comput. 26, 1214–1233, whose contour integrals are replaced by scaling and squaring.
 */
export class ExponentialIntegrator {
  private readonly blocks: readonly Block[];
  private readonly slopes: readonly (readonly Float64Array[])[];
  private readonly stages: readonly (readonly Float64Array[])[];

  constructor(
    private readonly system: SemilinearSystem,
    private readonly h: number,
  ) {
    const { states, modes } = system;
    const spectra = () => Array.from({ length: states }, () => new Float64Array(2 * modes));
    this.slopes = [spectra(), spectra(), spectra(), spectra()];
    this.stages = [spectra(), spectra(), spectra()];
    this.blocks = coupled(system).map((members) => stepMatrices(system, members, h));
  }

  /** Replaces y(t) by y(t + h). */
  step(t: number, y: readonly Float64Array[]): void {
    const { system, blocks, h } = this;
    if (!system.nonlinear) {
      for (const { states, full } of blocks) multiply(full, states, y, y, system.modes, true);
      return;
    }
    const [atY, atA, atB, atC] = this.slopes;
    const [a, b, c] = this.stages;
    const { modes } = system;
    system.evaluate(t, y, atY);
    for (const { states, half, halfWeight } of blocks) {
      multiply(half, states, y, a, modes, true);
      multiply(halfWeight, states, atY, a, modes);
    }
    system.evaluate(t + h / 2, a, atA);
    for (const { states, half, halfWeight } of blocks) {
      multiply(half, states, y, b, modes, true);
      multiply(halfWeight, states, atA, b, modes);
    }
    system.evaluate(t + h / 2, b, atB);
    // atC first holds 2 N(b) − N(y).
    for (let s = 0; s < atC.length; s++)
      for (let i = 0; i < 2 * modes; i++) atC[s][i] = 2 * atB[s][i] - atY[s][i];
    for (const { states, half, halfWeight } of blocks) {
      multiply(half, states, a, c, modes, true);
      multiply(halfWeight, states, atC, c, modes);
    }
    system.evaluate(t + h, c, atC);
    for (let s = 0; s < atA.length; s++) for (let i = 0; i < 2 * modes; i++) atA[s][i] += atB[s][i];
    for (const { states, full, first, middle, last } of blocks) {
      multiply(full, states, y, y, modes, true);
      multiply(first, states, atY, y, modes);
      multiply(middle, states, atA, y, modes);
      multiply(last, states, atC, y, modes);
    }
  }
}

/** Sets of states that L couples, each to be advanced by itself. */
export function coupled({ states, modes, linear }: SemilinearSystem): number[][] {
  const group = Array.from({ length: states }, (_, i) => i);
  for (let mode = 0; mode < modes; mode++) {
    for (let i = 0; i < states; i++) {
      for (let j = 0; j < states; j++) {
        const at = 2 * ((mode * states + i) * states + j);
        if ((linear[at] === 0 && linear[at + 1] === 0) || group[i] === group[j]) continue;
        const [kept, merged] = [group[i], group[j]];
        group.forEach((g, k) => {
          if (g === merged) group[k] = kept;
        });
      }
    }
  }
  return [...new Set(group)].map((g) => group.flatMap((other, i) => (other === g ? [i] : [])));
}

function stepMatrices(system: SemilinearSystem, members: readonly number[], h: number): Block {
  const { modes, states, linear } = system;
  const m = members.length;
  const size = 2 * m * m;
  const array = () => new Float64Array(modes * size);
  const block = {
    states: members,
    full: array(),
    half: array(),
    halfWeight: array(),
    first: array(),
    middle: array(),
    last: array(),
  };
  const z = new Float64Array(size);
  for (let mode = 0; mode < modes; mode++) {
    const scaled = (factor: number): ExponentialFunctions => {
      members.forEach((i, a) => {
        members.forEach((j, b) => {
          const at = 2 * ((mode * states + i) * states + j);
          z[2 * (a * m + b)] = factor * linear[at];
          z[2 * (a * m + b) + 1] = factor * linear[at + 1];
        });
      });
      return exponentialFunctions(z, m);
    };
    const half = scaled(h / 2);
    const { exponential, phi } = scaled(h);
    const [one, two, three] = phi;
    const offset = mode * size;
    block.full.set(exponential, offset);
    block.half.set(half.exponential, offset);
    for (let i = 0; i < size; i++) {
      block.halfWeight[offset + i] = (h / 2) * half.phi[0][i];
      block.first[offset + i] = h * (one[i] - 3 * two[i] + 4 * three[i]);
      block.middle[offset + i] = h * (2 * two[i] - 4 * three[i]);
      block.last[offset + i] = h * (4 * three[i] - two[i]);
    }
  }
  return block;
}

/** out (+)= matrix · x on the member states, mode by mode; out may be x. */
function multiply(
  matrix: Float64Array,
  members: readonly number[],
  x: readonly Float64Array[],
  out: readonly Float64Array[],
  modes: number,
  replace = false,
): void {
  const m = members.length;
  if (m === 1) {
    const a = x[members[0]];
    const b = out[members[0]];
    for (let i = 0; i < 2 * modes; i += 2) {
      const real = matrix[i] * a[i] - matrix[i + 1] * a[i + 1];
      const imaginary = matrix[i] * a[i + 1] + matrix[i + 1] * a[i];
      b[i] = replace ? real : b[i] + real;
      b[i + 1] = replace ? imaginary : b[i + 1] + imaginary;
    }
    return;
  }
  const values = new Float64Array(2 * m);
  for (let mode = 0, at = 0; mode < modes; mode++) {
    for (let j = 0; j < m; j++) {
      values[2 * j] = x[members[j]][2 * mode];
      values[2 * j + 1] = x[members[j]][2 * mode + 1];
    }
    for (let i = 0; i < m; i++) {
      let real = 0;
      let imaginary = 0;
      for (let j = 0; j < m; j++, at += 2) {
        real += matrix[at] * values[2 * j] - matrix[at + 1] * values[2 * j + 1];
        imaginary += matrix[at] * values[2 * j + 1] + matrix[at + 1] * values[2 * j];
      }
      const b = out[members[i]];
      b[2 * mode] = replace ? real : b[2 * mode] + real;
      b[2 * mode + 1] = replace ? imaginary : b[2 * mode + 1] + imaginary;
    }
  }
}
