/** What a trained operator consists of. */
import type { Problem } from '../problem/problem.ts';
import type { InputRange } from './evaluate/training-space.ts';
import type { OperatorModel } from './operator-model.ts';
import type { OperatorError, OperatorRun } from './operator-run.ts';

export interface OperatorParts {
  readonly problem: Problem;
  readonly model: OperatorModel;
  readonly run: OperatorRun;
  readonly errors: Readonly<Record<string, OperatorError>> | null;
  readonly reason?: string;
  readonly ranges: readonly InputRange[];
}
