/** The gradient of max-pooling: all of it goes to the pixel that was the greatest. */

/** Windows over images of (N, height, width, channels), as tfjs computes them. */
export interface PoolingWindows {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly effectiveFilterHeight: number;
  readonly effectiveFilterWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padInfo: { readonly top: number; readonly left: number };
}

/**
 * ∂L/∂x of y = max over windows of x; of equal pixels the first counts.
 *
 * @param x  (N, height, width, channels), row-major
 * @param dy  ∂L/∂y, (N, outputs high, outputs wide, channels)
 */
export function maxPoolGradient(
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  windows: PoolingWindows,
): Float32Array {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = windows;
  const dx = new Float32Array(batchSize * inHeight * inWidth * inChannels);
  let output = 0;
  for (let n = 0; n < batchSize; n++)
    for (let p = 0; p < outHeight; p++) {
      const top = p * windows.strideHeight - padInfo.top;
      const bottom = Math.min(inHeight, top + windows.effectiveFilterHeight);
      for (let q = 0; q < outWidth; q++) {
        const left = q * windows.strideWidth - padInfo.left;
        const right = Math.min(inWidth, left + windows.effectiveFilterWidth);
        for (let c = 0; c < inChannels; c++, output++) {
          let greatest = Number.NEGATIVE_INFINITY;
          let where = -1;
          for (let u = top; u < bottom; u += windows.dilationHeight) {
            if (u < 0) continue;
            for (let v = left; v < right; v += windows.dilationWidth) {
              if (v < 0) continue;
              const at = ((n * inHeight + u) * inWidth + v) * inChannels + c;
              if (x[at] > greatest) {
                greatest = x[at];
                where = at;
              }
            }
          }
          if (where >= 0) dx[where] += dy[output];
        }
      }
    }
  return dx;
}
