/** IDX, the format of the MNIST files. */
import { ProblemError } from '../../errors.ts';
import type { LabelledImages } from './labelled-images.ts';

/** An array as an IDX file holds it. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** All entries, the last index running fastest. */
  readonly values: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

type Reader = (view: DataView, offset: number) => number;
const types: Readonly<
  Record<number, { bytes: number; read: Reader; make: (n: number) => IdxArray['values'] }>
> = {
  8: { bytes: 1, read: (view, at) => view.getUint8(at), make: (n) => new Uint8Array(n) },
  9: { bytes: 1, read: (view, at) => view.getInt8(at), make: (n) => new Int8Array(n) },
  11: { bytes: 2, read: (view, at) => view.getInt16(at), make: (n) => new Int16Array(n) },
  12: { bytes: 4, read: (view, at) => view.getInt32(at), make: (n) => new Int32Array(n) },
  13: { bytes: 4, read: (view, at) => view.getFloat32(at), make: (n) => new Float32Array(n) },
  14: { bytes: 8, read: (view, at) => view.getFloat64(at), make: (n) => new Float64Array(n) },
};

/**
 * Reads an IDX file: two zero bytes, a type, the number of dimensions, the dimensions, then the entries, all
 * big-endian (LeCun, Cortes & Burges, The MNIST database of handwritten digits).
 *
 * @param bytes  of the file, unpacked
 * @param name  of the file, for messages
 * @throws ProblemError where it is no IDX file, or is cut off
 */
export function idxArray(bytes: Uint8Array, name = 'the file'): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 ? undefined : types[bytes[2]];
  if (type === undefined) {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    throw new ProblemError(`${name} is no IDX file`, {
      path: name,
      hint: packed
        ? 'it is packed by gzip: unpack it first'
        : 'it should begin with two zero bytes and a type',
    });
  }
  const dimensions = bytes[3];
  const start = 4 + 4 * dimensions;
  const cut = (): never => {
    throw new ProblemError(`${name} is cut off after ${bytes.length} bytes`, {
      path: name,
      hint: 'fetch it again',
    });
  };
  if (bytes.length < start) cut();
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  const count = shape.reduce((product, side) => product * side, 1);
  if (bytes.length < start + count * type.bytes) cut();
  const values = type.make(count);
  for (let i = 0; i < count; i++) values[i] = type.read(view, start + i * type.bytes);
  return { shape, values };
}

/**
 * Images with labels from the two IDX files of a set such as MNIST; bytes 0 to 255 become ink 0 to 1.
 *
 * @throws ProblemError where the files do not fit each other
 */
export function imagesFromIdx(images: IdxArray, labels: IdxArray): LabelledImages {
  const [count, height, width] = images.shape;
  if (images.shape.length !== 3 || !(images.values instanceof Uint8Array))
    throw new ProblemError(`an array of shape ${images.shape.join(' × ')} holds no images`, {
      path: 'images',
      hint: 'give bytes of shape count × height × width; were the two files exchanged?',
    });
  if (labels.shape.length !== 1 || labels.shape[0] !== count)
    throw new ProblemError(`labels of shape ${labels.shape.join(' × ')} for ${count} images`, {
      path: 'labels',
      hint: 'give the file that belongs to the images',
    });
  return {
    images: Float32Array.from(images.values, (byte) => byte / 255),
    labels: Uint8Array.from(labels.values),
    count,
    size: [height, width],
  };
}
