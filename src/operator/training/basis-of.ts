import { ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { TrunkNetwork } from '../network/trunk-network.ts';
import { separableBasisOf, separableKind } from '../physics/separable-basis.ts';
import type { StoredBlock } from '../stored-block.ts';
import type { SolutionBasis } from './coefficient-set.ts';
import { FeatureBasis } from './feature-basis.ts';
import { JoinedBasis } from './joined-basis.ts';

/**
 * A stored basis ready for use.
 *
 * @throws ProblemError where it is damaged, of another problem, or of a kind that is not known
 */
export function basisOf(block: StoredBlock, problem: Pick<Problem, 'coordinates'>): SolutionBasis {
  const damaged = (): never => {
    throw new ProblemError('the trunk is not whole', { path: 'model', hint: 'the file is damaged' });
  };
  let basis: SolutionBasis;
  try {
    basis = read(block);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return damaged();
  }
  const middle = Float64Array.from(problem.coordinates, ({ low, high }) => (low + high) / 2);
  const values = basis.values(middle, 1);
  return values.length === basis.size && values.every(Number.isFinite) ? basis : damaged();
}

function read(block: StoredBlock): SolutionBasis {
  if (block?.kind === FeatureBasis.kind) return FeatureBasis.restored(block);
  if (block?.kind === separableKind) return separableBasisOf(block);
  if (block?.kind === TrunkNetwork.kind) return TrunkNetwork.restored(block);
  if (block?.kind === JoinedBasis.kind) return JoinedBasis.restored(block, read);
  throw new ProblemError(`a trunk of the kind ${String(block?.kind)} is not known`, {
    path: 'model',
    hint: 'the file is of another version, or damaged',
  });
}
