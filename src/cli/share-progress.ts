/** Progress of what is counted, on stderr: a bar on a terminal, plain lines elsewhere. */
import { Presets, SingleBar } from 'cli-progress';

export interface ShareProgress {
  show(done: number, wanted: number): void;
  finish(): void;
}

const millisecondsBetweenLines = 5000;

export function shareProgress(stream: NodeJS.WriteStream, noun: string): ShareProgress {
  if (!stream.isTTY) {
    let last = performance.now();
    return {
      show: (done, wanted) => {
        if (performance.now() - last < millisecondsBetweenLines) return;
        last = performance.now();
        stream.write(`${done} of ${wanted} ${noun}\n`);
      },
      finish: () => {},
    };
  }
  const bar = new SingleBar(
    {
      stream,
      format: `{bar} {value}/{total} ${noun} | {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show: (done, wanted) => {
      if (started) bar.update(done);
      else bar.start(wanted, done);
      started = true;
    },
    finish: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}
