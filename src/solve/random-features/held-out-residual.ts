/** What a trial solution leaves of its problem at points that it was not trained on. */
import type { LoadedEngine } from '../../engine/create-engine.ts';
import { createEngine } from '../../engine/create-engine.ts';
import type { ResidualSystem } from '../../residual/index.ts';
import type { RunStart, RunTask } from '../run-task.ts';
import { trainingSystem } from '../trained-solution.ts';

/** A residual below this is a solution; above it, a trained network may do better. */
export const acceptedResidual = 1e-6;

const seedOffset = 104_729;

/** The same residuals at other points. */
export function heldOutSystem(task: RunTask, start: RunStart, trained: ResidualSystem): ResidualSystem {
  const { settings } = task;
  const other = trainingSystem(
    {
      ...task,
      settings: {
        ...settings,
        sampling: 'uniform',
        seed: settings.seed + seedOffset,
        // Of a line with both of its ends, another number of points are other points.
        conditionPoints: Math.ceil(1.37 * settings.conditionPoints),
      },
    },
    start,
  );
  if (other.blocks.length !== trained.blocks.length) return other;
  const blocks = other.blocks.map((block, b) => ({ ...block, residuals: trained.blocks[b].residuals }));
  return { ...trained, blocks };
}

/** The largest root mean square among the blocks, relative to the largest term of each. */
export async function largestResidual(
  engine: LoadedEngine,
  system: ResidualSystem,
  theta: Float64Array,
): Promise<number> {
  const { terms } = await engine.loss(theta);
  const squares = system.blocks.map(({ weight }, b) => (weight === 0 ? 0 : terms[b] / weight));
  return squares.every(Number.isFinite) ? Math.sqrt(Math.max(...squares)) : Number.POSITIVE_INFINITY;
}

/** As `largestResidual`, at points drawn for it. */
export async function heldOutResidual(task: RunTask, start: RunStart, theta: Float64Array): Promise<number> {
  const system = heldOutSystem(task, start, trainingSystem(task, start));
  const engine = await createEngine('f64', system, { threads: 1 });
  try {
    return await largestResidual(engine, system, theta);
  } finally {
    await engine.dispose();
  }
}
