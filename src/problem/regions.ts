import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';
import type { Region } from './problem.ts';

/** @throws ProblemError, with the nearest name, for a region that is not there. */
export function regionNamed(name: string, regions: ReadonlyMap<string, Region>, path: string): Region {
  const found = regions.get(name);
  if (found !== undefined) return found;
  const names = [...regions.keys()];
  const near = nearestName(name, names);
  throw new ProblemError(`there is no region \`${name}\``, {
    path,
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : names.length > 0
          ? `regions are ${names.join(', ')}`
          : 'declare it: "regions": { "inner": { "disk": … } }',
  });
}
