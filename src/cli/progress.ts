/** Progress on stderr: a bar on a terminal, plain lines elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import type { TrainingCallback } from '../solve/index.ts';

export interface Progress {
  readonly callback: TrainingCallback;
  finish(): void;
}

const secondsBetweenLines = 5;

export function progressOf(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {percentage}% | {phase} | step {iteration} | loss {loss} | {elapsed} s',
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    callback: ({ progress, phase, iteration, loss, seconds }) => {
      const payload = { phase, iteration, loss: loss.toExponential(2), elapsed: seconds.toFixed(0) };
      if (started) bar.update(progress, payload);
      else bar.start(1, progress, payload);
      started = true;
      return undefined;
    },
    finish: () => {
      if (started) bar.stop();
    },
  };
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  let last = Number.NEGATIVE_INFINITY;
  let phase = '';
  return {
    callback: (state) => {
      if (state.phase !== phase || state.seconds - last >= secondsBetweenLines) {
        stream.write(
          `${state.seconds.toFixed(1)} s, ${state.phase}, step ${state.iteration}: loss ${state.loss.toExponential(3)}\n`,
        );
        last = state.seconds;
        phase = state.phase;
      }
      return undefined;
    },
    finish: () => {},
  };
}
