import { describe, expect, it } from 'vitest';
import { randomGenerator } from '../../src/random/generator.ts';
import { MultifrontalLU } from '../../src/reference/linear/multifrontal-lu.ts';
import { nestedDissection, symmetricPattern } from '../../src/reference/linear/nested-dissection.ts';

/** A square grid with neighbours up to a radius. */
function grid(side: number, radius: number) {
  const size = side * side;
  const positions = new Float64Array(2 * size);
  const starts = new Int32Array(size + 1);
  const columns: number[] = [];
  for (let i = 0; i < size; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    positions.set([x, y], 2 * i);
    for (let j = 0; j < size; j++) {
      if (Math.hypot((j % side) - x, Math.floor(j / side) - y) <= radius) columns.push(j);
    }
    starts[i + 1] = columns.length;
  }
  return { pattern: { size, starts, columns: Int32Array.from(columns) }, positions };
}

describe('multifrontal LU', () => {
  it('solves A x = b for a random matrix of 2 by 2 blocks, one row scaled by 1e8', () => {
    const { pattern, positions } = grid(22, 2.3);
    const random = randomGenerator(3);
    const lu = new MultifrontalLU(pattern, 2, positions, 2);
    for (let k = 0; k < lu.values.length; k++) lu.values[k] = random.normal();
    for (let k = 0; k < 4 * pattern.starts[1]; k++) lu.values[k] *= 1e8;
    expect(lu.factor()).toBe(true);
    const x = Float64Array.from({ length: lu.n }, () => random.normal());
    const b = new Float64Array(lu.n);
    lu.multiply(x, b);
    lu.solve(b);
    x.forEach((value, i) => {
      expect(Math.abs(b[i] - value)).toBeLessThan(1e-6);
    });
  });

  it('solves a saddle point system with an unknown that touches all rows, and no diagonal', () => {
    const { pattern, positions } = grid(15, 1.1);
    const size = pattern.size + 1;
    const starts = new Int32Array(size + 1);
    const columns: number[] = [];
    const values: number[] = [];
    for (let i = 0; i < pattern.size; i++) {
      for (let k = pattern.starts[i]; k < pattern.starts[i + 1]; k++) {
        columns.push(pattern.columns[k]);
        const degree = pattern.starts[i + 1] - pattern.starts[i] - 1;
        values.push(pattern.columns[k] === i ? degree : -1);
      }
      columns.push(pattern.size);
      values.push(1);
      starts[i + 1] = columns.length;
    }
    for (let i = 0; i < pattern.size; i++) {
      columns.push(i);
      values.push(1);
    }
    starts[size] = columns.length;
    const lu = new MultifrontalLU(
      { size, starts, columns: Int32Array.from(columns) },
      1,
      Float64Array.from([...positions, 0, 0]),
      2,
      new Set([size - 1]),
    );
    lu.values.set(values);
    expect(lu.factor()).toBe(true);
    const x = Float64Array.from({ length: size }, (_, i) => Math.cos(i));
    const b = new Float64Array(size);
    lu.multiply(x, b);
    lu.solve(b);
    x.forEach((value, i) => {
      expect(Math.abs(b[i] - value)).toBeLessThan(1e-9);
    });
  });

  it('tells a singular matrix', () => {
    const { pattern, positions } = grid(12, 1.1);
    const lu = new MultifrontalLU(pattern, 1, positions, 2);
    for (let i = 0; i < pattern.size; i++) {
      for (let k = pattern.starts[i]; k < pattern.starts[i + 1]; k++) lu.values[k] = i === 40 ? 0 : 1 + i + k;
    }
    expect(lu.factor()).toBe(false);
  });

  it('nested dissection: every node once, and neighbours only among a separator and its ancestors', () => {
    const { pattern, positions } = grid(25, 2.3);
    const symmetric = symmetricPattern(pattern);
    const separators = nestedDissection(symmetric, positions, 2, new Set());
    const owner = new Int32Array(pattern.size).fill(-1);
    separators.forEach(({ nodes, parent }, s) => {
      expect(parent === -1 || parent > s).toBe(true);
      for (const node of nodes) {
        expect(owner[node]).toBe(-1);
        owner[node] = s;
      }
    });
    const isAncestor = (a: number, s: number): boolean =>
      s >= 0 && (a === s || isAncestor(a, separators[s].parent));
    for (let i = 0; i < pattern.size; i++) {
      expect(owner[i]).toBeGreaterThanOrEqual(0);
      for (let k = symmetric.starts[i]; k < symmetric.starts[i + 1]; k++) {
        const [low, high] = [owner[i], owner[symmetric.columns[k]]].sort((a, b) => a - b);
        expect(isAncestor(high, low)).toBe(true);
      }
    }
  });
});
