/** A reader of event files of its own: TFRecord frames by a bitwise CRC-32C, messages field by field. */

/** Long division of polynomials over GF(2), bit by bit. */
function castagnoli(bytes: Uint8Array): number {
  let remainder = 0xffffffffn;
  for (const byte of bytes)
    for (let bit = 0n; bit < 8n; bit++) {
      const top = (remainder & 1n) ^ ((BigInt(byte) >> bit) & 1n);
      remainder = (remainder >> 1n) ^ (top === 1n ? 0x82f63b78n : 0n);
    }
  return Number(remainder ^ 0xffffffffn);
}

function masked(check: number): number {
  const own = BigInt(check);
  return Number(((((own >> 15n) | (own << 17n)) & 0xffffffffn) + 0xa282ead8n) & 0xffffffffn);
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function recordsOf(bytes: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const view = viewOf(bytes.subarray(at));
    const length = Number(view.getBigUint64(0, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (view.getUint32(8, true) !== masked(castagnoli(bytes.subarray(at, at + 8))))
      throw new Error('the length of a record fails its check');
    if (view.getUint32(12 + length, true) !== masked(castagnoli(data)))
      throw new Error('a record fails its check');
    records.push(data);
    at += 16 + length;
  }
  return records;
}

type Field = number | Uint8Array;

/** Every field of a message by its number. */
function fieldsOf(bytes: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag & 7;
    let value: Field;
    if (kind === 0) value = varint();
    else if (kind === 1) {
      value = viewOf(bytes).getFloat64(at, true);
      at += 8;
    } else if (kind === 5) {
      value = viewOf(bytes).getFloat32(at, true);
      at += 4;
    } else if (kind === 2) {
      const length = varint();
      value = bytes.subarray(at, at + length);
      at += length;
    } else throw new Error(`wire type ${kind}`);
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const text = (field: Field | undefined): string => new TextDecoder().decode(field as Uint8Array);
const doubles = (field: Field | undefined): number[] => {
  const bytes = field as Uint8Array;
  return Array.from({ length: bytes.length / 8 }, (_, k) => viewOf(bytes).getFloat64(8 * k, true));
};

export interface ReadHistogram {
  readonly least: number;
  readonly greatest: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

export interface ReadEvent {
  readonly time: number;
  readonly step: number;
  readonly version?: string;
  readonly scalars: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, ReadHistogram>>;
}

export function readEvents(bytes: Uint8Array): ReadEvent[] {
  return recordsOf(bytes).map((record) => {
    const event = fieldsOf(record);
    const scalars: Record<string, number> = {};
    const histograms: Record<string, ReadHistogram> = {};
    const summary = event.get(5);
    const values = summary === undefined ? [] : (fieldsOf(summary[0] as Uint8Array).get(1) ?? []);
    for (const value of values) {
      const fields = fieldsOf(value as Uint8Array);
      const tag = text(fields.get(1)?.[0]);
      const scalar = fields.get(2)?.[0];
      const own = fields.get(5)?.[0];
      if (scalar !== undefined) scalars[tag] = scalar as number;
      if (own === undefined) continue;
      const parts = fieldsOf(own as Uint8Array);
      const [least, greatest, count, sum, sumOfSquares] = [1, 2, 3, 4, 5].map(
        (k) => parts.get(k)?.[0] as number,
      );
      histograms[tag] = {
        least,
        greatest,
        count,
        sum,
        sumOfSquares,
        limits: doubles(parts.get(6)?.[0]),
        counts: doubles(parts.get(7)?.[0]),
      };
    }
    const version = event.get(3)?.[0];
    return {
      time: event.get(1)?.[0] as number,
      step: (event.get(2)?.[0] as number | undefined) ?? 0,
      ...(version === undefined ? {} : { version: text(version) }),
      scalars,
      histograms,
    };
  });
}
