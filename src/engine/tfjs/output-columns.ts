import type { TensorJets } from './activation-jets.ts';
import type { FieldSource } from './pass-plan.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

interface Piece {
  readonly source: FieldSource;
  readonly count: number;
  sum: Tensor;
}

/** The outputs of all passes taken apart into columns (N), and their adjoints put together again. */
export class OutputColumns {
  readonly #arithmetic: TensorArithmetic;
  readonly #rows: readonly number[];
  readonly #outputs: readonly TensorJets[];
  readonly #flat = new Map<string, MaybeTensor>();
  readonly #columns = new Map<string, Tensor>();
  readonly #pieces = new Map<string, Piece>();

  constructor(arithmetic: TensorArithmetic, rows: readonly number[], outputs: readonly TensorJets[]) {
    this.#arithmetic = arithmetic;
    this.#rows = rows;
    this.#outputs = outputs;
  }

  /** The values of a field node, (count). */
  read(source: FieldSource, count: number): Tensor {
    const { tf } = this.#arithmetic;
    const key = keyOf(source);
    let column = this.#columns.get(key);
    if (column === undefined) {
      const rows = this.#rows[source.pass];
      const flat = this.#flattened(source);
      if (flat === null) column = this.#arithmetic.filled([count], 0);
      else if (flat.size === count) column = flat;
      else column = tf.slice(flat, [source.field * rows + source.offset], [count]);
      this.#columns.set(key, column);
    }
    return column;
  }

  /** Adds to the adjoint of a field node. */
  receive(source: FieldSource, count: number, bar: Tensor): void {
    const key = keyOf(source);
    const piece = this.#pieces.get(key);
    if (piece === undefined) this.#pieces.set(key, { source, count, sum: bar });
    else piece.sum = this.#arithmetic.tf.add(piece.sum, bar);
  }

  /** The adjoint of every component of a pass: (rows, fields), (1, fields) or null, as the output was. */
  bars(pass: number): MaybeTensor[] {
    const arithmetic = this.#arithmetic;
    const { tf } = arithmetic;
    const rows = this.#rows[pass];
    return this.#outputs[pass].map((output, component) => {
      if (output === null) return null;
      const fields = output.shape[1]!;
      const pieces = [...this.#pieces.values()]
        .filter(({ source }) => source.pass === pass && source.component === component)
        .map(({ source, count, sum }) => ({ start: source.field * rows + source.offset, count, sum }))
        .sort((a, b) => a.start - b.start);
      if (pieces.length === 0) return null;
      const parts: Tensor[] = [];
      let position = 0;
      const gap = (end: number): void => {
        if (end > position) parts.push(arithmetic.filled([end - position], 0));
      };
      for (const { start, count, sum } of pieces) {
        gap(start);
        parts.push(sum);
        position = start + count;
      }
      gap(rows * fields);
      const flat = parts.length === 1 ? parts[0] : tf.concat(parts, 0);
      const bar = arithmetic.transpose(tf.reshape(flat, [fields, rows]));
      return output.shape[0] === 1 ? arithmetic.rowSum(bar) : bar;
    });
  }

  /** One component of a pass, field after field: (fields·rows). */
  #flattened({ pass, component }: FieldSource): MaybeTensor {
    const key = `${pass}:${component}`;
    let flat = this.#flat.get(key);
    if (flat === undefined) {
      const { tf } = this.#arithmetic;
      const output = this.#outputs[pass][component];
      const rows = this.#rows[pass];
      if (output === null) flat = null;
      else {
        const full =
          output.shape[0] === rows ? output : tf.add(output, this.#arithmetic.filled([rows, 1], 0));
        flat = tf.reshape(this.#arithmetic.transpose(full), [-1]);
      }
      this.#flat.set(key, flat);
    }
    return flat;
  }
}

function keyOf({ pass, component, field, offset }: FieldSource): string {
  return `${pass}:${component}:${field}:${offset}`;
}
