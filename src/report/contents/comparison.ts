/** What the network's fields are held against. */
import type { Assessment } from '../../estimate/assess.ts';
import { evaluateExact, whereInside } from '../../solve/error-norms.ts';
import type { Solution } from '../../solve/solution.ts';
import type { ErrorRow } from '../report-data.ts';
import { problemTex } from './problem-tex.ts';
import { shownFields } from './shown-fields.ts';

export interface Comparison {
  /** Short enough for a legend: "exact solution", "Dormand–Prince 8". */
  readonly name: string;
  /** The fields that can be compared, at points (N, d) row-major. */
  evaluate(points: Float64Array): Readonly<Record<string, Float64Array>>;
}

/** "Dormand–Prince 8, relative tolerance 1e-10, 140 steps" as "Dormand–Prince 8". */
function shortMethod(method: string): string {
  return method.split(/,| at | on | with /)[0].trim();
}

/** The exact solution where there is one, else the classical reference; undefined where there is neither. */
export function comparisonOf(solution: Solution, assessment: Assessment): Comparison | undefined {
  const { problem, unknowns } = solution;
  const { reference } = assessment;
  if (problem.exact.size === 0 && reference === undefined) return undefined;
  const classical =
    reference === undefined
      ? undefined
      : shortMethod(reference.method) + (problem.unknowns.length > 0 ? ' at the estimates' : '');
  const names = [problem.exact.size > 0 ? 'exact solution' : undefined, classical];
  return {
    name: names.filter((name) => name !== undefined).join(' or '),
    evaluate: (points) =>
      whereInside(problem, points, (inside) => ({
        ...reference?.evaluate(inside),
        ...evaluateExact(problem, inside, unknowns),
      })),
  };
}

/** One row for each field; where nothing can be compared with, the reason. */
export function errorRows({ problem }: Solution, assessment: Assessment): ErrorRow[] {
  const tex = problemTex(problem);
  const { errors, reason } = assessment;
  return shownFields(problem).map(({ name }): ErrorRow => {
    const error = errors?.[name];
    if (error === undefined)
      return {
        ...tex.label(name),
        relativeL2: null,
        maximum: null,
        reason: reason ?? 'neither an exact solution nor a reference of this field',
      };
    return {
      ...tex.label(name),
      relativeL2: error.relativeL2,
      maximum: error.maximum,
      against: error.against === 'exact' ? 'exact solution' : (error.method ?? 'reference'),
      referenceError: error.referenceError,
    };
  });
}
