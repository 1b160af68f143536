/**
 * The file format of operator data, all numbers little-endian:
 *
 * | bytes | |
 * | --- | --- |
 * | 8 | the letters `ANSATZOD` |
 * | 4 | version, unsigned: 1 |
 * | 4 | length H of the header in bytes, unsigned, a multiple of 8 |
 * | H | the header: JSON in UTF-8, padded with spaces |
 * | rest | the arrays that the header names, in its order: doubles, row-major, without gaps |
 *
 * The header has the keys `problem`, `count`, `wanted`, `aligned`, `pointCount`, `sides`, `seed`, `failures` of
 * {@link OperatorData}, and `arrays`: `{ "name", "shape" }` each. Arrays are `input:<name>` (count, sensors), `points`
 * (pointCount, d) or (count, pointCount, d), `field:<name>` (count, pointCount), `errorEstimates` (count) and `draws`
 * (count).
 */
import { ProblemError } from '../../errors.ts';
import type { OperatorData } from './operator-data.ts';

const magic = 'ANSATZOD';
const version = 1;
const preamble = 16;

interface ArrayEntry {
  readonly name: string;
  readonly shape: readonly number[];
}

function arraysOf(data: OperatorData): (ArrayEntry & { readonly values: Float64Array })[] {
  const { count, pointCount, points, aligned } = data;
  const d = points.length / (pointCount * (aligned ? 1 : count)) || 0;
  const rows = (name: string, values: Float64Array) => ({
    name,
    shape: [count, count === 0 ? 0 : values.length / count],
    values,
  });
  return [
    ...Object.entries(data.inputs).map(([name, values]) => rows(`input:${name}`, values)),
    { name: 'points', shape: aligned ? [pointCount, d] : [count, pointCount, d], values: points },
    ...Object.entries(data.fields).map(([name, values]) => rows(`field:${name}`, values)),
    { name: 'errorEstimates', shape: [count], values: data.errorEstimates },
    ...(data.draws === undefined ? [] : [{ name: 'draws', shape: [count], values: data.draws }]),
  ];
}

/** The bytes of a file; see the top of this file for what stands in it. */
export function encodeOperatorData(data: OperatorData): Uint8Array {
  const arrays = arraysOf(data);
  const { problem, count, wanted, aligned, pointCount, sides, seed, failures } = data;
  const header = JSON.stringify({
    problem,
    count,
    wanted,
    aligned,
    pointCount,
    sides,
    seed,
    failures,
    arrays: arrays.map(({ name, shape }) => ({ name, shape })),
  });
  const text = new TextEncoder().encode(header);
  const headerLength = 8 * Math.ceil(text.length / 8);
  const size = arrays.reduce((sum, { values }) => sum + 8 * values.length, preamble + headerLength);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(8, version, true);
  view.setUint32(12, headerLength, true);
  bytes.fill(32, preamble, preamble + headerLength).set(text, preamble);
  let at = preamble + headerLength;
  for (const { values } of arrays)
    for (const value of values) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  return bytes;
}

/** @throws ProblemError where the bytes are no such file, or end too early */
export function decodeOperatorData(bytes: Uint8Array, path?: string): OperatorData {
  const refuse = (reason: string, hint?: string): never => {
    throw new ProblemError(reason, { path, hint });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < preamble || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic)
    refuse('this is no file of operator data', `such a file begins with the letters ${magic}`);
  const found = view.getUint32(8, true);
  if (found !== version)
    refuse(`operator data of version ${found} are not read`, `the version is ${version}`);
  const headerLength = view.getUint32(12, true);
  const begin = preamble + headerLength;
  if (bytes.length < begin) refuse('the file ends within its header');
  const header = parsed(new TextDecoder().decode(bytes.subarray(preamble, begin)), path);
  const { arrays, ...rest } = header;
  const values = new Map<string, Float64Array>();
  let at = begin;
  for (const { name, shape } of arrays) {
    const length = shape.reduce((product, n) => product * n, 1);
    if (bytes.length < at + 8 * length)
      refuse(`the file ends within the array ${name}`, 'it was cut off; make it anew');
    const start = at;
    values.set(
      name,
      Float64Array.from({ length }, (_, i) => view.getFloat64(start + 8 * i, true)),
    );
    at += 8 * length;
  }
  if (bytes.length !== at) refuse(`${bytes.length - at} bytes follow the last array`);
  const starting = (prefix: string): Record<string, Float64Array> =>
    Object.fromEntries(
      [...values].flatMap(([name, array]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [],
      ),
    );
  const array = (name: string): Float64Array => values.get(name) ?? refuse(`the array ${name} is missing`);
  const draws = values.get('draws');
  return {
    ...rest,
    inputs: starting('input:'),
    fields: starting('field:'),
    points: array('points'),
    errorEstimates: array('errorEstimates'),
    ...(draws === undefined ? {} : { draws }),
  };
}

type Header = Omit<OperatorData, 'inputs' | 'fields' | 'points' | 'errorEstimates' | 'draws'> & {
  readonly arrays: readonly ArrayEntry[];
};

function parsed(text: string, path: string | undefined): Header {
  const wrong = (): never => {
    throw new ProblemError('the header of the operator data cannot be read', { path });
  };
  let header: Header;
  try {
    header = JSON.parse(text) as Header;
  } catch {
    return wrong();
  }
  const whole = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;
  const wellFormed =
    typeof header === 'object' &&
    header !== null &&
    typeof header.problem === 'object' &&
    [header.count, header.wanted, header.pointCount].every(whole) &&
    Array.isArray(header.failures) &&
    Array.isArray(header.arrays) &&
    header.arrays.every((a) => typeof a?.name === 'string' && Array.isArray(a.shape) && a.shape.every(whole));
  return wellFormed ? header : wrong();
}
