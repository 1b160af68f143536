/** Gauss–Newton steps over features: of all parameters, or of some with the others held. */
import { Matrix, QrDecomposition } from 'ml-matrix';
import type { LoadedEngine } from '../../engine/create-engine.ts';
import { networkSize, type TrialSolution } from '../../network/trial-solution.ts';
import { ridgeStep } from '../../optimizer/ridge-step.ts';
import { fieldLeaves } from '../../problem/implied-value.ts';
import type { Problem } from '../../problem/index.ts';

/** Relative: what rounding leaves open anyway. */
export const ridge = 1e-14;

/** Where fields follow data alone, what unknowns make of the equations is a small share of the loss. */
export const unknownsGain = 1e-6;

const halvings = 10;

/** Raw unknowns are of order one and move by no more than this at once. */
const largestMove = 1.5;

/** Of open parameters alone, over the root mean square norm of their columns. */
const openRidge = 1e-7;

const openSteps = 12;

export interface Minimum {
  readonly theta: Float64Array;
  readonly loss: number;
  readonly factor: Float64Array;
  readonly vector: Float64Array;
  readonly steps: number;
}

/**
 * Gauss–Newton steps, halved until the loss falls; `factor` and `vector` are those where they end.
 *
 * @param own  ridge, see `ridgeStep`
 * @param least  of each parameter, which counts in the loss
 */
export async function gaussNewton(
  engine: LoadedEngine,
  from: Float64Array,
  unknowns: number,
  gain: number,
  most: number,
  ended: () => boolean,
  own = ridge,
  least?: Float64Array,
): Promise<Minimum> {
  let theta = from;
  const size = theta.length;
  const fold = engine.foldDiagonal?.bind(engine);
  for (let steps = 0; ; steps++) {
    const { loss, factor, vector } = await engine.orthogonalFactor!(theta);
    const here = { theta, loss, factor, vector, steps };
    if (!Number.isFinite(loss) || steps >= most || ended()) return here;
    const { delta } = ridgeStep(factor, vector, theta, own, fold, least);
    if (!delta.every(Number.isFinite)) return here;
    const penalty = penaltyOf(theta, least);
    const reached = theta.map((value, i) => value + delta[i]);
    const less = predicted(factor, vector, delta) + penalty - penaltyOf(reached, least);
    if (less < gain * (loss + penalty)) return here;
    const move = delta.subarray(size - unknowns).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let share = Math.min(1, largestMove / move);
    let next: Float64Array | undefined;
    for (let k = 0; k <= halvings; k++, share /= 2) {
      const there = theta.map((value, i) => value + share * delta[i]);
      if ((await engine.loss(there)).loss + penaltyOf(there, least) < loss + penalty) {
        next = there;
        break;
      }
    }
    if (next === undefined) return here;
    theta = next;
  }
}

/** Parameters of fields that are not observed, and unknowns. */
export function openParameters(problem: Problem, trial: TrialSolution): number[] {
  const observed = new Set(
    fieldLeaves(problem.observations.map(({ expression }) => expression)).map(({ name }) => name),
  );
  const open: number[] = [];
  let offset = 0;
  for (const network of trial.networks) {
    const size = networkSize(network);
    network.fields.forEach((name, k) => {
      if (observed.has(name)) return;
      for (let i = k; i < size; i += network.fields.length) open.push(offset + i);
    });
    offset += size;
  }
  problem.unknowns.forEach((_, i) => {
    open.push(offset + i);
  });
  return open;
}

/** Gauss–Newton steps of some parameters, all others held. */
export async function openMinimum(
  engine: LoadedEngine,
  from: Float64Array,
  open: readonly number[],
): Promise<Float64Array> {
  let theta = from;
  const n = from.length;
  for (let step = 0; step < openSteps; step++) {
    const { loss, factor, vector } = await engine.orthogonalFactor!(theta);
    const columns = new Matrix(n, open.length);
    for (let i = 0; i < n; i++)
      for (const [j, p] of open.entries()) columns.set(i, j, p < i ? 0 : factor[i * n + p]);
    const size = Math.sqrt(columns.norm() ** 2 / open.length);
    const damped = new Matrix(n + open.length, open.length);
    const right = new Matrix(n + open.length, 1);
    damped.setSubMatrix(columns, 0, 0);
    for (let i = 0; i < n; i++) right.set(i, 0, -vector[i]);
    for (let j = 0; j < open.length; j++) damped.set(n + j, j, openRidge * size);
    const factorized = new QrDecomposition(damped);
    // Unknowns may have no effect where they are.
    if (!Number.isFinite(size) || !factorized.isFullRank()) break;
    const delta = factorized.solve(right).to1DArray();
    const next = theta.slice();
    open.forEach((p, j) => {
      next[p] += delta[j];
    });
    const there = (await engine.loss(next)).loss;
    if (!(there < (1 - unknownsGain) * loss)) break;
    theta = next;
  }
  return theta;
}

/** Σ μθ², as ridgeStep has it. */
function penaltyOf(theta: Float64Array, least: Float64Array | undefined): number {
  return least === undefined ? 0 : theta.reduce((sum, value, i) => sum + (least[i] * value) ** 2, 0);
}

/** ‖v‖² − ‖Rδ + v‖²: how much less loss a step promises. */
function predicted(factor: Float64Array, vector: Float64Array, delta: Float64Array): number {
  const n = vector.length;
  let less = 0;
  for (let i = 0; i < n; i++) {
    let moved = vector[i];
    for (let j = i; j < n; j++) moved += factor[i * n + j] * delta[j];
    less += vector[i] ** 2 - moved ** 2;
  }
  return less;
}
