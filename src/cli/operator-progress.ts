/** Progress of training an operator, on stderr: what is counted with a bar, and each phase as it begins. */
import type { OperatorProgress } from '../operator/index.ts';
import { type ShareProgress, shareProgress } from './share-progress.ts';

const nouns: Readonly<Record<OperatorProgress['phase'], string>> = {
  solutions: 'training functions solved',
  trunk: 'trunk',
  branch: 'branch',
  training: 'steps',
  test: 'test functions solved',
};

export function operatorProgress(stream: NodeJS.WriteStream): {
  show(progress: OperatorProgress): void;
  finish(): void;
} {
  let phase: OperatorProgress['phase'] | undefined;
  let total = 0;
  let bar: ShareProgress | undefined;
  return {
    show: (progress) => {
      if (progress.phase !== phase || progress.total !== total) {
        bar?.finish();
        ({ phase, total } = progress);
        bar = shareProgress(stream, nouns[phase]);
        const validation =
          progress.validation === undefined
            ? ''
            : `, error on functions left out ${progress.validation.toExponential(1)}`;
        if (phase !== 'branch' || progress.done === 0)
          stream.write(
            `${progress.seconds.toFixed(1)} s: ${total > 1 ? `${total} ` : ''}${phase === 'solutions' ? 'training functions' : phase === 'test' ? 'test functions' : phase}${validation}\n`,
          );
      }
      if (progress.total > 1) bar?.show(progress.done, progress.total);
    },
    finish: () => bar?.finish(),
  };
}
