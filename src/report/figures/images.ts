/** Small pictures side by side. */
import type { ImagePanel } from '../report-section.ts';
import { extent, figureText, layout, type Panel } from './figure.ts';
import { color } from './palette.ts';

const white = '#ffffff';
const scales = {
  ink: [
    [0, white],
    [1, '#101010'],
  ],
  signed: [
    [0, '#2166ac'],
    [0.5, '#f7f7f7'],
    [1, '#b2182b'],
  ],
  value: 'Viridis',
} as const;

/** Pixels between pictures, and those left for a word above them, as shares of a picture's height. */
const gap = 0.08;
const word = 0.22;
/** Height of a row of pictures in rem where there are so many in it. */
const rowHeight = (perRow: number): number => Math.max(3, Math.min(9, 44 / perRow));

function colorRange({ colors, range, images }: ImagePanel): readonly [number, number] {
  if (range !== undefined) return range;
  const [low, high] = extent(...images.map(({ pixels }) => pixels)) ?? [0, 1];
  if (colors !== 'signed') return [low, high];
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return [-largest, largest];
}

export function imagePanel(panel: ImagePanel, description: string): Panel {
  const [height, width] = panel.size;
  const perRow = panel.perRow ?? Math.ceil(Math.sqrt(1.6 * panel.images.length));
  const labelled = panel.images.some(({ label }) => label !== undefined);
  const space = Math.max(1, Math.round(gap * height));
  const above = labelled ? Math.max(2, Math.round(word * height)) : 0;
  const rows = Math.ceil(panel.images.length / perRow);
  const used = Math.min(perRow, panel.images.length);
  const mosaic = Array.from({ length: rows * (height + space + above) }, () =>
    new Array<number | null>(used * (width + space)).fill(null),
  );
  const annotations = panel.images.flatMap(({ pixels, label }, n) => {
    const top = Math.floor(n / perRow) * (height + space + above) + above;
    const left = (n % perRow) * (width + space);
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        mosaic[top + i][left + j] = Number(pixels[i * width + j].toPrecision(3));
    if (label === undefined) return [];
    const font = { size: 11, color: color('ink') };
    const place = { x: left + (width - 1) / 2, y: top - 0.7, yanchor: 'bottom' };
    return [{ text: figureText(label), showarrow: false, font, ...place }];
  });
  const [zmin, zmax] = colorRange(panel);
  const signed = panel.colors === 'signed';
  const blank = { visible: false, constrain: 'domain' };
  return {
    title: panel.title,
    description,
    traces: [
      {
        type: 'heatmap',
        z: mosaic,
        zmin,
        zmax,
        colorscale: scales[panel.colors ?? 'ink'],
        showscale: signed || panel.colors === 'value',
        colorbar: { thickness: 10, outlinewidth: 0, tickfont: { color: color('muted'), size: 11 } },
        hovertemplate: '%{z:.3~g}<extra></extra>',
      },
    ],
    layout: layout({ ...blank }, { ...blank, autorange: 'reversed', scaleanchor: 'x' }, { annotations }),
    height: Math.round(2 + rows * rowHeight(used) * (1 + (space + above) / height) * (height / width)),
  };
}
