import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import { CholeskyFactorizer } from '../../src/engine/f64/cholesky.ts';
import { gram } from '../../src/engine/f64/gram.ts';
import { kernelModule } from '../../src/engine/f64/kernel-module.ts';
import { LinearMemory } from '../../src/engine/f64/linear-memory.ts';
import { relativeDifference } from '../engine/f64/host-oracle.ts';
import { randomColumn } from '../engine/f64/systems.ts';

let memory: LinearMemory;
let factorizer: CholeskyFactorizer;

beforeAll(async () => {
  memory = new LinearMemory((await kernelModule()).module);
  factorizer = new CholeskyFactorizer(memory);
});

const matrix = (rows: number, columns: number, seed: number): Matrix =>
  Matrix.from1DArray(rows, columns, randomColumn(rows * columns, seed));

/** Columns in panels of four: [panel][row][4]. */
function panels(m: Matrix): Float64Array {
  const packed = new Float64Array(m.rows * m.columns);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) packed[((j >> 2) * m.rows + i) * 4 + (j & 3)] = m.get(i, j);
  }
  return packed;
}

describe.each([
  [1, 1, 4],
  [3, 2, 8],
  [4, 7, 12],
  [5, 5, 20],
  [20, 20, 64],
  [33, 18, 8],
])('a layer with %i outputs and %i inputs on %i columns', (outputs, inputs, columns) => {
  const weights = matrix(inputs, outputs, 1);
  const x = matrix(inputs, columns, 2);
  const y = matrix(outputs, columns, 3);
  const bias = randomColumn(outputs, 4);

  it('maps forward as Wᵀ·X, the bias on every third panel', () => {
    const source = memory.allocateFloats(weights.to1DArray());
    const packed = memory.allocate(32 * Math.ceil(outputs / 4) * inputs);
    memory.kernels.packMatrix(source, packed, outputs, inputs, 1, outputs);
    const target = memory.allocate(8 * outputs * columns);
    const from = memory.allocateFloats(panels(x));
    const at = memory.allocateFloats(bias);
    memory.kernels.product(packed, from, target, outputs, inputs, columns / 4, at, 3);
    const expected = weights.transpose().mmul(x);
    for (let i = 0; i < outputs; i++) {
      for (let j = 0; j < columns; j++) {
        if (Math.floor(j / 4) % 3 === 0) expected.set(i, j, expected.get(i, j) + bias[i]);
      }
    }
    expect(relativeDifference(memory.read(target, outputs * columns), panels(expected))).toBeLessThan(1e-14);
  });

  it('adds every second panel of Y to the gradient of the bias', () => {
    const gradient = memory.allocateFloats(bias);
    memory.kernels.biasGradient(memory.allocateFloats(panels(y)), gradient, outputs, columns / 4, 2);
    const expected = bias.map((before, i) =>
      y.getRow(i).reduce((sum, value, j) => (Math.floor(j / 4) % 2 === 0 ? sum + value : sum), before),
    );
    expect(relativeDifference(memory.read(gradient, outputs), expected)).toBeLessThan(1e-14);
  });

  it('maps back as W·Y and adds X·Yᵀ to the gradient', () => {
    const source = memory.allocateFloats(weights.to1DArray());
    const packed = memory.allocate(32 * Math.ceil(inputs / 4) * outputs);
    memory.kernels.packMatrix(source, packed, inputs, outputs, outputs, 1);
    const target = memory.allocate(8 * inputs * columns);
    const [px, py] = [memory.allocateFloats(panels(x)), memory.allocateFloats(panels(y))];
    memory.kernels.product(packed, py, target, inputs, outputs, columns / 4, 0, 0);
    const back = weights.mmul(y);
    expect(relativeDifference(memory.read(target, inputs * columns), panels(back))).toBeLessThan(1e-14);

    const before = matrix(inputs, outputs, 5);
    const gradient = memory.allocateFloats(before.to1DArray());
    memory.kernels.weightGradient(px, py, gradient, inputs, outputs, columns / 4);
    const expected = Matrix.add(before, x.mmul(y.transpose()));
    const found = memory.read(gradient, inputs * outputs);
    expect(relativeDifference(found, expected.to1DArray())).toBeLessThan(1e-14);
  });
});

describe('the symmetric rank-k update', () => {
  it.each([
    [4, 1],
    [8, 5],
    [72, 256],
    [132, 37],
  ])('adds JᵀJ and Jᵀρ of order %i for %i rows', (size, rows) => {
    const capacity = 256;
    const jacobian = matrix(rows, size, 6);
    const packed = new Float64Array(size * capacity);
    for (let n = 0; n < rows; n++) {
      for (let p = 0; p < size; p++) packed[((p >> 2) * capacity + n) * 4 + (p & 3)] = jacobian.get(n, p);
    }
    const rho = randomColumn(rows, 7);
    const at = memory.allocateFloats(packed);
    const c = memory.allocateFloats(new Float64Array(size * size).fill(1));
    const v = memory.allocateFloats(new Float64Array(size).fill(2));
    memory.kernels.rankUpdate(at, capacity, rows, c, size);
    memory.kernels.vectorUpdate(at, capacity, rows, memory.allocateFloats(rho), v, size);
    const expected = jacobian.transpose().mmul(jacobian);
    const found = memory.read(c, size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        expect(Math.abs(found[i * size + j] - 1 - expected.get(i, j))).toBeLessThan(1e-13 * rows);
      }
    }
    const product = jacobian.transpose().mmul(Matrix.columnVector(rho)).to1DArray();
    const vector = memory.read(v, size).map((value) => value - 2);
    expect(relativeDifference(vector, product)).toBeLessThan(1e-12);
  });
});

it('the update on listed panels is the whole one where the other panels are zero', () => {
  const [size, rows, capacity] = [96, 37, 64];
  const listed = [1, 2, 7, 15, 16, 17, 22];
  const packed = randomColumn(size * capacity, 6);
  const zeroed = packed.slice();
  for (let panel = 0; panel < size / 4; panel++)
    if (!listed.includes(panel)) zeroed.fill(0, 4 * capacity * panel, 4 * capacity * (panel + 1));
  const rho = memory.allocateFloats(randomColumn(rows, 7));
  const list = memory.allocateWords(listed);
  const results = [zeroed, packed].map((jacobian, which) => {
    const at = memory.allocateFloats(jacobian);
    const c = memory.allocateFloats(new Float64Array(size * size));
    const v = memory.allocateFloats(new Float64Array(size));
    const { kernels } = memory;
    if (which === 0) {
      kernels.rankUpdate(at, capacity, rows, c, size);
      kernels.vectorUpdate(at, capacity, rows, rho, v, size);
    } else {
      kernels.rankUpdateListed(at, capacity, rows, c, size, list, listed.length);
      kernels.vectorUpdateListed(at, capacity, rows, rho, v, list, listed.length);
    }
    return [memory.read(c, size * size), memory.read(v, size)];
  });
  expect(results[1]).toEqual(results[0]);
});

describe('the Gram matrix of rows', () => {
  it.each([
    [1, 1],
    [7, 3],
    [12, 300],
    [33, 513],
  ])('is J·Jᵀ for %i rows of %i', (count, size) => {
    const rows = matrix(count, size, 10);
    const found = gram(memory, Float64Array.from(rows.to1DArray()), count, size);
    expect(relativeDifference(found, rows.mmul(rows.transpose()).to1DArray())).toBeLessThan(1e-14);
  });
});

describe('the Cholesky factorisation', () => {
  const positive = (n: number): Matrix => {
    const a = matrix(n + 3, n, 8);
    return a.transpose().mmul(a).add(Matrix.eye(n).mul(0.01));
  };

  it.each([1, 2, 3, 4, 5, 31, 64, 65, 130, 201])('solves as ml-matrix does, order %i', (n) => {
    const a = positive(n);
    const b = randomColumn(n, 9);
    const flat = Float64Array.from(a.to1DArray());
    const x = factorizer.factorize(flat, n)!.solve(b);
    expect(relativeDifference(flat, a.to1DArray())).toBe(0);
    const expected = new CholeskyDecomposition(a).solve(Matrix.columnVector(b)).to1DArray();
    expect(relativeDifference(x, expected)).toBeLessThan(1e-9);
    // Backward stable: the residual is small against ‖A‖·‖x‖ even where x is not accurate.
    const residual = Matrix.sub(a.mmul(Matrix.columnVector(x)), Matrix.columnVector(b));
    expect(residual.norm()).toBeLessThan(1e-15 * n * a.norm() * Matrix.columnVector(x).norm());
  });

  it.each([
    ['a chain of blocks', (i: number, j: number) => Math.abs(i - j) <= 1],
    ['an arrow', (i: number, j: number) => i === j || i === 4 || j === 4],
    ['blocks that fill in', (i: number, j: number) => i === j || Math.abs(i - j) === 2 || i === 0 || j === 0],
  ])('solves %s of 50 columns each, where much is zero', (_, coupled) => {
    const n = 250;
    const a = positive(n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        if (!coupled(Math.floor(i / 50), Math.floor(j / 50))) a.set(i, j, 0);
        if (i === j) a.set(i, i, a.get(i, i) + n);
      }
    const b = randomColumn(n, 9);
    const x = factorizer.factorize(Float64Array.from(a.to1DArray()), n)!.solve(b);
    const expected = new CholeskyDecomposition(a).solve(Matrix.columnVector(b)).to1DArray();
    expect(relativeDifference(x, expected)).toBeLessThan(1e-12);
  });

  it('lives until the next one', () => {
    const [small, large] = [5, 40].map(positive);
    const first = factorizer.factorize(Float64Array.from(small.to1DArray()), 5)!;
    const second = factorizer.factorize(Float64Array.from(large.to1DArray()), 40)!;
    expect(() => first.solve(new Float64Array(5))).toThrow('another matrix');
    const b = randomColumn(40, 2);
    const again = second.solve(b);
    expect(second.solve(b)).toEqual(again);
  });

  it('does not read the upper triangle', () => {
    const a = Float64Array.from([4, NaN, 2, 5]);
    expect([...factorizer.factorize(a, 2)!.solve(Float64Array.from([8, 9]))]).toEqual([1.375, 1.25]);
  });

  it.each([3, 70, 150])('returns null where the matrix of order %i is not positive definite', (n) => {
    const a = positive(n);
    a.set(n - 1, n - 1, -1);
    expect(factorizer.factorize(Float64Array.from(a.to1DArray()), n)).toBeNull();
    a.set(n - 1, n - 1, Number.NaN);
    expect(factorizer.factorize(Float64Array.from(a.to1DArray()), n)).toBeNull();
  });
});
