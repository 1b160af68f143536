/** Collocation in time for the modes of an evolution equation ∂_t y = L y + N(y, t). */
import { SolveError } from '../../errors.ts';
import { coupled, type SemilinearSystem } from '../../reference/fourier/exponential-integrator.ts';
import { DenseLU } from '../../reference/linear/dense-lu.ts';
import type { RadauTableau } from './radau.ts';

/** Matrices of one L: complex, interleaved, unless L is real. */
interface ModeMatrices {
  /** (s·m, m): what the state at the start gives at the nodes. */
  readonly start: Float64Array;
  /** (s·m, s·m): what N at the nodes adds. */
  readonly slopes: Float64Array;
}

/** States that L couples to each other. */
interface Group {
  readonly states: readonly number[];
  /** Those of each mode; modes with the same L share them. */
  readonly matrices: readonly ModeMatrices[];
  readonly real: boolean;
}

/** Spectra of the states at every node: [node][state]. */
export type NodalSpectra = readonly (readonly Float64Array[])[];

/**
 * One window of time: y at the nodes satisfies y_i = y_0 + h Σ_j a_ij (L y_j + N_j), where L is solved for and N is
 * given. Modes do not know of each other but through N.
 */
export class ModalCollocation {
  private readonly groups: readonly Group[];

  constructor(
    private readonly system: SemilinearSystem,
    private readonly tableau: RadauTableau,
    readonly length: number,
  ) {
    this.groups = coupled(system).map((states) => this.groupOf(states));
  }

  /** Spectra at the nodes from those at the start and from N at the nodes; `slopes` undefined where N is zero. */
  solve(start: readonly Float64Array[], slopes: NodalSpectra | undefined, out: NodalSpectra): void {
    const { stages } = this.tableau;
    const { modes } = this.system;
    for (const { states, matrices, real } of this.groups) {
      const m = states.length;
      const size = stages * m;
      const given = new Float64Array(2 * size);
      const first = new Float64Array(2 * m);
      for (let mode = 0; mode < modes; mode++) {
        const { start: fromStart, slopes: fromSlopes } = matrices[mode];
        for (let a = 0; a < m; a++) {
          first[2 * a] = start[states[a]][2 * mode];
          first[2 * a + 1] = start[states[a]][2 * mode + 1];
        }
        if (slopes !== undefined)
          for (let j = 0; j < stages; j++)
            for (let a = 0; a < m; a++) {
              const own = slopes[j][states[a]];
              given[2 * (j * m + a)] = own[2 * mode];
              given[2 * (j * m + a) + 1] = own[2 * mode + 1];
            }
        for (let i = 0; i < size; i++) {
          const target = out[Math.floor(i / m)][states[i % m]];
          const [re, im] = real
            ? realRow(fromStart, fromSlopes, i, m, size, first, given, slopes !== undefined)
            : complexRow(fromStart, fromSlopes, i, m, size, first, given, slopes !== undefined);
          target[2 * mode] = re;
          target[2 * mode + 1] = im;
        }
      }
    }
  }

  private groupOf(states: readonly number[]): Group {
    const { modes, states: all, linear } = this.system;
    const m = states.length;
    const entries = (mode: number): Float64Array => {
      const own = new Float64Array(2 * m * m);
      states.forEach((i, a) => {
        states.forEach((j, b) => {
          const at = 2 * ((mode * all + i) * all + j);
          own[2 * (a * m + b)] = linear[at];
          own[2 * (a * m + b) + 1] = linear[at + 1];
        });
      });
      return own;
    };
    let real = true;
    for (let mode = 0; mode < modes && real; mode++)
      real = entries(mode).every((value, i) => i % 2 === 0 || value === 0);
    const known = new Map<string, ModeMatrices>();
    const matrices = Array.from({ length: modes }, (_, mode) => {
      const own = entries(mode);
      const key = own.join();
      const found = known.get(key) ?? this.matricesOf(own, m, real);
      known.set(key, found);
      return found;
    });
    return { states, matrices, real };
  }

  /** (1 − h A ⊗ L)⁻¹ on the right sides 1 ⊗ 1 and h A ⊗ 1. */
  private matricesOf(own: Float64Array, m: number, real: boolean): ModeMatrices {
    const { tableau, length: h } = this;
    const { stages, matrix: a } = tableau;
    const size = stages * m;
    const parts = real ? 1 : 2;
    const n = parts * size;
    const lu = new DenseLU(n);
    for (let i = 0; i < stages; i++)
      for (let j = 0; j < stages; j++)
        for (let p = 0; p < m; p++)
          for (let q = 0; q < m; q++) {
            const re = -h * a[i * stages + j] * own[2 * (p * m + q)];
            const im = -h * a[i * stages + j] * own[2 * (p * m + q) + 1];
            const row = i * m + p;
            const column = j * m + q;
            const unit = row === column ? 1 : 0;
            lu.matrix[row * n + column] = unit + re;
            if (real) continue;
            lu.matrix[row * n + size + column] = -im;
            lu.matrix[(size + row) * n + column] = im;
            lu.matrix[(size + row) * n + size + column] = unit + re;
          }
    if (!lu.factor()) throw new SolveError('the collocation equations of a window are singular');
    const solved = (columns: number, entry: (row: number, column: number) => number): Float64Array => {
      const result = new Float64Array(parts * size * columns);
      const side = new Float64Array(n);
      for (let column = 0; column < columns; column++) {
        side.fill(0);
        for (let row = 0; row < size; row++) side[row] = entry(row, column);
        lu.solve(side);
        for (let row = 0; row < size; row++)
          for (let part = 0; part < parts; part++)
            result[parts * (row * columns + column) + part] = side[part * size + row];
      }
      return result;
    };
    return {
      start: solved(m, (row, column) => (row % m === column ? 1 : 0)),
      slopes: solved(size, (row, column) =>
        row % m === column % m ? h * a[Math.floor(row / m) * stages + Math.floor(column / m)] : 0,
      ),
    };
  }
}

function realRow(
  fromStart: Float64Array,
  fromSlopes: Float64Array,
  row: number,
  m: number,
  size: number,
  first: Float64Array,
  given: Float64Array,
  nonlinear: boolean,
): [number, number] {
  let re = 0;
  let im = 0;
  for (let k = 0; k < m; k++) {
    const factor = fromStart[row * m + k];
    re += factor * first[2 * k];
    im += factor * first[2 * k + 1];
  }
  if (!nonlinear) return [re, im];
  for (let k = 0, at = row * size; k < size; k++, at++) {
    const factor = fromSlopes[at];
    re += factor * given[2 * k];
    im += factor * given[2 * k + 1];
  }
  return [re, im];
}

function complexRow(
  fromStart: Float64Array,
  fromSlopes: Float64Array,
  row: number,
  m: number,
  size: number,
  first: Float64Array,
  given: Float64Array,
  nonlinear: boolean,
): [number, number] {
  let re = 0;
  let im = 0;
  for (let k = 0, at = 2 * row * m; k < m; k++, at += 2) {
    re += fromStart[at] * first[2 * k] - fromStart[at + 1] * first[2 * k + 1];
    im += fromStart[at] * first[2 * k + 1] + fromStart[at + 1] * first[2 * k];
  }
  if (!nonlinear) return [re, im];
  for (let k = 0, at = 2 * row * size; k < size; k++, at += 2) {
    re += fromSlopes[at] * given[2 * k] - fromSlopes[at + 1] * given[2 * k + 1];
    im += fromSlopes[at] * given[2 * k + 1] + fromSlopes[at + 1] * given[2 * k];
  }
  return [re, im];
}
