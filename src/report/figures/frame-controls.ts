/** Play, Stop and a slider under a plot of frames. */
import { figureText } from './figure.ts';
import { color } from './palette.ts';

/** Shown as they are at once: a curve halfway between two forecasts would be nobody's. */
const atOnce = { mode: 'immediate', transition: { duration: 0 } };

/** @param labels  of the frames, whose names are '0', '1', … */
export function frameControls(labels: readonly string[], secondsPerFrame: number): Record<string, unknown> {
  const font = { color: color('ink') };
  const box = { bgcolor: color('paper'), bordercolor: color('muted'), font };
  const frame = (duration: number): object => ({ ...atOnce, frame: { duration, redraw: true } });
  return {
    updatemenus: [
      {
        type: 'buttons',
        direction: 'left',
        showactive: false,
        ...box,
        x: 0,
        xanchor: 'left',
        y: 0,
        yanchor: 'top',
        pad: { t: 62, r: 8 },
        buttons: [
          {
            label: 'Play',
            method: 'animate',
            args: [null, { ...frame(1000 * secondsPerFrame), fromcurrent: true }],
          },
          { label: 'Stop', method: 'animate', args: [[null], frame(0)] },
        ],
      },
    ],
    sliders: [
      {
        active: 0,
        ...box,
        activebgcolor: color('network'),
        tickcolor: color('muted'),
        x: 0,
        y: 0,
        len: 1,
        pad: { t: 44, l: 132 },
        currentvalue: { font, xanchor: 'left', offset: 8 },
        ticklen: 4,
        steps: labels.map((label, i) => ({
          label: figureText(label),
          value: String(i),
          method: 'animate',
          args: [[String(i)], frame(0)],
        })),
      },
    ],
  };
}
