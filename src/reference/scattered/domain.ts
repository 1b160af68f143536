import { NotSupportedError } from '../../errors.ts';
import { type Shape, shapeOf } from '../../geometry/shape.ts';
import type { Region } from '../../problem/problem.ts';
import { reentrantCorners } from './curve-nodes.ts';
import { featureSpacing, type RelativeSpacing } from './feature-size.ts';
import { distanceToSurfaces, type Partition } from './node-set.ts';
import type { ScatteredForm } from './scattered-form.ts';
import { sourceVariation } from './source-variation.ts';
import { spacingFor } from './spacing.ts';

/** Where a problem is posed: its shape, parted by interfaces. */
export interface ScatteredDomain {
  readonly shape: Shape;
  readonly partition: Partition;
  /** Towards these the spacing shrinks, (C, dimension). */
  readonly corners: Float64Array;
  /** Closer nodes at small features. */
  readonly relative: RelativeSpacing;
  /** Diameter, about. */
  readonly size: number;
  /** For each part of the partition the interface it belongs to; see `interfaceKey`. */
  readonly keys: readonly string[];
}

export function interfaceKey({ region, other }: { region: Region; other: Region | undefined }): string {
  return `${region.name}|${other?.name ?? ''}`;
}

/** @throws NotSupportedError where the space is of a kind that scattered nodes do not fill */
export function scatteredDomain(form: ScatteredForm): ScatteredDomain {
  const { problem, space } = form;
  const same = (coordinates: readonly number[]): boolean => coordinates.join() === space.join();
  if (problem.space !== undefined && !same(problem.space.coordinates)) {
    throw new NotSupportedError('the geometry is of some of the space coordinates only');
  }
  const box = space.map((i) => [problem.coordinates[i].low, problem.coordinates[i].high]);
  const shape = problem.space?.shape ?? shapeOf({ box }, 'domain');
  const size = Math.hypot(...shape.bounds.map(({ low, high }) => high - low));
  const regions = new Map<string, Region>();
  const parts = new Map<string, Partition['parts']>();
  for (const condition of form.interfaces) {
    if (!same(condition.region.coordinates)) {
      throw new NotSupportedError('a region of some of the space coordinates only', { path: condition.path });
    }
    regions.set(condition.region.name, condition.region);
    const key = interfaceKey(condition);
    if (!parts.has(key)) parts.set(key, condition.parts);
  }
  const named = [...regions.values()];
  const ids = new Map<string, number>();
  const regionOf = (point: ArrayLike<number>): number => {
    if (named.length === 0) return 0;
    const signature = named.map(({ shape: part }) => (part.contains(point) ? '1' : '0')).join('');
    const known = ids.get(signature);
    if (known !== undefined) return known;
    ids.set(signature, ids.size);
    return ids.size - 1;
  };
  const partition: Partition = { parts: [...parts.values()].flat(), divided: named.length > 0, regionOf };
  const surfaces = [...shape.boundary, ...partition.parts];
  return {
    shape,
    partition,
    relative: featureSpacing(
      shape,
      surfaces,
      distanceToSurfaces(shape, partition),
      size,
      sourceVariation(problem, shape, space),
    ),
    corners: reentrantCorners(shape),
    size,
    keys: [...parts].flatMap(([key, list]) => list.map(() => key)),
  };
}

/** The coarsest spacing with which a domain gets about so many nodes. */
export function domainSpacing({ shape, relative, corners, size }: ScatteredDomain, nodes: number): number {
  const { dimension, measure } = shape;
  return spacingFor(nodes, measure * relative.excess, corners.length / dimension, dimension, size);
}
