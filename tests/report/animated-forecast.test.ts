import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { forecastFigure } from '../../src/report/figures/animated-forecast.ts';
import { LIGHT } from '../../src/report/figures/palette.ts';
import { renderReport } from '../../src/report/html-report.ts';
import type { ForecastAnimation, ReportData } from '../../src/report/report-data.ts';

const at = Array.from({ length: 31 }, (_, t) => t);
const rate = 0.2;
const truth = at.map((t) => Math.exp(-rate * t));

/** Decay seen for one, two, … days; the band narrows with the days. */
const animation: ForecastAnimation = {
  coordinate: { name: 't', unit: 'days' },
  bandName: '95% band',
  referenceName: 'what made the data',
  frames: Array.from({ length: 8 }, (_, day) => ({
    label: `day ${day + 1}`,
    from: day + 1,
    fields: ['u', 'v'].map((name, f) => {
      const values = truth.map((u, t) => (f + 1) * u * (1 + (0.01 * t) / (day + 1)));
      const width = at.map((t) => (0.1 * t) / (day + 1) ** 2);
      return {
        name,
        solution: { at, values },
        reference: { at, values: truth.map((u) => (f + 1) * u) },
        band: { at, low: values.map((v, t) => v - width[t]), high: values.map((v, t) => v + width[t]) },
        data: { at: at.slice(0, day + 2), values: truth.slice(0, day + 2).map((u) => (f + 1) * u) },
        later: { at: at.slice(day + 2), values: truth.slice(day + 2).map((u) => (f + 1) * u) },
      };
    }),
  })),
};

const report: ReportData = {
  title: 'Decay, day by day',
  settings: { engine: 'f64', optimizer: 'lm', seed: 0 },
  forecasts: animation,
};

type Drawn = { readonly x: number[]; readonly y: number[]; readonly name: string };

describe('an animated forecast', () => {
  const figure = forecastFigure(animation)!;
  const [panel] = figure.panels;
  const layout = panel.layout as Record<string, never>;

  it('has a frame for each forecast, with all traces in the order of the first', () => {
    expect(panel.frames).toHaveLength(8);
    panel.frames!.forEach((frame, day) => {
      expect(frame.data).toHaveLength(panel.traces.length);
      const named = (name: string): Drawn =>
        frame.data[panel.traces.findIndex((trace) => trace['name'] === name)] as unknown as Drawn;
      expect(named('seen').x).toEqual(at.slice(0, day + 2));
      expect(named('today').x).toEqual([day + 1, day + 1]);
      expect(named('forecast').y).toBe(animation.frames[day].fields[0].solution.values);
    });
    expect(panel.traces.map(({ x }) => x)).toEqual(panel.frames![0].data.map(({ x }) => x));
  });

  it('has a step of the slider for each frame, by its name, and buttons to play and stop', () => {
    const { sliders, updatemenus } = layout as unknown as {
      sliders: { steps: { label: string; args: [string[], unknown] }[] }[];
      updatemenus: { buttons: { label: string }[] }[];
    };
    expect(sliders[0].steps.map(({ args }) => args[0][0])).toEqual(panel.frames!.map(({ name }) => name));
    expect(sliders[0].steps[2].label).toBe('day 3');
    expect(updatemenus[0].buttons.map(({ label }) => label)).toEqual(['Play', 'Stop']);
  });

  it('keeps its axes, so that frames can be compared, and no band takes them over', () => {
    const range = (layout['yaxis'] as { range: [number, number] }).range;
    const drawn = animation.frames.flatMap(({ fields }) => Array.from(fields[0].solution.values));
    expect(range[0]).toBeLessThan(Math.min(...drawn));
    expect(range[1]).toBeGreaterThan(Math.max(...drawn));
    const lowest = Math.min(...animation.frames.flatMap(({ fields }) => Array.from(fields[0].band!.low)));
    expect(lowest).toBeLessThan(-2);
    expect(range[0]).toBeGreaterThan(-0.5);
  });

  it('uses only colours that both schemes hold', () => {
    for (const [, name] of JSON.stringify(figure.panels).matchAll(/"@(\w+)"/g))
      expect(LIGHT).toHaveProperty(name);
  });

  it('stands in the report with its frames, and is absent without them', async () => {
    const html = await renderReport(report, { plotly: '' });
    const data = JSON.parse(/id="figure-data">(.*?)<\/script>/s.exec(html)![1]);
    expect(data[0].panels[0].frames).toHaveLength(8);
    expect(html).toContain('role="group"');
    expect(forecastFigure(undefined)).toBeNull();
    expect(forecastFigure({ ...animation, frames: [] })).toBeNull();
  });

  it('is refused where lengths differ', async () => {
    const [first, ...rest] = animation.frames;
    const [u, ...others] = first.fields;
    const short = { ...first, fields: [{ ...u, solution: { at, values: [1] } }, ...others] };
    const fewer = { ...first, fields: others };
    for (const frames of [
      [short, ...rest],
      [...rest, fewer],
    ])
      await expect(
        renderReport({ ...report, forecasts: { ...animation, frames } }, { plotly: '' }),
      ).rejects.toThrow(ProblemError);
  });
});
