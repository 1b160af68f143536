import { expect, it } from 'vitest';
import { IncompleteLU } from '../../src/reference/linear/incomplete-lu.ts';

/** −Δu + κ·u_x on a cube of nodes, with every second unknown of a block standing in the other one's equation. */
function system(side: number, block: number) {
  const size = side ** 3;
  const starts = new Int32Array(size + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < size; i++) {
    const [x, y, z] = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)];
    const near: [number, number][] = [[i, 6.1]];
    const add = (inside: boolean, other: number, value: number): void => {
      if (inside) near.push([other, value]);
    };
    add(x > 0, i - 1, -1.3);
    add(x < side - 1, i + 1, -0.7);
    add(y > 0, i - side, -1);
    add(y < side - 1, i + side, -1);
    add(z > 0, i - side ** 2, -1);
    add(z < side - 1, i + side ** 2, -1);
    for (const [column, value] of near) {
      columns.push(column);
      // Of two unknowns the equations are exchanged: without exchanges of columns there is no pivot.
      for (let r = 0; r < block; r++)
        for (let s = 0; s < block; s++) values.push(r === block - 1 - s ? value : 0);
    }
    starts[i + 1] = columns.length;
  }
  return { pattern: { size, starts, columns: Int32Array.from(columns) }, values };
}

it.each([1, 2])('an incomplete factorisation solves what it preconditions, blocks of %i', (block) => {
  const { pattern, values } = system(12, block);
  const lu = new IncompleteLU(pattern, block);
  lu.values.set(values);
  expect(lu.factor()).toBe(true);
  const exact = Float64Array.from({ length: lu.n }, (_, i) => Math.cos(0.3 * i));
  const b = new Float64Array(lu.n);
  for (let i = 0; i < pattern.size; i++)
    for (let k = pattern.starts[i]; k < pattern.starts[i + 1]; k++)
      for (let r = 0; r < block; r++)
        for (let s = 0; s < block; s++)
          b[i * block + r] += values[(k * block + r) * block + s] * exact[pattern.columns[k] * block + s];
  lu.solve(b);
  expect(Math.max(...b.map((value, i) => Math.abs(value - exact[i])))).toBeLessThan(1e-8);
});

it('a matrix with a row of zeros has no factors', () => {
  const lu = new IncompleteLU({ size: 2, starts: Int32Array.of(0, 1, 2), columns: Int32Array.of(0, 1) }, 1);
  lu.values.set([1, 0]);
  expect(lu.factor()).toBe(false);
});
