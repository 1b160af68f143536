/** How many an epidemic reaches in the end, without solving for its course. */
import { LuDecomposition, Matrix } from 'ml-matrix';
import { ProblemError, SolveError } from '../errors.ts';

export interface FinalSizeOptions {
  /** Share of people susceptible at the start; default 1. */
  readonly susceptible?: number;
  /** Share infected at the start, with the whole infectious period before them; default 0: a trace. */
  readonly infected?: number;
}

export interface GroupFinalSizeOptions {
  /** People in each group. */
  readonly sizes: readonly number[];
  /** Share of each group susceptible at the start; default 1. */
  readonly susceptible?: readonly number[];
  /** Share of each group infected at the start; default 0: a trace. */
  readonly infected?: readonly number[];
}

/**
 * The share of all people infected in the course of an epidemic, those of the start not counted: the largest
 * solution z of the final-size equation z = s₀ (1 − exp(−R₀ (z + i₀))). Kermack & McKendrick, Proc. R. Soc.
 * Lond. A 115 (1927) 700–721. It holds for any distribution of latent and infectious periods, in a population
 * that is closed.
 *
 * In groups: z_i = s_i (1 − exp(−Σ_j K_ij n_j/n_i (z_j + i_j))), K the next-generation matrix where everybody
 * is susceptible (people in i infected by one in j). Diekmann, Heesterbeek & Britton (2013), section 1.3, and
 * Andreasen, Bull. Math. Biol. 73 (2011) 2305–2321.
 *
 * @param reproduction R₀, or the next-generation matrix of the groups
 * @returns the share, or that of each group
 * @throws ProblemError for shares that are not between 0 and 1, or sizes that do not fit
 */
export function finalSize(reproduction: number, options?: FinalSizeOptions): number;
export function finalSize(
  reproduction: readonly (readonly number[])[],
  options: GroupFinalSizeOptions,
): number[];
export function finalSize(
  reproduction: number | readonly (readonly number[])[],
  options: FinalSizeOptions | GroupFinalSizeOptions = {},
): number | number[] {
  if (typeof reproduction === 'number') {
    const { susceptible = 1, infected = 0 } = options as FinalSizeOptions;
    return groupSizes([[reproduction]], [susceptible], [infected])[0];
  }
  const { sizes, susceptible, infected } = options as GroupFinalSizeOptions;
  const n = reproduction.length;
  checkCount(sizes, n, 'sizes');
  checkCount(susceptible ?? sizes, n, 'susceptible');
  checkCount(infected ?? sizes, n, 'infected');
  const wrong = sizes.find((size) => !(size > 0 && Number.isFinite(size)));
  if (wrong !== undefined) throw new ProblemError(`${wrong} is no number of people`, { path: 'sizes' });
  const scaled = reproduction.map((row, i) => {
    checkCount(row, n, `reproduction[${i}]`);
    return row.map((value, j) => (value * sizes[j]) / sizes[i]);
  });
  return groupSizes(scaled, susceptible ?? sizes.map(() => 1), infected ?? sizes.map(() => 0));
}

function checkCount(list: readonly unknown[], n: number, path: string): void {
  if (list.length !== n) throw new ProblemError(`${list.length} numbers for ${n} groups`, { path });
}

/**
 * Newton's method from above: the right-hand side is concave and increasing, so the steps go down to the
 * largest solution and never past it.
 */
function groupSizes(
  reproduction: readonly (readonly number[])[],
  susceptible: readonly number[],
  infected: readonly number[],
): number[] {
  reproduction.forEach((row) => {
    for (const value of row)
      if (!(value >= 0 && Number.isFinite(value)))
        throw new ProblemError(`${value} is no reproduction number`, {
          path: 'reproduction',
          hint: 'use finite numbers that are not negative',
        });
  });
  susceptible.forEach((s, i) => {
    const path = s >= 0 && s <= 1 ? 'infected' : 'susceptible';
    if (!(s >= 0 && s <= 1 && infected[i] >= 0 && s + infected[i] <= 1 + 1e-12))
      throw new ProblemError(`${s} susceptible and ${infected[i]} infected are no shares of a group`, {
        path,
        hint: 'both are at least 0 and together at most 1',
      });
  });
  const n = susceptible.length;
  // at the threshold itself Newton's method ends at the size of rounding
  const least = infected.some((i) => i > 0) ? 0 : 1e-14;
  let z = [...susceptible];
  for (let iteration = 0; iteration < 200; iteration++) {
    const force = reproduction.map((row) => row.reduce((sum, k, j) => sum + k * (z[j] + infected[j]), 0));
    const right = Matrix.columnVector(z.map((x, i) => -susceptible[i] * Math.expm1(-force[i]) - x));
    const left = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        left.set(i, j, Number(i === j) - susceptible[i] * Math.exp(-force[i]) * reproduction[i][j]);
    const factors = new LuDecomposition(left);
    if (factors.isSingular()) break;
    const step = factors.solve(right).to1DArray();
    // near the threshold the step is the residual's rounding over a small slope: the residual tells the end
    const solved = z.every((x, i) => x <= least || Math.abs(right.get(i, 0)) <= 8 * n * Number.EPSILON * x);
    z = z.map((x, i) => Math.max(0, x + step[i]));
    if (solved) return z.map((x) => (x <= least ? 0 : x));
  }
  throw new SolveError('the final-size equation could not be solved');
}
