/** Point sets of fields that are taken elsewhere than at the points of a block: the nodes of integrals. */
import { type Place, placeKey } from '../expression/expression.ts';
import { pointsAt, withSides } from '../expression/place.ts';
import type { ResidualBlock } from './residual-system.ts';

/** The same points moved to the same place are the same array, whichever blocks ask: engines evaluate them once. */
export class PlacedPoints {
  private readonly known = new Map<Float64Array, Map<string, Float64Array>>();

  of(points: Float64Array, place: Place): Float64Array {
    const own = this.known.get(points) ?? new Map<string, Float64Array>();
    this.known.set(points, own);
    const key = placeKey(place);
    const moved = own.get(key) ?? pointsAt(place, points);
    own.set(key, moved);
    return moved;
  }
}

/** Blocks whose fields have places of their own become blocks with one more point set for each place. */
export function withPlacedPoints(blocks: readonly ResidualBlock[]): ResidualBlock[] {
  const placed = new PlacedPoints();
  return blocks.map((block) => {
    const { expressions, places } = withSides(block.residuals, block.points.length);
    if (places.length === 0) return block;
    const sets = places.map((place) => placed.of(block.points[0], place));
    return { ...block, residuals: expressions, places, points: [...block.points, ...sets] };
  });
}
