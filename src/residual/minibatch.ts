/** A random part of a system's points that stands for all of them. */
import { randomGenerator } from '../random/generator.ts';
import type { ResidualBlock, ResidualSystem } from './residual-system.ts';

/** `size` of the numbers 0 … count − 1, without repetition, in ascending order. */
function sample(count: number, size: number, integer: (below: number) => number): Uint32Array {
  const numbers = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < size; i++) {
    const other = i + integer(count - i);
    [numbers[i], numbers[other]] = [numbers[other], numbers[i]];
  }
  return numbers.slice(0, size).sort();
}

function rowsOf(values: Float64Array, indices: Uint32Array, width: number): Float64Array {
  const rows = new Float64Array(indices.length * width);
  indices.forEach((index, i) => {
    rows.set(values.subarray(index * width, (index + 1) * width), i * width);
  });
  return rows;
}

/**
 * The system on about `residuals` residuals, from each block the same share of its points and one at least. Blocks on
 * the same points keep the same points. Every block stands for its mean square as before, so that loss and
 * gradient are those of the whole in expectation. The system itself where it has no more residuals than asked for.
 */
export function minibatch(system: ResidualSystem, residuals: number, seed: number): ResidualSystem {
  const total = system.blocks.reduce((sum, block) => sum + block.count * block.residuals.length, 0);
  if (total <= residuals) return system;
  const random = randomGenerator(seed);
  const samples = new Map<Float64Array, { indices: Uint32Array; sides: Map<Float64Array, Float64Array> }>();
  const sampleFor = ({ points, count }: ResidualBlock) => {
    const known = samples.get(points[0]);
    if (known !== undefined) return known;
    const size = Math.min(count, Math.max(1, Math.round((count * residuals) / total)));
    const indices = sample(count, size, (below) => random.integer(below));
    const drawn = { indices, sides: new Map<Float64Array, Float64Array>() };
    samples.set(points[0], drawn);
    return drawn;
  };
  const { dimension } = system.trial;
  return {
    ...system,
    blocks: system.blocks.map((block) => {
      const { indices, sides } = sampleFor(block);
      const points = block.points.map((set) => {
        const rows = sides.get(set) ?? rowsOf(set, indices, dimension);
        sides.set(set, rows);
        return rows;
      });
      return {
        ...block,
        points,
        count: indices.length,
        columns: Object.fromEntries(
          Object.entries(block.columns).map(([name, values]) => [name, rowsOf(values, indices, 1)]),
        ),
        ...(block.pointWeights === undefined ? {} : { pointWeights: rowsOf(block.pointWeights, indices, 1) }),
      };
    }),
  };
}
