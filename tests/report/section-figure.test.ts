import { describe, expect, test } from 'vitest';
import { sectionFigure } from '../../src/report/figures/section-figure.ts';
import type { SectionPanel } from '../../src/report/report-section.ts';

const figureOf = (...panels: SectionPanel[]) => sectionFigure({ caption: 'A figure.', panels }, 'figure');

describe('pictures', () => {
  const pixels = [0, 1, 2, 3, 4, 5];
  const [panel] = figureOf({
    size: [2, 3],
    images: [{ pixels }, { pixels: pixels.map((p) => 10 * p) }],
    perRow: 2,
  }).panels;
  const mosaic = panel.traces[0].z as (number | null)[][];

  test('stand beside each other, their upper rows first, with a gap', () => {
    expect(mosaic[0]).toEqual([0, 1, 2, null, 0, 10, 20, null]);
    expect(mosaic[1]).toEqual([3, 4, 5, null, 30, 40, 50, null]);
    expect(panel.layout).toMatchObject({ yaxis: { autorange: 'reversed', scaleanchor: 'x' } });
  });

  test('share one scale of colours', () => {
    expect(panel.traces[0]).toMatchObject({ zmin: 0, zmax: 50 });
  });

  test('with a sign have zero in the middle of the colours', () => {
    const [signed] = figureOf({ size: [1, 2], images: [{ pixels: [-1, 3] }], colors: 'signed' }).panels;
    expect(signed.traces[0]).toMatchObject({ zmin: -3, zmax: 3 });
  });
});

test('a matrix shows each entry in its row and column', () => {
  const labels = ['a', 'b'];
  const [panel] = figureOf({
    rows: { name: 'true', labels },
    columns: { name: 'predicted', labels },
    entries: [7, 1, 2, 9],
  }).panels;
  expect(panel.traces[0].z).toEqual([
    [7, 1],
    [2, 9],
  ]);
  const texts = (panel.layout.annotations as { x: number; y: number; text: string }[]).map(
    ({ x, y, text }) => [x, y, text],
  );
  expect(texts).toContainEqual([1, 0, '1']);
  expect(texts).toContainEqual([0, 1, '2']);
});

describe('an animated plot', () => {
  const frame = (label: string, values: number[]) => ({
    label,
    curves: [{ name: 'samples', mark: 'bars' as const, curve: { at: [0, 1], values } }],
  });
  const axes = { horizontal: { name: 'x' }, vertical: { name: 'count' } };

  test('has a frame for each state, over axes that hold for all', () => {
    const [panel] = figureOf({ ...axes, frames: [frame('0', [1, 2]), frame('1', [5, 3])] }).panels;
    expect(panel.frames).toHaveLength(2);
    expect(panel.frames![1].data[0].y).toEqual([5, 3]);
    const [low, high] = (panel.layout.yaxis as { range: [number, number] }).range;
    expect(low).toBeLessThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(5);
  });

  test('refuses a frame with other curves', () => {
    const other = { label: '1', curves: [{ ...frame('1', [1, 2]).curves[0], name: 'others' }] };
    expect(() => figureOf({ ...axes, frames: [frame('0', [1, 2]), other] })).toThrow(
      /frames\[1\].*first frame|first frame/,
    );
  });
});

test('one name has one colour in all panels of a figure', () => {
  const curve = { at: [0, 1], values: [0, 1] };
  const axes = { horizontal: { name: 'x' }, vertical: { name: 'y' } };
  const figure = figureOf(
    {
      ...axes,
      curves: [
        { name: 'first', curve },
        { name: 'second', curve },
      ],
    },
    {
      coordinates: [{ name: 'x' }, { name: 'y' }],
      grid: { horizontal: [0, 1], vertical: [0, 1] },
      values: [0, 1, 2, 3],
      curves: [{ name: 'second', curve }],
    },
  );
  const strokeOf = (trace: unknown) => (trace as { line: { color: string } }).line.color;
  expect(strokeOf(figure.panels[1].traces[1])).toBe(strokeOf(figure.panels[0].traces[1]));
  expect(figure.legend.map(({ label }) => label)).toEqual(['first', 'second']);
});
