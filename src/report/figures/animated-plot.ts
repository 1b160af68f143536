/** A plot whose curves change from frame to frame. */
import { ProblemError } from '../../errors.ts';
import type { AnimatedPanel } from '../report-section.ts';
import { extent, type Panel } from './figure.ts';
import { frameControls } from './frame-controls.ts';
import { type Colors, curveTrace, plotLayout } from './section-curves.ts';

const secondsPerFrame = 0.4;
const height = 27;

/** @throws ProblemError where a frame has other curves than the first */
export function animatedPanel(plot: AnimatedPanel, description: string, colors: Colors): Panel {
  const { frames } = plot;
  const [{ curves: first }] = frames;
  for (const [i, { curves }] of frames.entries())
    if (curves.length !== first.length || curves.some(({ name }, k) => name !== first[k].name))
      throw new ProblemError('the curves are not those of the first frame', { path: `frames[${i}]` });
  const all = frames.flatMap(({ curves }) => curves);
  const horizontalRange = plot.horizontalRange ?? extent(...all.map(({ curve }) => curve.at)) ?? undefined;
  const [low, high] = extent(...all.map(({ curve }) => curve.values)) ?? [0, 1];
  const stands = all.some(({ mark }) => mark === 'bars');
  const verticalRange = plot.verticalRange ?? [stands ? Math.min(0, low) : low, high];
  const controls = frameControls(
    frames.map(({ label }) => label),
    secondsPerFrame,
  );
  const traces = frames.map(({ curves }) => curves.map((curve) => curveTrace(curve, colors)));
  return {
    title: plot.title,
    description,
    traces: traces[0],
    layout: plotLayout({ ...plot, horizontalRange, verticalRange }, controls),
    frames: traces.map((own, i) => ({
      name: String(i),
      data: own.map(({ x, y }) => ({ x, y })),
      traces: own.map((_, k) => k),
    })),
    height,
  };
}
