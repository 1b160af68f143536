/** The binary format of WebAssembly (Core Specification 2.0, chapter 5), as far as compiled arithmetic needs it. */

export const valueType = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;

export type ValueType = keyof typeof valueType;

export const opcode = {
  loop: [0x03, 0x40],
  end: [0x0b],
  branchIf: [0x0d],
  call: [0x10],
  select: [0x1b],
  localGet: [0x20],
  localSet: [0x21],
  localTee: [0x22],
  f64Load: [0x2b],
  f64Store: [0x39],
  i32Const: [0x41],
  f64Const: [0x44],
  i32NotEqual: [0x47],
  f64Equal: [0x61],
  f64NotEqual: [0x62],
  f64Less: [0x63],
  f64LessEqual: [0x65],
  i32Add: [0x6a],
  i32Subtract: [0x6b],
  f64Absolute: [0x99],
  f64Negate: [0x9a],
  f64Floor: [0x9c],
  f64SquareRoot: [0x9f],
  f64Add: [0xa0],
  f64Subtract: [0xa1],
  f64Multiply: [0xa2],
  f64Divide: [0xa3],
  f64Minimum: [0xa4],
  f64Maximum: [0xa5],
  f64ConvertI32: [0xb7],
  v128Load: [0xfd, 0x00],
  v128Store: [0xfd, 0x0b],
  v128Const: [0xfd, 0x0c],
  f64x2Splat: [0xfd, 0x14],
  f64x2ExtractLane: [0xfd, 0x21],
  f64x2Absolute: [0xfd, 0xec, 0x01],
  f64x2Add: [0xfd, 0xf0, 0x01],
  f64x2Subtract: [0xfd, 0xf1, 0x01],
  f64x2Multiply: [0xfd, 0xf2, 0x01],
  f64x2Divide: [0xfd, 0xf3, 0x01],
  f64x2Maximum: [0xfd, 0xf5, 0x01],
} as const;

/** LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** LEB128 of a signed 32-bit integer. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

/** A double in eight bytes, the least significant one first. */
export function double(value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return Array.from({ length: 8 }, (_, i) => view.getUint8(i));
}

/** Both lanes of a vector constant. */
export function lanes(value: number): number[] {
  const bytes = double(value);
  return [...bytes, ...bytes];
}

export interface Signature {
  readonly parameters: readonly ValueType[];
  /** At most one. */
  readonly results: readonly ValueType[];
}

export interface FunctionBody extends Signature {
  /** Types of the local variables that follow the parameters: so many of each, in this order. */
  readonly locals: readonly { readonly count: number; readonly type: ValueType }[];
  /** Instructions, the final `end` left out. */
  readonly code: readonly number[];
}

/** A function that the host provides as `env.<name>`; imported ones are numbered before the module's own. */
export interface ImportedFunction extends Signature {
  readonly name: string;
}

/** A module that imports `env.memory` and exports its functions by their position among its own: '0', '1', … */
export function moduleBinary(
  functions: readonly FunctionBody[],
  imported: readonly ImportedFunction[] = [],
): Uint8Array<ArrayBuffer> {
  const name = (text: string): number[] => [text.length, ...[...text].map((c) => c.charCodeAt(0))];
  const vector = (items: readonly (readonly number[])[]): number[] => [
    ...unsigned(items.length),
    ...items.flat(),
  ];
  const valueTypes = (types: readonly ValueType[]): number[] => [
    ...unsigned(types.length),
    ...types.map((type) => valueType[type]),
  ];
  const types = [...imported, ...functions].map(({ parameters, results }) => [
    0x60,
    ...valueTypes(parameters),
    ...valueTypes(results),
  ]);
  const bodies = functions.map(({ locals, code }) => {
    const head = vector(locals.map(({ count, type }) => [...unsigned(count), valueType[type]]));
    return [unsigned(head.length + code.length + 1), head, code, opcode.end];
  });
  const chunks: (readonly number[])[] = [[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]];
  const section = (id: number, parts: readonly (readonly number[])[]): void => {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    chunks.push([id, ...unsigned(length)], ...parts);
  };
  section(1, [vector(types)]);
  section(2, [
    vector([
      [...name('env'), ...name('memory'), 0x02, 0x00, 0x00],
      ...imported.map((one, i) => [...name('env'), ...name(one.name), 0x00, ...unsigned(i)]),
    ]),
  ]);
  section(3, [vector(functions.map((_, i) => unsigned(imported.length + i)))]);
  section(7, [vector(functions.map((_, i) => [...name(`${i}`), 0x00, ...unsigned(imported.length + i)]))]);
  section(10, [unsigned(bodies.length), ...bodies.flat()]);
  const binary = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    binary.set(chunk, at);
    at += chunk.length;
  }
  return binary;
}
