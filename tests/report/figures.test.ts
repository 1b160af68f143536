import { describe, expect, it } from 'vitest';
import { type Figure, figureText, thinned } from '../../src/report/figures/figure.ts';
import { lossFigure } from '../../src/report/figures/loss-history.ts';
import { DARK, LIGHT } from '../../src/report/figures/palette.ts';
import { parameterFigure } from '../../src/report/figures/parameter-paths.ts';
import { phaseLabels, phaseMarks } from '../../src/report/figures/phase-marks.ts';
import { residualFigure } from '../../src/report/figures/residuals.ts';
import { sliceFigure } from '../../src/report/figures/slices.ts';
import { surfaceFigure } from '../../src/report/figures/surfaces.ts';
import { trajectoryFigure } from '../../src/report/figures/trajectories.ts';
import { scriptJson } from '../../src/report/markup.ts';
import { FULL } from './sample.ts';

interface DrawnTrace {
  readonly name: string;
  readonly mode: string;
  readonly x: number[];
  readonly y: (number | null)[];
  readonly z: (number | null)[][];
  readonly zmin?: number;
  readonly zmax?: number;
}

/** The traces as they stand in the page. */
function drawn(figure: Figure | null, panel = 0): DrawnTrace[] {
  return JSON.parse(scriptJson(figure!.panels[panel].traces));
}

function byName(traces: readonly DrawnTrace[], name: string): DrawnTrace {
  return traces.find((trace) => trace.name === name)!;
}

const ALL = [
  trajectoryFigure(FULL.trajectories),
  surfaceFigure(FULL.surfaces),
  sliceFigure(FULL.surfaces),
  lossFigure(FULL.history),
  residualFigure(FULL.residuals),
  parameterFigure(FULL.parameters),
] as Figure[];

describe('every figure', () => {
  it('names both axes of every panel, describes it, and has a caption', () => {
    for (const figure of ALL) {
      expect(figure.caption).toMatch(/^[A-Z].*\.$/s);
      for (const panel of figure.panels) {
        const layout = panel.layout as Record<string, { title: { text: string } }>;
        expect(layout['xaxis'].title.text).not.toBe('');
        expect(layout['yaxis'].title.text).not.toBe('');
        expect(panel.description).not.toBe('');
      }
    }
  });

  it('uses only colours that both schemes hold', () => {
    expect(Object.keys(DARK)).toEqual(Object.keys(LIGHT));
    for (const figure of ALL) {
      for (const [, name] of JSON.stringify(figure.panels).matchAll(/"@(\w+)"/g))
        expect(LIGHT).toHaveProperty(name);
      for (const entry of figure.legend) expect(LIGHT).toHaveProperty(entry.color);
    }
  });

  it('is absent where its data are absent or empty', () => {
    const figures = [
      trajectoryFigure,
      surfaceFigure,
      sliceFigure,
      lossFigure,
      residualFigure,
      parameterFigure,
    ];
    for (const figure of figures) expect(figure(undefined)).toBeNull();
    expect(trajectoryFigure({ coordinate: { name: 't' }, fields: [] })).toBeNull();
    expect(lossFigure({ iterations: [], total: [] })).toBeNull();
    expect(residualFigure([])).toBeNull();
  });
});

describe('the trajectories', () => {
  it('hold solution, reference, band and observations', () => {
    const traces = drawn(ALL[0]);
    expect(byName(traces, 'network')).toMatchObject({ x: [0, 1, 2, 3], y: [3, 8.5, 26.25, 76.125] });
    expect(byName(traces, 'Dormand–Prince').y).toEqual([3, 8, 26, 76]);
    expect(byName(traces, '95% band, low').y).toEqual([1, 6, 20, 70]);
    expect(byName(traces, '95% band, high').y).toEqual([5, 11, 31, 81]);
    expect(byName(traces, 'data')).toMatchObject({ x: [1, 2], y: [7, 29], mode: 'markers' });
    expect(ALL[0].caption).toContain('observations (2 of I)');
  });

  it('show neither reference nor band nor observations that are not given', () => {
    const field = { name: 'u', solution: { at: [0, 1], values: [2, 3] } };
    const figure = trajectoryFigure({ coordinate: { name: 'x' }, fields: [field] })!;
    expect(figure.panels[0].traces).toHaveLength(1);
    expect(figure.legend).toHaveLength(1);
    expect(figure.caption).not.toMatch(/dashed|shaded|circles/);
  });
});

describe('the surfaces', () => {
  it('hold solution, reference and |error| row by row, the first two on one scale', () => {
    const [solution, reference, error] = [0, 1, 2].map((panel) => drawn(ALL[1], panel)[0]);
    expect(solution).toMatchObject({
      x: [0, 0.5, 1],
      y: [-1, 1],
      z: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      zmin: 1,
      zmax: 6,
    });
    expect(reference).toMatchObject({
      z: [
        [1, 2, 3],
        [4, 5.5, 6],
      ],
      zmin: 1,
      zmax: 6,
    });
    expect(error.z).toEqual([
      [0, 0, 0],
      [0, 0.5, 0],
    ]);
    expect(ALL[1].caption).toContain('0.5, lies at t = 0.5, x = 1');
  });

  it('are cut at the grid line nearest to what was asked, along either coordinate', () => {
    const traces = drawn(ALL[2]);
    expect(ALL[2].panels.map((panel) => panel.title?.name)).toEqual(['t = 0.5']);
    expect(byName(traces, 'network')).toMatchObject({ x: [-1, 1], y: [2, 5] });
    expect(byName(traces, 'collocation').y).toEqual([2, 5.5]);
    const across = sliceFigure({ ...FULL.surfaces!, slices: { coordinate: 1, at: [0.9] } });
    expect(byName(drawn(across), 'network')).toMatchObject({ x: [0, 0.5, 1], y: [4, 5, 6] });
  });

  it('are cut from first to last value by default, each grid line once', () => {
    const figure = sliceFigure({ ...FULL.surfaces!, slices: undefined })!;
    expect(figure.panels.map((panel) => panel.title?.name)).toEqual(['t = 0', 't = 0.5', 't = 1']);
  });

  it('leave gaps outside the domain', () => {
    const fields = [{ name: 'u', solution: [1, Number.NaN, 3, 4, 5, 6] }];
    const figure = surfaceFigure({ ...FULL.surfaces!, fields });
    expect(drawn(figure)[0].z[0]).toEqual([1, null, 3]);
    expect(drawn(figure)[0]).toMatchObject({ zmin: 1, zmax: 6 });
  });
});

describe('the loss history', () => {
  it('holds total and terms on a logarithmic axis, without what has no logarithm', () => {
    const traces = drawn(ALL[3]);
    expect(byName(traces, 'total')).toMatchObject({ x: [0, 10, 20], y: [1, 0.1, 0.01] });
    expect(traces[0].y).toEqual([0.6, null, 0.004]);
    expect((ALL[3].panels[0].layout['yaxis'] as { type: string }).type).toBe('log');
  });

  it('marks where later phases begin', () => {
    const marks = phaseMarks(FULL.history!.phases, 20, 1) as {
      shapes: { x0: number }[];
      annotations: { text: string }[];
    };
    expect(marks.shapes.map((shape) => shape.x0)).toEqual([10]);
    expect(marks.annotations.map((annotation) => annotation.text)).toEqual(['adam', 'lbfgs']);
    expect(phaseMarks([{ name: 'lm', start: 0 }], 20, 1)).toEqual({});
    const phase = (start: number) => ({ name: 'lbfgs, equations ×10', start });
    const far = [phase(0), phase(500)];
    expect(phaseLabels(far, 1000, 1)).toEqual(far.map(({ name }) => name));
    // Names that would overlap become numbers, and of numbers only those that have room.
    expect(phaseLabels([phase(0), phase(500), phase(501), phase(900)], 1000, 2)).toEqual(['1', '2', '', '4']);
  });

  it('is thinned when long, first and last point kept, and says so', () => {
    const iterations = Float64Array.from({ length: 50_000 }, (_, i) => i);
    const figure = lossFigure({ iterations, total: iterations.map((i) => 1 / (1 + i)) })!;
    const { x } = byName(drawn(figure), 'total');
    expect(x.length).toBeLessThanOrEqual(2001);
    expect([x[0], x[x.length - 1]]).toEqual([0, 49_999]);
    expect(figure.caption).toContain('Of 50000 points');
    expect(thinned(5, 10)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('the residuals', () => {
  it('are lines over one coordinate and decimal logarithms of magnitudes over two, six decades deep', () => {
    expect(drawn(ALL[4], 0)[0]).toMatchObject({ x: [0, 1, 2, 3], y: [0.001, -0.004, 0.002, 0] });
    expect(drawn(ALL[4], 1)[0].z).toEqual([
      [-1, -2, -7],
      [null, -3, -7],
    ]);
    expect(ALL[4].caption).toContain('dI/dt = beta*S*I/N: largest magnitude 0.004 at t = 1.');
    expect(ALL[4].caption).toContain('u_t = u_xx: largest magnitude 0.1 at t = 0, x = −1.');
  });
});

describe('the parameter paths', () => {
  it('hold each unknown with its reference as a level line', () => {
    const traces = drawn(ALL[5]);
    expect(byName(traces, 'network')).toMatchObject({ x: [0, 10, 20], y: [1, 1.5, 1.7] });
    expect(byName(traces, 'shooting')).toMatchObject({ x: [0, 20], y: [1.69, 1.69] });
    expect((ALL[5].panels[0].layout['yaxis'] as { title: { text: string } }).title.text).toBe('β (1/day)');
  });
});

it('text in figures cannot become markup', () => {
  expect(figureText('<a href="x">u</a> & $v$')).not.toMatch(/[<>$]|&(?!\w+;|#\d+;)/);
});
