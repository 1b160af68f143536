/** What a worker trains members of, as plain data. */
import { receivedProblem, type SentProblem, sentProblem } from '../../problem/self-contained.ts';
import type { MemberSetup } from './member.ts';

export interface SentSetup extends Omit<MemberSetup, 'problem'> {
  readonly sent: SentProblem;
}

export function sentSetup({ problem, ...rest }: MemberSetup): SentSetup {
  return { ...rest, sent: sentProblem(problem) };
}

export function receivedSetup({ sent, ...rest }: SentSetup): MemberSetup {
  return { ...rest, problem: receivedProblem(sent) };
}
