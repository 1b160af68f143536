/** A classifier over the plane, as a map under its points. */
import type { MapPanel } from 'ansatz';
import type { LabelledPoints } from 'ansatz/learn';

/** @param value  what is shown at a point: a class, or the probability of class 1 */
export function boundaryMap(
  title: string,
  { points, labels, count }: LabelledPoints,
  value: (x: number, y: number) => number,
  side = 81,
): MapPanel {
  const axis = (k: number): number[] => {
    const own = Array.from({ length: count }, (_, n) => points[2 * n + k]);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    const room = 0.1 * (high - low);
    return Array.from({ length: side }, (_, i) => low - room + ((high - low + 2 * room) * i) / (side - 1));
  };
  const [horizontal, vertical] = [axis(0), axis(1)];
  const classes = Math.max(...labels) + 1;
  return {
    title: { name: title },
    coordinates: [{ name: 'x1' }, { name: 'x2' }],
    grid: { horizontal, vertical },
    values: vertical.flatMap((y) => horizontal.map((x) => value(x, y))),
    range: [0, classes - 1],
    equalScale: true,
    curves: Array.from({ length: classes }, (_, k) => {
      const own = Array.from(labels.keys()).filter((n) => labels[n] === k);
      return {
        name: `class ${k}`,
        mark: 'circle',
        curve: { at: own.map((n) => points[2 * n]), values: own.map((n) => points[2 * n + 1]) },
      };
    }),
  };
}
