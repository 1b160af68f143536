import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { type ProblemDefinition, problem, problemJsonSchema } from '../../src/problem/index.ts';
import { decay, epidemic, heat } from './refusal.ts';

const rich: ProblemDefinition = {
  ...heat,
  time: 't',
  fields: { u: {}, k: { of: ['x'], unknown: true } },
  functions: { flux: 'k*u_x' },
  equations: [{ equation: 'u_t = d(flux, x)', weight: 2, where: 'x >= 0' }],
  conditions: [
    { on: 't = 0', equation: 'u = sin(pi*x)', weight: 2, hard: false },
    { periodic: 'x', order: 1 },
    { on: { points: [[0.5, 1]] }, equation: 'u = 0.5' },
  ],
  data: [{ file: 'data.csv', at: { x: 'x', t: 't' }, observe: { u: 'u', 'k*u': 'ku' }, noise: 0.1 }],
  exact: { u: 'sin(pi*x)*exp(-t)' },
  solve: { network: { width: 8, depth: 2 }, optimizer: 'lm', schedule: { kind: 'cosine' } },
};
const csv = 'x,t,u,ku\n0.5,0.5,1,2\n0.25,1,,3\n';
const flows: ProblemDefinition = {
  name: 'flows',
  domain: { t: [0, 1] },
  constants: { b: 2 },
  flows: ['S -> I: b*S*I', 'I -> : I'],
  conditions: [
    { on: 't = 0', equation: 'S = 1' },
    { on: 't = 0', equation: 'I = 1' },
  ],
};
const weekly: ProblemDefinition = {
  ...flows,
  domain: { t: [0, 30] },
  constants: { b: 0.002, lag: 2 },
  unknowns: { rho: { initial: 0.5, min: 0, max: 1 } },
  data: [
    {
      rows: [
        { day: 9, cases: 3 },
        { day: 16, cases: '' },
        { day: 23, cases: 8 },
      ],
      at: { t: 'day' },
      observe: { 'rho*b*S*I': 'cases' },
      over: 7,
      delay: 'lag',
      noise: { distribution: 'negative-binomial', dispersion: 10 },
    },
  ],
};
const valid = [decay, epidemic, heat, rich, flows, weekly];

/** Every place of a value, as a path of keys. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))];
}

/** Puts, renames or deletes what stands at a place of a copy. */
function mutated(value: unknown, path: readonly string[], change: Mutation): unknown {
  const copy = structuredClone(value);
  if (path.length === 0) return change.kind === 'replace' ? change.by : copy;
  let parent = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    if (parent[key] === null || typeof parent[key] !== 'object') return copy;
    parent = parent[key] as Record<string, unknown>;
  }
  const key = path[path.length - 1];
  if (change.kind === 'delete') delete parent[key];
  else if (change.kind === 'replace') parent[key] = change.by;
  else {
    const item = parent[key];
    if (change.moved) delete parent[key];
    Object.defineProperty(parent, change.to, {
      value: item,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

type Mutation =
  | { kind: 'delete' }
  | { kind: 'replace'; by: unknown }
  | { kind: 'copy'; to: string; moved: boolean };

const word = fc.constantFrom(
  ...'u k t x S I u_t u_xx = 1 -1 0 1e999 NaN t=0 boundary u=u u=0 0=0 u_n=1 x=1 x=2 __proto__ constructor toString'.split(
    ' ',
  ),
  ...'periodic on equation where fields points rows file at 0x3 20x4 -> -> : S->I:S length data[0] u_t=u_xx+log(x-2)'.split(
    ' ',
  ),
  '',
  ' ',
);
const anything = fc.oneof(
  word,
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.string({ maxLength: 8 }),
  fc.array(word, { maxLength: 3 }),
  fc.constantFrom<unknown>(undefined, null, 1n, Symbol.iterator, () => 1, new Map(), new Date(0), Number.NaN),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant<Mutation>({ kind: 'delete' }),
  anything.map((by): Mutation => ({ kind: 'replace', by })),
  fc
    .tuple(fc.oneof(word, fc.string({ maxLength: 4 })), fc.boolean())
    .map(([to, moved]): Mutation => ({ kind: 'copy', to, moved })),
);

describe('any definition', () => {
  it('that is a valid one changed at random is read or refused with a ProblemError', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...valid),
        fc.array(fc.tuple(fc.nat(), mutation), { minLength: 1, maxLength: 3 }),
        (definition, changes) => {
          let input: unknown = definition;
          for (const [at, change] of changes) {
            // what cannot be cloned has no places of its own to change
            const places = placesOf(definition);
            try {
              input = mutated(input, places[at % places.length], change);
            } catch {
              break;
            }
          }
          try {
            problem(input as ProblemDefinition, { readText: () => csv });
          } catch (error) {
            expect(error).toBeInstanceOf(ProblemError);
            refused++;
          }
        },
      ),
      { numRuns: 3000, seed: 1 },
    );
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(3000);
  });

  it('that is random JSON is refused with a ProblemError', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        expect(() => problem(input as never)).toThrow(ProblemError);
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('whose data file is any text is read or refused with a ProblemError', () => {
    const cell = fc.oneof(
      fc.constantFrom('x', 't', 'u', 'ku', '0.5', '1', '', '"', ',', ';', '\n', '\t', '#'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 30 }), (cells) => {
        try {
          problem(rich, { readText: () => `x,t,u,ku\n${cells.join(',')}` });
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

/** What the published schema uses of JSON Schema 2020-12. */
interface JsonSchema {
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly minLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly prefixItems?: readonly JsonSchema[];
  readonly items?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
}

/** Checks a value against the part of JSON Schema 2020-12 that the published schema uses. */
function conforms(schema: JsonSchema, value: unknown): boolean {
  const known =
    '$schema $id title description type properties required additionalProperties propertyNames items prefixItems anyOf const enum minLength minimum maximum exclusiveMinimum minItems maxItems pattern';
  for (const keyword of Object.keys(schema))
    if (!known.split(' ').includes(keyword)) throw new Error(`keyword ${keyword} is not known here`);
  if (schema.anyOf !== undefined && !schema.anyOf.some((part) => conforms(part, value))) return false;
  if ('const' in schema && schema.const !== value) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const types: Record<string, boolean> = {
    object: isObject,
    array: Array.isArray(value),
    string: typeof value === 'string',
    number: typeof value === 'number',
    integer: Number.isInteger(value),
    boolean: typeof value === 'boolean',
    null: value === null,
  };
  if (schema.type !== undefined && ![schema.type].flat().some((type) => types[type])) return false;
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) return false;
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return false;
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)) return false;
    if (value <= (schema.exclusiveMinimum ?? -Infinity)) return false;
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity)) return false;
    return value.every((item, i) => {
      const part = schema.prefixItems?.[i] ?? schema.items;
      return part === undefined || (typeof part === 'boolean' ? part : conforms(part, item));
    });
  }
  if (isObject) {
    const object = value as Record<string, unknown>;
    if ((schema.required ?? []).some((key) => !Object.hasOwn(object, key))) return false;
    return Object.entries(object).every(([key, item]) => {
      if (schema.propertyNames !== undefined && !conforms(schema.propertyNames, key)) return false;
      const part = schema.properties?.[key] ?? schema.additionalProperties;
      return part === undefined || (typeof part === 'boolean' ? part : conforms(part, item));
    });
  }
  return true;
}

describe('the JSON Schema', () => {
  const schema = problemJsonSchema() as JsonSchema;
  const catalogue = ['burgers', 'sir', 'influenza-1978', 'kovasznay-flow', 'allen-cahn', 'damped-oscillator'];

  it('accepts what problem() accepts', () => {
    for (const definition of valid) expect(conforms(schema, definition)).toBe(true);
    for (const name of catalogue)
      expect(conforms(schema, JSON.parse(readFileSync(`problems/${name}.json`, 'utf8')))).toBe(true);
    expect(conforms(schema, { ...decay, $schema: './problem.schema.json' })).toBe(true);
  });

  it.each<[string, object]>([
    ['at the top', { ...decay, colour: 1 }],
    ['of a condition', { ...decay, conditions: [{ on: 't = 0', equation: 'u = 1', wieght: 2 }] }],
    ['of an equation', { ...decay, equations: [{ equation: 'u_t = u', were: '1' }] }],
    ['of a field', { ...decay, fields: { u: { off: ['t'] } } }],
    ['of data', { ...epidemic, data: [{ ...epidemic.data![0], observed: {} }] }],
    ['of solve', { ...decay, solve: { optimiser: 'lm' } }],
  ])('refuses unknown keys %s', (_, definition) => {
    expect(conforms(schema, definition)).toBe(false);
  });

  it('refuses what is missing, of another type, or out of bounds', () => {
    const { name, ...nameless } = decay;
    expect(name).toBe('decay');
    for (const definition of [
      nameless,
      { ...decay, fields: 3 },
      { ...decay, domain: { t: [0] } },
      { ...decay, solve: { network: '0x3' } },
      { ...decay, solve: { network: { width: 0, depth: 1 } } },
      { ...decay, equations: [] },
      { ...decay, conditions: [{ periodic: 't', order: -1 }] },
    ])
      expect(conforms(schema, definition)).toBe(false);
  });
});
