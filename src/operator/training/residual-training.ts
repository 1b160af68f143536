/** A branch network trained end to end on what the equations leave of its solutions. */
import { createOptimizer, type Objective } from '../../optimizer/index.ts';
import type { Problem } from '../../problem/problem.ts';
import { CoefficientModel, sensorRows } from '../coefficient-model.ts';
import { PhysicsLoss } from '../physics/physics-loss.ts';
import { NetworkChain } from '../regression/network-chain.ts';
import { regressionOf } from '../regression/regression.ts';
import { shuffled } from '../regression/row-choice.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { coefficientError, rowsAmong } from './coefficient-rows.ts';
import type { CoefficientSet } from './coefficient-set.ts';
import type { FittedModel } from './fit-branch.ts';

export interface ResidualTraining extends FittedModel {
  /** Mean square of the residuals before and after. */
  readonly losses: readonly [number, number];
  readonly steps: number;
}

export interface ResidualOptions {
  readonly seed: number;
  /** Whether there is time, and nobody has interrupted. */
  readonly proceed: () => boolean;
  readonly onStep?: (done: number, total: number) => void;
}

const mostSteps = 300;
/** Steps between looks at the functions kept out, and looks without a better one after which it ends. */
const look = 10;
const patience = 4;

/** The loss of equations as a function of a branch network's parameters: the chain rule through the coefficients. */
export function residualObjective(
  model: CoefficientModel,
  chain: NetworkChain,
  loss: PhysicsLoss,
): Objective {
  const { outputs } = chain.stored;
  const { count } = chain;
  const split = (values: Float64Array): Record<string, Float64Array> => {
    let first = 0;
    return Object.fromEntries(
      model.parts.map(({ field, basis: { size }, scale }) => {
        const own = Float64Array.from(
          { length: count * size },
          (_, k) => scale * values[Math.floor(k / size) * outputs + first + (k % size)],
        );
        first += size;
        return [field, own];
      }),
    );
  };
  const lossAndGradient: Objective['lossAndGradient'] = async (theta) => {
    const { loss: value, gradient } = loss.lossAndGradient(split(chain.values(theta)));
    const slopes = new Float64Array(count * outputs);
    let first = 0;
    for (const { field, basis, scale } of model.parts) {
      const { size } = basis;
      for (let k = 0; k < count * size; k++)
        slopes[Math.floor(k / size) * outputs + first + (k % size)] = scale * gradient[field][k];
      first += size;
    }
    return { loss: value, gradient: chain.gradient(theta, slopes) };
  };
  return { lossAndGradient, loss: async (theta) => ({ loss: (await lossAndGradient(theta)).loss }) };
}

/**
 * Goes on from a network that was fitted to coefficients, by a quasi-Newton method on the residuals of the training
 * functions (as the branch of a physics-informed DeepONet is trained: Wang, Wang & Perdikaris, Science Advances 7
 * (2021), eabi8605; the trunk is kept). The parameters kept are those that were best for a fifth of the functions.
 *
 * @param set      compressed, the coefficients that the model was fitted to
 * @param samples  input functions of each of its rows
 */
export async function trainedOnResiduals(
  problem: Problem,
  { model, validation }: FittedModel,
  set: CoefficientSet,
  samples: readonly Readonly<Record<string, FunctionSample>>[],
  { seed, proceed, onStep }: ResidualOptions,
): Promise<ResidualTraining | undefined> {
  const stored = model.branch.store();
  if (stored.kind !== 'network') return undefined;
  const order = shuffled(set.count, seed);
  const watched = rowsAmong(set, order.slice(0, Math.max(1, Math.floor(set.count / 5))));
  const places = order.slice(watched.count);
  const own = rowsAmong(set, places);
  const chain = new NetworkChain(stored, sensorRows(model.inputs, own.inputs, own.count), own.count);
  const loss = await PhysicsLoss.of(
    problem,
    set.bases,
    places.map((n) => samples[n]),
  );
  const told = (theta: Float64Array, error: number): CoefficientModel =>
    new CoefficientModel(model.inputs, model.parts, regressionOf(chain.restored(theta)), {
      ...model.words,
      validation: error,
    });
  const errorAt = (theta: Float64Array): number => coefficientError(told(theta, validation), watched);
  const objective = residualObjective(model, chain, loss);
  const { loss: first } = await objective.loss(chain.theta);
  const optimizer = createOptimizer('lbfgs', objective, chain.theta);
  const start = errorAt(chain.theta);
  let best = { theta: chain.theta, error: start };
  let last = first;
  let steps = 0;
  for (let since = 0; steps < mostSteps && since < patience && proceed(); ) {
    const { finished, loss: value } = await optimizer.step();
    last = value;
    steps++;
    onStep?.(steps, mostSteps);
    await new Promise((resolve) => setTimeout(resolve));
    if (steps % look === 0 || finished !== undefined) {
      const error = errorAt(optimizer.theta);
      since = error < 0.999 * best.error ? 0 : since + 1;
      if (error < best.error) best = { theta: optimizer.theta.slice(), error };
    }
    if (finished !== undefined) break;
  }
  const share = best.error / start;
  return {
    model: told(best.theta, validation * share),
    validation: validation * share,
    losses: [first, last],
    steps,
  };
}
