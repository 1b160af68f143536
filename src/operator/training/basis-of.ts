import { ProblemError } from '../../errors.ts';
import { separableBasisOf, separableKind } from '../physics/separable-basis.ts';
import type { StoredBlock } from '../stored-block.ts';
import type { SolutionBasis } from './coefficient-set.ts';
import { FeatureBasis } from './feature-basis.ts';

/** A stored basis ready for use. @throws ProblemError where it is damaged or of a kind that is not known */
export function basisOf(block: StoredBlock): SolutionBasis {
  if (block.kind === FeatureBasis.kind) return FeatureBasis.restored(block);
  if (block.kind === separableKind) return separableBasisOf(block);
  throw new ProblemError(`a trunk of the kind ${String(block.kind)} is not known`, {
    path: 'model',
    hint: 'the file is of another version, or damaged',
  });
}
