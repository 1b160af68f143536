/** An image moved by whole pixels. */

/**
 * (S_a x)(p) = x(p − a), zero where nothing comes from: what equivariance is told by.
 *
 * @param pixels  (height, width), row-major
 * @param by  rows down and columns to the right
 */
export function shiftedImage(
  pixels: ArrayLike<number>,
  [height, width]: readonly [number, number],
  [down, right]: readonly [number, number],
): Float32Array {
  return Float32Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width) - down, (i % width) - right];
    return row >= 0 && row < height && column >= 0 && column < width ? pixels[row * width + column] : 0;
  });
}
