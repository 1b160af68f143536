/** Images with what they show, as plain numbers. */
export interface LabelledImages {
  /** (count, height, width), row-major from the upper left corner; 0 is paper, 1 is ink. */
  readonly images: Float32Array;
  /** What each shows, (count). */
  readonly labels: Uint8Array;
  readonly count: number;
  /** Height and width in pixels. */
  readonly size: readonly [number, number];
}

/** Some of the images, in the order of `positions`. */
export function imagesAt(data: LabelledImages, positions: ArrayLike<number>): LabelledImages {
  const pixels = data.size[0] * data.size[1];
  const images = new Float32Array(positions.length * pixels);
  const labels = new Uint8Array(positions.length);
  for (let n = 0; n < positions.length; n++) {
    images.set(data.images.subarray(positions[n] * pixels, (positions[n] + 1) * pixels), n * pixels);
    labels[n] = data.labels[positions[n]];
  }
  return { images, labels, count: positions.length, size: data.size };
}

/** The pixels of one image, (height, width). */
export function pixelsOf(data: LabelledImages, position: number): Float32Array {
  const pixels = data.size[0] * data.size[1];
  return data.images.subarray(position * pixels, (position + 1) * pixels);
}
