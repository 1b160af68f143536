/** Straight-line arithmetic on streams of numbers as one loop of WebAssembly, two lanes at a time. */

import {
  type FunctionBody,
  lanes,
  opcode,
  signed,
  unsigned,
  type ValueType,
} from '../../webassembly/binary.ts';
import type { Place, VectorNode } from './vector-expression.ts';

/** An address that moves along: `step` bytes after every vector, `skip` further ones after every run. */
export interface Stream {
  readonly step: number;
  readonly skip: number;
}

export interface Store extends Place {
  readonly value: VectorNode;
}

const binary = {
  add: opcode.f64x2Add,
  subtract: opcode.f64x2Subtract,
  multiply: opcode.f64x2Multiply,
} as const;

/**
 * A function of the streams' first addresses and the number of runs (at least one). A run is `length`
 * vectors of two doubles. A place may be loaded and stored to: all is loaded before it is stored.
 */
export function compiledLoop(
  streams: readonly Stream[],
  length: number,
  stores: readonly Store[],
): FunctionBody {
  const uses = countUses(stores);
  const key = ({ stream, offset }: Place): string => `${stream} ${offset}`;
  const loaded = new Set([...uses.keys()].flatMap((node) => (node.kind === 'load' ? [key(node)] : [])));
  const used = new Set([
    ...[...uses.keys()].flatMap((n) => (n.kind === 'load' ? [n.stream] : [])),
    ...stores.map((s) => s.stream),
  ]);
  const moving = [...used].sort((a, b) => a - b);

  const runs = streams.length;
  const count = runs + 1;
  const firstVector = count + 1;
  let vectors = 0;
  const locals = new Map<VectorNode, number>();
  const head: number[] = [];
  const code: number[] = [];
  for (const node of uses.keys()) {
    if (node.kind !== 'constant') continue;
    const local = firstVector + vectors++;
    locals.set(node, local);
    head.push(...opcode.v128Const, ...lanes(node.value), ...opcode.localSet, ...unsigned(local));
  }
  const emit = (node: VectorNode): void => {
    const known = locals.get(node);
    if (known !== undefined) {
      code.push(...opcode.localGet, ...unsigned(known));
      return;
    }
    if (node.kind === 'load') {
      code.push(
        ...opcode.localGet,
        ...unsigned(node.stream),
        ...opcode.v128Load,
        4,
        ...unsigned(node.offset),
      );
    } else if (node.kind !== 'constant') {
      emit(node.left);
      emit(node.right);
      code.push(...binary[node.kind]);
    }
    if (uses.get(node)! < 2) return;
    const local = firstVector + vectors++;
    locals.set(node, local);
    code.push(...opcode.localTee, ...unsigned(local));
  };
  const late: number[] = [];
  for (const { stream, offset, value } of stores) {
    const store = [...opcode.v128Store, 4, ...unsigned(offset)];
    if (!loaded.has(key({ stream, offset }))) {
      code.push(...opcode.localGet, ...unsigned(stream));
      emit(value);
      code.push(...store);
      continue;
    }
    emit(value);
    const local = firstVector + vectors++;
    code.push(...opcode.localSet, ...unsigned(local));
    late.push(...opcode.localGet, ...unsigned(stream), ...opcode.localGet, ...unsigned(local), ...store);
  }
  const advance = (stream: number, bytes: number): number[] =>
    bytes === 0
      ? []
      : [
          ...opcode.localGet,
          ...unsigned(stream),
          ...opcode.i32Const,
          ...signed(bytes),
          ...opcode.i32Add,
          ...opcode.localSet,
          ...unsigned(stream),
        ];
  /** Counts a variable down, back to the loop's head while it is not zero. */
  const repeat = (variable: number): number[] => [
    ...opcode.localGet,
    ...unsigned(variable),
    ...opcode.i32Const,
    1,
    ...opcode.i32Subtract,
    ...opcode.localTee,
    ...unsigned(variable),
    ...opcode.branchIf,
    0,
    ...opcode.end,
  ];
  return {
    parameters: new Array<ValueType>(streams.length + 1).fill('i32'),
    results: [],
    locals: [
      { count: 1, type: 'i32' },
      { count: vectors, type: 'v128' },
    ],
    code: [
      ...head,
      ...opcode.loop,
      ...opcode.i32Const,
      ...signed(length),
      ...opcode.localSet,
      ...unsigned(count),
      ...opcode.loop,
      ...code,
      ...late,
      ...moving.flatMap((stream) => advance(stream, streams[stream].step)),
      ...repeat(count),
      ...moving.flatMap((stream) => advance(stream, streams[stream].skip)),
      ...repeat(runs),
    ],
  };
}

/** How often every node is needed, operands before what they are operands of. */
function countUses(stores: readonly Store[]): Map<VectorNode, number> {
  const uses = new Map<VectorNode, number>();
  const visit = (node: VectorNode): void => {
    uses.set(node, (uses.get(node) ?? 0) + 1);
    if (uses.get(node)! > 1 || node.kind === 'load' || node.kind === 'constant') return;
    visit(node.left);
    visit(node.right);
  };
  for (const { value } of stores) visit(value);
  return uses;
}
