/** Error norms of a solution on points it was never trained on. */
import { evaluateProgram } from '../expression/evaluate.ts';
import { compileProgram } from '../expression/program.ts';
import type { Problem } from '../problem/index.ts';

export interface FieldError {
  /** ‖u − u*‖₂ / ‖u*‖₂ over the points; ‖u − u*‖₂/√N where u* is zero everywhere. */
  readonly relativeL2: number;
  /** max |u − u*|, in the field's unit. */
  readonly maximum: number;
}

/** Points at which the reference has no value, as sin(x)/x at 0, are left out. */
export function fieldError(values: ArrayLike<number>, reference: ArrayLike<number>): FieldError {
  let difference = 0;
  let size = 0;
  let maximum = 0;
  let count = 0;
  for (let n = 0; n < values.length; n++) {
    if (!Number.isFinite(reference[n])) continue;
    count++;
    const e = Math.abs(values[n] - reference[n]);
    difference += e * e;
    size += reference[n] * reference[n];
    maximum = Math.max(maximum, e);
    if (!Number.isFinite(e)) return { relativeL2: Number.NaN, maximum: Number.NaN };
  }
  if (count === 0) return { relativeL2: Number.NaN, maximum: Number.NaN };
  return {
    relativeL2: size > 0 ? Math.sqrt(difference / size) : Math.sqrt(difference / count),
    maximum,
  };
}

const comparisonPoints = [1001, 141 * 141, 29 ** 3, 12 ** 4];

/** Points per coordinate of the comparison grid. */
export function comparisonSides(problem: Problem): number[] {
  const d = problem.coordinates.length;
  const side = Math.round(comparisonPoints[d - 1] ** (1 / d));
  return new Array<number>(d).fill(side);
}

/** A regular grid over the whole domain, faces included; (N, d) row-major in the user's coordinates, the last coordinate fastest. */
export function domainGrid(problem: Problem, sides: readonly number[]): Float64Array {
  const d = problem.coordinates.length;
  const total = sides.reduce((product, side) => product * side, 1);
  const points = new Float64Array(total * d);
  for (let n = 0; n < total; n++) {
    let rest = n;
    for (let i = d - 1; i >= 0; i--) {
      const { low, high } = problem.coordinates[i];
      const k = rest % sides[i];
      rest = Math.floor(rest / sides[i]);
      points[n * d + i] =
        sides[i] === 1
          ? (low + high) / 2
          : k === sides[i] - 1
            ? high
            : low + ((high - low) * k) / (sides[i] - 1);
    }
  }
  return points;
}

/**
 * The exact solution at points (N, d), for every field that has one.
 *
 * @param unknowns  values of the unknowns, where exact solutions hold them
 */
export function evaluateExact(
  problem: Problem,
  points: Float64Array,
  unknowns: Readonly<Record<string, number>>,
): Record<string, Float64Array> {
  const d = problem.coordinates.length;
  const count = points.length / d;
  const result: Record<string, Float64Array> = {};
  for (const [name, expression] of problem.exact) {
    const program = compileProgram([expression]);
    const inputs = program.inputs.map((leaf) =>
      Float64Array.from({ length: count }, (_, n) =>
        leaf.kind === 'coordinate' ? points[n * d + leaf.index] : (unknowns[leaf.name] ?? Number.NaN),
      ),
    );
    result[name] = evaluateProgram(program, inputs, count)[0];
  }
  return result;
}
