/** The binary format of WebAssembly (Core Specification 2.0, chapter 5), as far as straight loops need it. */

export const valueType = { i32: 0x7f, v128: 0x7b } as const;

export const opcode = {
  loop: [0x03, 0x40],
  end: [0x0b],
  branchIf: [0x0d],
  localGet: [0x20],
  localSet: [0x21],
  localTee: [0x22],
  i32Const: [0x41],
  i32Add: [0x6a],
  i32Subtract: [0x6b],
  v128Load: [0xfd, 0x00],
  v128Store: [0xfd, 0x0b],
  v128Const: [0xfd, 0x0c],
  f64x2Add: [0xfd, 0xf0, 0x01],
  f64x2Subtract: [0xfd, 0xf1, 0x01],
  f64x2Multiply: [0xfd, 0xf2, 0x01],
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

/** Both lanes of a vector constant. */
export function lanes(value: number): number[] {
  const bytes = new Uint8Array(new Float64Array([value, value]).buffer);
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  return little ? [...bytes] : [...bytes.subarray(0, 8).toReversed(), ...bytes.subarray(8).toReversed()];
}

export interface FunctionBody {
  /** All of type i32; there is no result. */
  readonly parameters: number;
  /** Types of the local variables that follow the parameters: so many of i32, then so many of v128. */
  readonly integers: number;
  readonly vectors: number;
  /** Instructions, the final `end` left out. */
  readonly code: readonly number[];
}

/** A module that imports `env.memory` and exports the functions by their position: '0', '1', … */
export function moduleBinary(functions: readonly FunctionBody[]): Uint8Array<ArrayBuffer> {
  const name = (text: string): number[] => [text.length, ...[...text].map((c) => c.charCodeAt(0))];
  const vector = (items: readonly (readonly number[])[]): number[] => [
    ...unsigned(items.length),
    ...items.flat(),
  ];
  const types = functions.map(({ parameters }) => [
    0x60,
    ...unsigned(parameters),
    ...new Array<number>(parameters).fill(valueType.i32),
    0,
  ]);
  const bodies = functions.map(({ integers, vectors, code }) => {
    const locals = [
      [...unsigned(integers), valueType.i32],
      [...unsigned(vectors), valueType.v128],
    ];
    const head = vector(locals);
    return [unsigned(head.length + code.length + 1), head, code, opcode.end];
  });
  const chunks: (readonly number[])[] = [[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]];
  const section = (id: number, parts: readonly (readonly number[])[]): void => {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    chunks.push([id, ...unsigned(length)], ...parts);
  };
  section(1, [vector(types)]);
  section(2, [vector([[...name('env'), ...name('memory'), 0x02, 0x00, 0x00]])]);
  section(3, [vector(functions.map((_, i) => unsigned(i)))]);
  section(7, [vector(functions.map((_, i) => [...name(`${i}`), 0x00, ...unsigned(i)]))]);
  section(10, [unsigned(bodies.length), ...bodies.flat()]);
  const binary = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    binary.set(chunk, at);
    at += chunk.length;
  }
  return binary;
}
