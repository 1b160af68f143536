import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiledLoop, type Store, type Stream } from '../../../src/engine/f64/compiled-loop.ts';
import type { Loop } from '../../../src/engine/f64/loop-module.ts';
import { VectorExpressions, type VectorNode } from '../../../src/engine/f64/vector-expression.ts';
import { moduleBinary, signed, unsigned } from '../../../src/webassembly/binary.ts';
import { randomColumn } from './systems.ts';

/** What a node is at one position of the streams, by plain arithmetic. */
function evaluate(node: VectorNode, load: (stream: number, offset: number) => number): number {
  if (node.kind === 'load') return load(node.stream, node.offset);
  if (node.kind === 'constant') return node.value;
  const [a, b] = [evaluate(node.left, load), evaluate(node.right, load)];
  if (node.kind === 'add') return a + b;
  return node.kind === 'subtract' ? a - b : a * b;
}

const LENGTH = 3;
const RUNS = 4;
const FIELD = 16 * LENGTH;
/** Streams of two and of one field in each run, and one without a gap. */
const streams: Stream[] = [
  { step: 16, skip: FIELD },
  { step: 16, skip: FIELD },
  { step: 16, skip: 0 },
];

function run(stores: readonly Store[]): { found: Float64Array; expected: Float64Array } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(moduleBinary([compiledLoop(streams, LENGTH, stores)]));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const values = new Float64Array(memory.buffer);
  values.set(randomColumn(1024, 1, -2, 2));
  const expected = values.slice();
  const addresses = [1024, 3072, 4096];
  (instance.exports['0'] as Loop)(...addresses, RUNS);
  for (let r = 0; r < RUNS; r++) {
    for (let v = 0; v < 2 * LENGTH; v++) {
      const at = (stream: number, offset: number): number =>
        (addresses[stream] + r * (FIELD + streams[stream].skip) + offset) / 8 + v;
      const results = stores.map(({ value }) => evaluate(value, (s, o) => expected[at(s, o)]));
      stores.forEach(({ stream, offset }, i) => {
        expected[at(stream, offset)] = results[i];
      });
    }
  }
  return { found: values, expected };
}

const expressions = new VectorExpressions();
const places = [0, 1, 2].flatMap((stream) =>
  (stream < 2 ? [0, FIELD] : [0]).map((offset) => ({ stream, offset })),
);
const leaf = fc.oneof(
  fc.constantFrom(...places).map((place) => expressions.load(place)),
  fc.constantFrom(0, 1, -1, 0.1, -2, 1e-3).map((value) => expressions.constant(value)),
);
const { node } = fc.letrec<{ node: VectorNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }).map((factors) => expressions.product(factors)),
    fc
      .array(fc.record({ coefficient: fc.constantFrom(0, 1, -1, 3, -0.5), value: tie('node') }), {
        maxLength: 4,
      })
      .map((terms) => expressions.sum(terms)),
  ),
}));

describe('a compiled loop', () => {
  it('is plain arithmetic on every lane, bit for bit, and touches nothing else', () => {
    const stores = fc
      .uniqueArray(fc.constantFrom(...places), {
        minLength: 1,
        selector: ({ stream, offset }) => `${stream} ${offset}`,
      })
      .chain((targets) =>
        fc.tuple(...targets.map((place) => node.map((value): Store => ({ ...place, value })))),
      );
    fc.assert(
      fc.property(stores, (list) => {
        const { found, expected } = run(list);
        expect(found).toEqual(expected);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('loads everything before it is overwritten', () => {
    const [a, b] = [places[0], places[1]];
    const { found, expected } = run([
      { ...a, value: expressions.load(b) },
      { ...b, value: expressions.load(a) },
    ]);
    expect(found).toEqual(expected);
  });
});

describe('sums and products', () => {
  it('have the value of their terms', () => {
    const load = (stream: number, offset: number): number => 0.3 + stream + offset / 64;
    const numbers = fc.constantFrom(0, 1, -1, 2.5, -4);
    fc.assert(
      fc.property(fc.array(fc.record({ coefficient: numbers, value: node }), { maxLength: 5 }), (terms) => {
        const sum = evaluate(expressions.sum(terms), load);
        const parts = terms.map(({ coefficient, value }) => coefficient * evaluate(value, load));
        const scale = parts.reduce((size, part) => size + Math.abs(part), 0);
        const expected = parts.reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - expected)).toBeLessThanOrEqual(1e-14 * scale);
        const product = evaluate(expressions.product(terms.map(({ value }) => value)), load);
        const exact = terms.reduce((p, { value }) => p * evaluate(value, load), 1);
        expect(Math.abs(product - exact)).toBeLessThanOrEqual(1e-14 * Math.abs(exact));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('are built once, whatever the order of two factors', () => {
    const [a, b] = places.map((place) => expressions.load(place));
    expect(expressions.multiply(a, b)).toBe(expressions.multiply(b, a));
  });
});

describe('integers of the binary format', () => {
  it('are LEB128, as in the examples of the DWARF standard', () => {
    const unsignedCases = { 2: [2], 127: [127], 128: [0x80, 1], 129: [0x81, 1], 12857: [0xb9, 0x64] };
    for (const [value, bytes] of Object.entries(unsignedCases))
      expect(unsigned(Number(value))).toEqual(bytes);
    const signedCases: [number, number[]][] = [
      [2, [2]],
      [-2, [0x7e]],
      [127, [0xff, 0]],
      [-127, [0x81, 0x7f]],
      [128, [0x80, 1]],
      [-128, [0x80, 0x7f]],
      [-129, [0xff, 0x7e]],
    ];
    for (const [value, bytes] of signedCases) expect(signed(value)).toEqual(bytes);
  });
});
