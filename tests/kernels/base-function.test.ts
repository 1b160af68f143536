import { beforeAll, describe, expect, it } from 'vitest';
import { baseFunctionCodes } from '../../src/engine/f64/activation-code.ts';
import { kernelModule } from '../../src/engine/f64/kernel-module.ts';
import { LinearMemory } from '../../src/engine/f64/linear-memory.ts';
import type { BaseFunction } from '../../src/network/activation/derivative-program.ts';
import { randomColumn } from '../engine/f64/systems.ts';
import * as reference from './high-precision.ts';

let memory: LinearMemory;

beforeAll(async () => {
  memory = new LinearMemory((await kernelModule()).module);
});

function evaluate(code: number, values: Float64Array): { first: Float64Array; second: Float64Array } {
  const source = memory.allocateFloats(values);
  const [first, second] = [memory.allocate(8 * values.length), memory.allocate(8 * values.length)];
  memory.kernels.baseFunction(code, source, first, second, 8 * values.length);
  return { first: memory.read(first, values.length), second: memory.read(second, values.length) };
}

function worst(values: Float64Array, results: Float64Array, exact: (x: bigint) => bigint): number {
  let error = 0;
  values.forEach((value, i) => {
    const units = reference.unitsInLastPlace(results[i], exact(reference.exact(value)));
    error = Math.max(error, units);
  });
  return error;
}

const near = randomColumn(60, 1, -1, 1);
const wide = randomColumn(60, 2, -30, 30);
const tiny = Float64Array.from([0, 1e-300, -1e-20, 1e-10, -1e-5, 1e-3, 0.125, -0.5]);

/** Largest error allowed, in units of the last place, and further arguments. */
const cases: [BaseFunction, (x: bigint) => bigint, number, Float64Array[]][] = [
  ['tanh', reference.tanh, 1.5, [near, wide, tiny, randomColumn(100, 6, -0.1, 0.1)]],
  ['sigmoid', reference.sigmoid, 2.5, [near, wide, tiny, randomColumn(20, 3, -700, 700)]],
  ['softplus', reference.softplus, 2, [near, wide, tiny]],
  ['sin', reference.sin, 1, [near, wide, tiny, Float64Array.from([Math.PI, 355, -22, 1.5 * Math.PI])]],
  ['cos', reference.cos, 1, [near, wide, tiny, Float64Array.from([Math.PI / 2, 11, 344, -99])]],
  ['negative-exponential', (x) => (x > 0n ? 0n : reference.expm1(x)), 2, [near, wide, tiny]],
  ['normal-distribution', reference.normalDistribution, 5, [near, randomColumn(40, 4, -8, 8), tiny]],
  ['normal-density', reference.normalDensity, 3, [near, wide, tiny]],
];

describe('the base functions of activations', () => {
  it.each(cases)('%s is right to a few units of the last place', (name, exact, allowed, sets) => {
    for (const values of sets) {
      const { first } = evaluate(baseFunctionCodes[name], values);
      expect(worst(values, first, exact)).toBeLessThanOrEqual(allowed);
    }
  });

  it('keep a NaN', () => {
    for (const [name, code] of Object.entries(baseFunctionCodes)) {
      if (name === 'step') continue;
      const { first } = evaluate(code, Float64Array.from([Number.NaN, 1]));
      expect(first[0], name).toBeNaN();
      expect(first[1], name).not.toBeNaN();
    }
  });

  it('have their limits at infinity', () => {
    const values = Float64Array.from([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    const limits: Partial<Record<BaseFunction, number[]>> = {
      tanh: [1, -1],
      sigmoid: [1, 0],
      softplus: [Number.POSITIVE_INFINITY, 0],
      'negative-exponential': [0, -1],
      'normal-distribution': [1, 0],
      'normal-density': [0, 0],
    };
    for (const [name, expected] of Object.entries(limits)) {
      const { first } = evaluate(baseFunctionCodes[name as BaseFunction], values);
      for (const i of [0, 1]) {
        if (Number.isFinite(expected[i])) expect(Math.abs(first[i] - expected[i]), name).toBeLessThan(1e-300);
        else expect(first[i], name).toBe(expected[i]);
      }
    }
  });

  it('sine and cosine go on beyond the fast range, together as apart', () => {
    const values = Float64Array.from([...randomColumn(20, 5, -1e7, 1e7), 1e5, -99999.5, 1e15, 3]);
    const { first, second } = evaluate(10, values);
    expect(worst(values, first, (x) => reference.sin(reference.reduced(x)))).toBeLessThan(1.5);
    expect(worst(values, second, (x) => reference.cos(reference.reduced(x)))).toBeLessThan(1.5);
  });
});
