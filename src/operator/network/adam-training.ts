/** Steps of Adam with looks at functions that are not trained on. */
import { InterruptedError, SolveError } from '../../errors.ts';
import { Adam } from '../../optimizer/adam.ts';
import type { Objective } from '../../optimizer/optimizer.ts';
import type { TrainingHooks } from '../training/training-hooks.ts';
import type { NetworkOptions } from './network-options.ts';

export interface AdamRun {
  readonly theta: Float64Array;
  readonly validation: number;
  readonly iterations: number;
  readonly stopped: 'iterations' | 'time' | 'target';
}

const looks = 25;
/** Steps by which the pace is known, or so much of the time if that comes first, but not before the third. */
const paceSteps = 20;
const paceShare = 0.05;
/** Between two chances for timers and signals. */
const breath = 0.05;

/**
 * The parameters that were best for the functions not trained on. Where the time does not allow as many steps as are
 * meant, the learning rate runs through its schedule in fewer.
 *
 * @throws InterruptedError once the signal is aborted; SolveError where the loss is no number from the start
 */
export async function adamTraining(
  objective: Objective,
  start: Float64Array,
  validate: (theta: Float64Array) => number,
  { iterations: wanted, fixedIterations, schedule }: NetworkOptions,
  {
    signal,
    show,
    seconds,
    timeLimit,
    target,
  }: TrainingHooks & { readonly timeLimit: number; readonly target: number | undefined },
): Promise<AdamRun> {
  let iterations = wanted;
  let optimizer = new Adam(objective, start, { rate: schedule(iterations) });
  let best: { theta: Float64Array; validation: number } | undefined;
  let look = Math.max(1, Math.round(iterations / looks));
  let done = 0;
  let stopped: AdamRun['stopped'] = 'iterations';
  let paced = fixedIterations;
  let breathed = seconds();
  let begun = breathed;
  while (done < iterations) {
    const { finished } = await optimizer.step();
    if (finished === 'diverged' && done === 0)
      throw new SolveError(
        'the loss of the operator network is no number; the data hold values out of all range',
      );
    done++;
    // The first step compiles and packs.
    if (done === 1) begun = seconds();
    const measured = done === paceSteps || (done > 2 && seconds() - begun > paceShare * timeLimit);
    if (measured && !paced) {
      paced = true;
      const pace = (seconds() - begun) / (done - 1);
      const possible = Math.floor((0.93 * (timeLimit - begun)) / pace);
      if (possible < iterations) {
        iterations = Math.max(done + 1, possible);
        stopped = 'time';
        look = Math.max(1, Math.round(iterations / looks));
        optimizer = new Adam(objective, start, { rate: schedule(iterations) }, optimizer.state());
      }
    }
    const late = seconds() > timeLimit;
    if (late) stopped = 'time';
    if (done % look === 0 || done === iterations || late || finished !== undefined) {
      const validation = validate(optimizer.theta);
      if (best === undefined || validation < best.validation) best = { theta: optimizer.theta, validation };
      show({ phase: 'training', done, total: iterations, validation: best.validation });
      if (target !== undefined && best.validation < target) {
        stopped = 'target';
        break;
      }
      if (late || finished !== undefined) break;
    }
    if (seconds() - breathed > breath) {
      await new Promise((resolve) => setTimeout(resolve));
      breathed = seconds();
      if (signal?.aborted) throw new InterruptedError('the training was interrupted');
    }
  }
  return { ...best!, iterations: done, stopped };
}
