/** Handwritten digits, drawn: any number of them by a seed, with nothing to download. */
import { ProblemError } from '../../errors.ts';
import { type RandomGenerator, randomGenerator, streamSeed } from '../../random/generator.ts';
import { digitStrokes, type Stroke } from './digit-strokes.ts';
import type { LabelledImages } from './labelled-images.ts';

export interface DigitOptions {
  readonly count: number;
  readonly seed: number;
  /** Pixels of a side; default 28. */
  readonly side?: number;
  /** How far the writing strays: 0 is print, 1 the default. */
  readonly distortion?: number;
  /** Standard deviation of what is added to each pixel before it is cut to [0, 1]; default 0.05. */
  readonly noise?: number;
  /** Which digits; default all ten. */
  readonly digits?: readonly number[];
}

interface Segment {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

const piecesOfArc = 20;

function pointsOf(stroke: Stroke): (readonly [number, number])[] {
  if ('line' in stroke) {
    // Cut finely enough to be bent by the waves of a hand.
    return stroke.line.flatMap((end, k) => {
      if (k === 0) return [end];
      const start = stroke.line[k - 1];
      return Array.from({ length: 6 }, (_, i): [number, number] => {
        const s = (i + 1) / 6;
        return [start[0] + s * (end[0] - start[0]), start[1] + s * (end[1] - start[1])];
      });
    });
  }
  const { center, radii, turns } = stroke;
  return Array.from({ length: piecesOfArc + 1 }, (_, i): [number, number] => {
    const angle = 2 * Math.PI * (turns[0] + ((turns[1] - turns[0]) * i) / piecesOfArc);
    return [center[0] + radii[0] * Math.cos(angle), center[1] + radii[1] * Math.sin(angle)];
  });
}

/** A map of the unit square's strokes to pixels: scale, slant, turn, shift, and a slow wave. */
function handwriting(random: RandomGenerator, side: number, distortion: number) {
  const spread = (size: number): number => distortion * size * Math.max(-2.2, Math.min(2.2, random.normal()));
  const angle = spread(0.12);
  const slant = spread(0.15);
  const [across, down] = [0.6 * (1 + spread(0.1)), 0.72 * (1 + spread(0.08))];
  const shift = [spread(0.035), spread(0.035)];
  const wave = [spread(0.022), spread(0.022)];
  const phase = [2 * Math.PI * random.uniform(), 2 * Math.PI * random.uniform()];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return ([x, y]: readonly [number, number]): [number, number] => {
    const u = across * (x - 0.5 + wave[0] * Math.sin(2 * Math.PI * y + phase[0])) - slant * (y - 0.5);
    const v = down * (y - 0.5 + wave[1] * Math.sin(2 * Math.PI * x + phase[1]));
    return [
      side * (0.5 + cosine * u - sine * v + shift[0]) - 0.5,
      side * (0.5 + sine * u + cosine * v + shift[1]) - 0.5,
    ];
  };
}

function squaredDistance(x: number, y: number, { from, to }: Segment): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const along = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy || 1);
  const s = Math.max(0, Math.min(1, along));
  return (x - from[0] - s * dx) ** 2 + (y - from[1] - s * dy) ** 2;
}

/** Ink of a pen of half-width `reach` (pixels) along the segments; its edge falls off over a pixel. */
function drawInk(image: Float32Array, side: number, segments: readonly Segment[], reach: number): void {
  const border = reach + 0.7;
  for (const segment of segments) {
    const { from, to } = segment;
    const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
    const [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
    for (let y = Math.max(0, Math.ceil(top - border)); y <= Math.min(side - 1, bottom + border); y++)
      for (let x = Math.max(0, Math.ceil(left - border)); x <= Math.min(side - 1, right + border); x++) {
        const ink = (border - Math.sqrt(squaredDistance(x, y, segment))) / 1.4;
        if (ink > image[y * side + x]) image[y * side + x] = Math.min(1, ink);
      }
  }
}

/**
 * Digits as people write them: strokes of a pen under a random affine map (size, slant, turn, place) and a slow
 * wave, of random thickness, with noise. Labels are uniform over `digits`. The n-th image does not depend on how many
 * are drawn, so that images from `count` on, of a larger set, are new ones under the same seed.
 *
 * @throws ProblemError for a count, a side or a digit that is none
 */
export function drawnDigits({
  count,
  seed,
  side = 28,
  distortion = 1,
  noise = 0.05,
  digits = digitStrokes.map((_, digit) => digit),
}: DigitOptions): LabelledImages {
  if (!Number.isInteger(count) || count < 1)
    throw new ProblemError(`${count} is no number of images`, { path: 'count', hint: 'give 1 or more' });
  if (!Number.isInteger(side) || side < 8)
    throw new ProblemError(`a picture of ${side} pixels shows no digit`, {
      path: 'side',
      hint: 'give 8 or more',
    });
  const unknown = digits.findIndex((digit) => digitStrokes[digit] === undefined);
  if (unknown >= 0 || digits.length === 0)
    throw new ProblemError(`${digits[unknown]} is no digit`, {
      path: `digits[${unknown}]`,
      hint: 'give some of 0 to 9',
    });
  const images = new Float32Array(count * side * side);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const random = randomGenerator(streamSeed(seed, n));
    labels[n] = digits[random.integer(digits.length)];
    const ways = digitStrokes[labels[n]];
    const place = handwriting(random, side, distortion);
    const strokes = ways[random.integer(ways.length)].map((stroke) => pointsOf(stroke).map(place));
    const segments = strokes.flatMap((points) => points.slice(1).map((to, k) => ({ from: points[k], to })));
    const reach = (side / 28) * (1.1 + 0.35 * distortion * Math.max(-1.8, Math.min(1.8, random.normal())));
    const image = images.subarray(n * side * side, (n + 1) * side * side);
    drawInk(image, side, segments, reach);
    if (noise > 0)
      for (let i = 0; i < image.length; i++)
        image[i] = Math.max(0, Math.min(1, image[i] + noise * random.normal()));
  }
  return { images, labels, count, size: [side, side] };
}
