/** The worst, the median and the best test function: what goes in, and what comes out beside the reference. */
import type { OperatorAssessment } from '../../operator/assessment/assess-operator.ts';
import type { OperatorCase } from '../../operator/assessment/test-cases.ts';
import type { Coordinate, Problem } from '../../problem/index.ts';
import { equidistant } from '../../problem/sensors.ts';
import { whereInside } from '../../solve/error-norms.ts';
import { formatNumber } from '../number-format.ts';
import type { ReportSection, SectionFigure, SectionPanel } from '../report-section.ts';
import { type ProblemTex, problemTex } from './problem-tex.ts';
import { lineSection, planeSection } from './section.ts';

const linePoints = 301;
const mapSide = 81;
const mostFields = 3;

function inputPanels({ samples }: OperatorCase, problem: Problem, tex: ProblemTex): SectionPanel[] {
  return problem.inputs.flatMap(({ name, of, coordinates }): SectionPanel[] => {
    const sample = samples[name];
    const title = { name: `input ${name}` };
    const axis = (c: Coordinate, count: number): number[] => equidistant(c, count);
    if (coordinates.length === 1) {
      const at = axis(coordinates[0], linePoints);
      const values = sample.values(Float64Array.from(at));
      return [
        {
          title,
          horizontal: tex.label(coordinates[0].name),
          vertical: tex.label(name),
          curves: [{ name: 'input', curve: { at, values } }],
        },
      ];
    }
    if (coordinates.length !== 2) return [];
    // As the outputs are drawn: time horizontally, else the first coordinate.
    const [first, second] = of[1] === problem.time ? [1, 0] : [0, 1];
    const [horizontal, vertical] = [first, second].map((i) => axis(coordinates[i], mapSide));
    const points = new Float64Array(2 * mapSide ** 2);
    for (let n = 0; n < mapSide ** 2; n++) {
      points[2 * n + first] = horizontal[n % mapSide];
      points[2 * n + second] = vertical[Math.floor(n / mapSide)];
    }
    return [
      {
        title,
        coordinates: [tex.label(coordinates[first].name), tex.label(coordinates[second].name)],
        grid: { horizontal, vertical },
        values: sample.values(points),
        equalScale: problem.time === null,
      },
    ];
  });
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array =>
  Float64Array.from(a, (value, n) => Math.abs(value - b[n]));

function curvePanels(
  { solution, expected }: OperatorCase,
  problem: Problem,
  tex: ProblemTex,
): SectionPanel[] {
  const { at, points } = lineSection(problem, 0);
  const values = solution.evaluateFields(points);
  const reference = expected?.(points);
  const horizontal = tex.label(problem.coordinates[0].name);
  const fields = problem.fields.slice(0, mostFields).map(({ name }) => name);
  const outputs = fields.map((name): SectionPanel => {
    const right = reference && { name: 'reference', curve: { at, values: reference[name] } };
    return {
      title: { name: `output ${name}` },
      horizontal,
      vertical: tex.label(name),
      curves: [
        { name: 'operator', curve: { at, values: values[name] } },
        ...(right === undefined ? [] : [{ ...right, mark: 'dashes' as const }]),
      ],
    };
  });
  if (reference === undefined) return outputs;
  const errors = fields.map((name): SectionPanel => {
    // On a logarithmic axis a zero, as where a condition holds, has no place.
    const error = difference(values[name], reference[name]).map((value) => (value > 0 ? value : Number.NaN));
    return {
      title: { name: `error of ${name}` },
      horizontal,
      vertical: { name: 'absolute error' },
      logarithmic: true,
      curves: [{ name: 'error', curve: { at, values: error } }],
    };
  });
  return [...outputs, ...errors];
}

function mapPanels({ solution, expected }: OperatorCase, problem: Problem, tex: ProblemTex): SectionPanel[] {
  const { coordinates, grid, points, equalScale } = planeSection(problem);
  const values = whereInside(problem, points, (inside) => solution.evaluateFields(inside));
  const reference = expected && whereInside(problem, points, expected);
  const [horizontal, vertical] = coordinates.map((i) => tex.label(problem.coordinates[i].name));
  const common = { coordinates: [horizontal, vertical] as const, grid, equalScale };
  return problem.fields.slice(0, mostFields).flatMap(({ name }): SectionPanel[] => {
    const operator: SectionPanel = { ...common, title: { name: `operator, ${name}` }, values: values[name] };
    if (reference === undefined) return [operator];
    return [
      operator,
      { ...common, title: { name: `reference, ${name}` }, values: reference[name] },
      {
        ...common,
        title: { name: `error of ${name}` },
        values: difference(values[name], reference[name]),
        colors: 'error',
      },
    ];
  });
}

function caption({ role, draw, relativeL2, against, samples }: OperatorCase, problem: Problem): string {
  const numbers = problem.inputs
    .filter(({ of }) => of.length === 0)
    .map(({ name }) => `${name} = ${formatNumber(samples[name].values(new Float64Array(0))[0], 4)}`);
  const errors = Object.entries(relativeL2).map(([name, error]) => `${name} ${formatNumber(error, 2)}`);
  return [
    `The ${role} case, draw ${draw}: relative L² error ${errors.join(', ')}.`,
    ...(numbers.length === 0 ? [] : [`There ${numbers.join(', ')}.`]),
    `Reference: ${against}.`,
  ].join(' ');
}

/** Undefined where no test function can be drawn again. */
export function caseSection(problem: Problem, { cases }: OperatorAssessment): ReportSection | undefined {
  if (cases.length === 0) return undefined;
  const tex = problemTex(problem);
  const isCurve = problem.coordinates.length === 1;
  const fields = isCurve ? curvePanels : mapPanels;
  return {
    heading: 'Worst, median and best case',
    parts: cases.map((found): SectionFigure => {
      const panels = [...inputPanels(found, problem, tex), ...fields(found, problem, tex)];
      return {
        caption: caption(found, problem),
        panels,
        columns: panels.length % 3 === 0 || (isCurve && panels.length > 3) ? 3 : 2,
      };
    }),
  };
}
