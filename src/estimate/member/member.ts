import { SolveError } from '../../errors.ts';
import type { Problem, SolveSettings } from '../../problem/index.ts';
import type { Solution } from '../../solve/solution.ts';
import { solve } from '../../solve/solve.ts';

/** All that a member of an ensemble needs beside its seed. */
export interface MemberSetup {
  readonly problem: Problem;
  readonly settings: Omit<SolveSettings, 'seed'>;
}

/** Trained, or why it reached no usable answer. */
export type Member<Trained> = { readonly solution: Trained } | { readonly failure: string };

export async function trainMember(
  { problem, settings }: MemberSetup,
  seed: number,
  report: (share: number) => void,
  signal?: AbortSignal,
): Promise<Member<Solution>> {
  const callback = ({ progress }: { readonly progress: number }): undefined => {
    report(progress);
  };
  try {
    return { solution: await solve(problem, { ...settings, seed, signal, callbacks: [callback] }) };
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
    return { failure: error.message };
  }
}
