/** The ten digits as strokes of a pen, two ways of writing for those that people write in two. */

/** A stroke: straight between its points, or an arc of an ellipse. Coordinates in [0, 1], y downward. */
export type Stroke =
  | { readonly line: readonly (readonly [number, number])[] }
  | {
      readonly center: readonly [number, number];
      readonly radii: readonly [number, number];
      /** Angles in turns, from the right and clockwise as y points down. */
      readonly turns: readonly [number, number];
    };

const line = (...points: readonly (readonly [number, number])[]): Stroke => ({ line: points });
const arc = (x: number, y: number, across: number, down: number, from: number, to: number): Stroke => ({
  center: [x, y],
  radii: [across, down],
  turns: [from, to],
});

/** Ways of writing each digit. */
export const digitStrokes: readonly (readonly (readonly Stroke[])[])[] = [
  [[arc(0.5, 0.5, 0.3, 0.46, 0, 1)]],
  [[line([0.5, 0.04], [0.5, 0.96])], [line([0.3, 0.25], [0.55, 0.04], [0.55, 0.96])]],
  [
    [arc(0.5, 0.3, 0.3, 0.26, 0.52, 1.1), line([0.743, 0.453], [0.18, 0.95], [0.84, 0.95])],
    [
      arc(0.5, 0.32, 0.28, 0.28, 0.55, 1.12),
      line([0.704, 0.512], [0.2, 0.93]),
      line([0.2, 0.93], [0.5, 0.85], [0.85, 0.95]),
    ],
  ],
  [
    [arc(0.46, 0.28, 0.28, 0.24, 0.55, 1.25), arc(0.46, 0.73, 0.32, 0.23, 0.75, 1.45)],
    [line([0.2, 0.06], [0.76, 0.06], [0.46, 0.42]), arc(0.46, 0.68, 0.32, 0.27, 0.75, 1.42)],
  ],
  [
    [line([0.62, 0.05], [0.14, 0.66], [0.88, 0.66]), line([0.66, 0.4], [0.66, 0.97])],
    [line([0.24, 0.06], [0.2, 0.5], [0.78, 0.5]), line([0.74, 0.06], [0.7, 0.96])],
  ],
  [[line([0.78, 0.05], [0.28, 0.05], [0.24, 0.44]), arc(0.46, 0.67, 0.32, 0.28, 0.62, 1.4)]],
  [
    [arc(0.48, 0.69, 0.28, 0.26, 0, 1), arc(0.84, 0.66, 0.64, 0.62, 0.5, 0.72)],
    [line([0.6, 0.04], [0.3, 0.42], [0.22, 0.66]), arc(0.48, 0.7, 0.27, 0.25, 0, 1)],
  ],
  [
    [line([0.16, 0.06], [0.84, 0.06], [0.42, 0.96])],
    [line([0.16, 0.08], [0.84, 0.06], [0.42, 0.96]), line([0.36, 0.5], [0.78, 0.5])],
  ],
  [[arc(0.5, 0.27, 0.24, 0.23, 0, 1), arc(0.5, 0.73, 0.3, 0.24, 0, 1)]],
  [
    [arc(0.5, 0.3, 0.28, 0.26, 0, 1), line([0.78, 0.3], [0.72, 0.96])],
    [arc(0.5, 0.3, 0.28, 0.26, 0, 1), arc(0.16, 0.34, 0.62, 0.62, 0, 0.21)],
  ],
];
