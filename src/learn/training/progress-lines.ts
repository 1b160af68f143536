/** A line for every epoch. */
import type { LearningCallback } from './learning-callback.ts';

/** @param write  where lines go, e.g. console.log */
export function progressLines(write: (line: string) => void, { every = 1 } = {}): LearningCallback {
  return {
    onEpoch: ({ epoch, epochs, loss, heldOutLoss, seconds }) => {
      if (epoch % every !== 0 && epoch !== epochs) return;
      const held = heldOutLoss === undefined ? '' : `, held out ${heldOutLoss.toPrecision(4)}`;
      write(`epoch ${epoch}/${epochs}: loss ${loss.toPrecision(4)}${held}, ${seconds.toFixed(0)} s`);
    },
  };
}
