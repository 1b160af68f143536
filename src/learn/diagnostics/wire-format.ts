/** The few kinds of fields of protocol buffers that event files have. */

/** Fields of a message one after the other, in the order of their calls; zero is written too. */
export class MessageWriter {
  readonly #bytes: number[] = [];

  #varint(value: number): void {
    // Whole numbers up to 2⁵³ are beyond the reach of bit operations.
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes.push(rest);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #append(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** @param value  a whole number from 0 to 2⁵³ − 1 */
  integer(field: number, value: number): this {
    this.#tag(field, 0);
    this.#varint(value);
    return this;
  }

  double(field: number, value: number): this {
    this.#tag(field, 1);
    this.#append(littleEndian([value]));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, 5);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#append(bytes);
    return this;
  }

  /** Also a message inside another. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#append(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A packed list. */
  doubles(field: number, values: ArrayLike<number>): this {
    return this.bytes(field, littleEndian(values));
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

function littleEndian(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < values.length; n++) view.setFloat64(8 * n, values[n], true);
  return bytes;
}
