/** What can be measured on the image of a written character: its ink, size and slant. */
import type { LabelledImages } from '../data/labelled-images.ts';

export interface InkMoments {
  /** Sum of the pixels: how thick, and how long, the line is. */
  readonly ink: Float64Array;
  /** Standard deviations of the ink across and down, in pixels. */
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** Pixels to the right for each one up: positive leans to the right. */
  readonly slant: Float64Array;
}

/**
 * Moments up to the second of images as distributions of ink (Hu, Visual pattern recognition by moment invariants, IRE
 * Trans. Inf. Theory 8 (1962)): slant is −μ₁₁/μ₀₂, as rows are counted downwards. One number for each image; pixels
 * below `paper` are paper.
 *
 * @param paper  default 0.2
 */
export function inkMoments(
  { images, count, size: [high, wide] }: Omit<LabelledImages, 'labels'>,
  paper = 0.2,
): InkMoments {
  const empty = () => new Float64Array(count);
  const [ink, width, height, slant] = [empty(), empty(), empty(), empty()];
  for (let n = 0; n < count; n++) {
    let [mass, x, y, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < high * wide; i++) {
      const pixel = images[n * high * wide + i];
      if (!(pixel > paper)) continue;
      const [column, row] = [i % wide, Math.floor(i / wide)];
      mass += pixel;
      x += pixel * column;
      y += pixel * row;
      xx += pixel * column * column;
      xy += pixel * column * row;
      yy += pixel * row * row;
    }
    ink[n] = mass;
    if (mass === 0) continue;
    const down = Math.max(0, yy / mass - (y / mass) ** 2);
    width[n] = Math.sqrt(Math.max(0, xx / mass - (x / mass) ** 2));
    height[n] = Math.sqrt(down);
    slant[n] = down > 0 ? -(xy / mass - (x * y) / mass ** 2) / down : 0;
  }
  return { ink, width, height, slant };
}
