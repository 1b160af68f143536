import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unknown } from '../../src/expression/build.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Unknown } from '../../src/problem/index.ts';
import { unknownTransform } from '../../src/residual/unknown-transform.ts';

const form = (extra: Partial<Unknown>): Unknown => ({
  name: 'k',
  initial: 1,
  min: undefined,
  max: undefined,
  scale: undefined,
  ...extra,
});

const forms: [string, Unknown][] = [
  ['free', form({ initial: -3 })],
  ['free from zero, with a scale', form({ initial: 0, scale: 50 })],
  ['above', form({ initial: 2, min: 0.5 })],
  ['below', form({ initial: -2e-9, max: 0 })],
  ['between', form({ initial: 0.3, min: 0.1, max: 0.7 })],
  ['between, next to a bound', form({ initial: 1e-3, min: 0, max: 10 })],
  ['between, over decades', form({ initial: 1e-4, min: 1e-6, max: 10 })],
  ['between negative and positive', form({ initial: 0, min: -1e6, max: 3e6 })],
];

describe.each(forms)('an unknown %s', (_, declared) => {
  const transform = unknownTransform(declared);

  it('starts at its initial value', () => {
    const size = Math.max(1, Math.abs(declared.min ?? 0), Math.abs(declared.max ?? 0));
    expect(transform.value(transform.initialRaw) / size).toBeCloseTo(declared.initial / size, 14);
    if (declared.initial !== 0)
      expect(transform.value(transform.initialRaw) / declared.initial).toBeCloseTo(1, 9);
  });

  it('value and raw are inverse to each other', () => {
    fc.assert(
      fc.property(fc.double({ min: -7, max: 7, noNaN: true }), (raw) => {
        expect(transform.raw(transform.value(raw))).toBeCloseTo(raw, 7);
      }),
    );
  });

  it('no raw value crosses a bound, and the value grows or falls throughout', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (raw) => {
        const value = transform.value(raw);
        expect(value).toBeGreaterThanOrEqual(declared.min ?? -Infinity);
        expect(value).toBeLessThanOrEqual(declared.max ?? Infinity);
      }),
    );
    const signs = [-3, -1, 0, 1, 3].map((raw) => Math.sign(transform.slope(raw)));
    expect(new Set(signs).size).toBe(1);
    expect(signs[0]).not.toBe(0);
  });

  it('the slope is the derivative, the expression the value', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (raw) => {
        const h = 1e-5;
        const difference = (transform.value(raw + h) - transform.value(raw - h)) / (2 * h);
        expect(Math.abs(difference / transform.slope(raw) - 1)).toBeLessThan(2e-6);
        const value = evaluateScalar(transform.expression(unknown('k')), () => raw);
        const size = Math.max(
          Math.abs(declared.min ?? 0),
          Math.abs(declared.max ?? 0),
          Math.abs(transform.value(raw)),
        );
        expect(Math.abs(value - transform.value(raw))).toBeLessThanOrEqual(1e-14 * size);
      }),
    );
  });
});

describe('an unknown that starts on a bound', () => {
  it.each([
    form({ initial: 0, min: 0 }),
    form({ initial: 5, max: 5 }),
    form({ initial: 0, min: 0, max: 10 }),
    form({ initial: 10, min: 0, max: 10 }),
    form({ initial: 1e-6, min: 1e-6, max: 1 }),
  ])('$initial in [$min, $max] is moved inside, where it can move on', (declared) => {
    const transform = unknownTransform(declared);
    const value = transform.value(transform.initialRaw);
    expect(value).not.toBe(declared.initial);
    expect(value).toBeGreaterThan(declared.min ?? -Infinity);
    expect(value).toBeLessThan(declared.max ?? Infinity);
    expect(Math.abs(transform.slope(transform.initialRaw))).toBeGreaterThan(0);
  });

  it('values outside the bounds have a finite raw value', () => {
    for (const declared of [form({ min: 0 }), form({ min: 0, max: 2 }), form({ min: 1e-3, max: 2 })])
      for (const value of [-5, 0, 7])
        expect(Number.isFinite(unknownTransform(declared).raw(value))).toBe(true);
  });
});
