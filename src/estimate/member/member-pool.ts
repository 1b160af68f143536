import { InterruptedError } from '../../errors.ts';
import { resolveSettings } from '../../solve/settings.ts';
import type { Solution } from '../../solve/solution.ts';
import type { StoredSolution } from '../../solve/stored-format.ts';
import { loadSolution } from '../../solve/stored-solution.ts';
import { runInWorkers } from '../../worker/task-queue.ts';
import { workerPlatform } from '../../worker/worker-connection.ts';
import { type Member, type MemberSetup, trainMember } from './member.ts';
import { type SentSetup, sentSetup } from './sent-setup.ts';

export interface MemberPoolOptions {
  /** Members trained at a time, each in a worker; 1: in this thread. Default: as many as there are cores. */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
  /** The share of each member that is done, in [0, 1]. */
  readonly onProgress?: (
    shares: readonly number[],
    members: readonly (Member<Solution> | undefined)[],
  ) => void;
}

/**
 * Trains one member for every seed.
 *
 * @throws InterruptedError once the signal is aborted
 */
export async function trainMembers(
  setup: MemberSetup,
  seeds: readonly number[],
  { parallel, signal, onProgress }: MemberPoolOptions,
): Promise<Member<Solution>[]> {
  const members = new Array<Member<Solution> | undefined>(seeds.length).fill(undefined);
  const shares = new Array<number>(seeds.length).fill(0);
  const report = (index: number, share: number): void => {
    shares[index] = share;
    onProgress?.(shares, members);
  };
  const take = (index: number, member: Member<Solution>): void => {
    members[index] = member;
    report(index, 1);
  };
  const platform = parallel === 1 || !runsInWorker(setup) ? null : await workerPlatform();
  const count = Math.min(parallel ?? platform?.cores ?? 1, seeds.length);
  if (platform !== null && count > 1) {
    const { workerCode } = await import('./generated/worker-code.ts');
    const started = await runInWorkers<SentSetup, number, Member<StoredSolution>>(platform, {
      name: 'ensemble',
      code: workerCode,
      count,
      setup: sentSetup(setup),
      tasks: seeds,
      begin: 0,
      signal,
      onOutcome: (index, member) =>
        take(index, 'solution' in member ? { solution: loadSolution(member.solution) } : member),
      onProgress: report,
    });
    if (started) return members as Member<Solution>[];
  }
  for (const [index, seed] of seeds.entries()) {
    if (signal?.aborted) throw new InterruptedError('the ensemble was interrupted');
    take(index, await trainMember(setup, seed, (share) => report(index, share), signal));
    if (signal?.aborted) throw new InterruptedError('the ensemble was interrupted');
  }
  return members as Member<Solution>[];
}

/** The workers have the f64 engine alone. */
function runsInWorker({ problem, settings }: MemberSetup): boolean {
  return resolveSettings(problem, { ...problem.definition.solve, ...settings }).engine === 'f64';
}
