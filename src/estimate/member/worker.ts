/** What runs in a worker; bundled to one text by scripts/build-kernels.mjs. */
import type { StoredSolution } from '../../solve/stored-format.ts';
import { saveSolution } from '../../solve/stored-solution.ts';
import { serveTasks } from '../../worker/serve-tasks.ts';
import { type Member, trainMember } from './member.ts';
import { receivedSetup, type SentSetup } from './sent-setup.ts';

/** Milliseconds between two messages of progress. */
const INTERVAL = 100;

export const serve = serveTasks<SentSetup, number, Member<StoredSolution>>((sent) => {
  const setup = receivedSetup(sent);
  return async (seed, report) => {
    let last = Number.NEGATIVE_INFINITY;
    const seldom = (share: number): void => {
      if (performance.now() - last < INTERVAL) return;
      last = performance.now();
      report(share);
    };
    const member = await trainMember(setup, seed, seldom);
    return 'solution' in member ? { solution: saveSolution(member.solution) } : member;
  };
});
