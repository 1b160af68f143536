import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { NotSupportedError, SolveError } from '../errors.ts';
import { isZero, subtract } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import type { Expression, FieldNode, Leaf } from '../expression/expression.ts';
import type { Problem } from '../problem/problem.ts';
import { bindProgram } from './bound-program.ts';
import type { ExplicitForm } from './explicit-form.ts';

/** A condition of an ordinary differential equation: zero at one value of the coordinate. */
export interface PointResidual {
  readonly path: string;
  readonly text: string;
  readonly at: number;
  readonly residual: Expression;
}

/** Every condition of a problem in one coordinate, point by point. Periodic ones are not among them. */
export function pointResiduals(problem: Problem): PointResidual[] {
  return problem.conditions.flatMap((condition): PointResidual[] => {
    if (condition.kind === 'periodic') return [];
    const { path, text } = condition;
    if (condition.kind === 'parts' || condition.kind === 'interface')
      throw new NotSupportedError('this reference knows no interfaces and no geometries', { path });
    const residual = subtract(condition.left, condition.right);
    const places =
      condition.kind === 'planes' ? condition.planes.map((plane) => plane.value) : [...condition.points];
    return places.map((at) => ({ path, text, at, residual }));
  });
}

/** The place where the conditions alone fix the whole state, an end of the domain first; or undefined. */
export function initialPlace(problem: Problem, form: ExplicitForm): number | undefined {
  if (problem.conditions.some((condition) => condition.kind === 'periodic')) return undefined;
  const { low, high } = problem.coordinates[0];
  const conditions = pointResiduals(problem);
  const places = [low, high, ...conditions.map(({ at }) => at)];
  return places.find(
    (place) => conditions.filter(({ at }) => at === place).length + form.constraints.length >= form.size,
  );
}

export interface InitialState {
  readonly t: number;
  readonly y: Float64Array;
  /** ∂y/∂p, (size, number of unknowns) row-major. */
  readonly sensitivity: Float64Array;
}

/**
 * Solves the conditions at t for the state there, by Newton's method (Gauss–Newton where there are more
 * conditions than states); they may be any equations in the fields' derivatives below the highest.
 *
 * @throws NotSupportedError where they do not determine it, SolveError where Newton's method fails
 */
export function solveInitialState(
  problem: Problem,
  form: ExplicitForm,
  t: number,
  p: Float64Array,
): InitialState {
  const residuals = [
    ...pointResiduals(problem)
      .filter(({ at }) => at === t)
      .map(({ residual }) => residual),
    ...form.constraints,
  ];
  const stateLeaves = form.fields.flatMap(({ name, order }) =>
    Array.from({ length: order }, (_, k): FieldNode => {
      return { kind: 'field', name, order: [k], of: [0], side: 0 };
    }),
  );
  const leading = 1 + form.size;
  const position = (leaf: Leaf): number => {
    const place = form.position(leaf);
    if (place >= leading && place < leading + form.fields.length) {
      throw new NotSupportedError('an initial condition on a highest derivative');
    }
    return place;
  };
  const unknownLeaves = form.unknowns.map((name): Leaf => ({ kind: 'unknown', name }));
  const rows = residuals.length;
  const value = bindProgram(residuals, position);
  const slope = bindProgram(
    residuals.flatMap((r) => stateLeaves.map((leaf) => partial(r, leaf))),
    position,
  );
  const unknownPartials = residuals.flatMap((r) => unknownLeaves.map((leaf) => partial(r, leaf)));
  const unknownSlope = bindProgram(unknownPartials, position);
  const values = new Float64Array(1 + form.size + form.fields.length + form.unknowns.length);
  values[0] = t;
  values.set(p, leading + form.fields.length);
  const r = new Float64Array(rows);
  const jacobian = new Float64Array(rows * form.size);
  const residualNorm = (): number => {
    value(values, r);
    return Math.hypot(...r);
  };
  const decompose = (): SingularValueDecomposition => {
    slope(values, jacobian);
    return new SingularValueDecomposition(
      Matrix.from1DArray(
        rows,
        form.size,
        Array.from(jacobian, (x) => (Number.isFinite(x) ? x : 0)),
      ),
      { autoTranspose: true },
    );
  };

  let solved = false;
  for (const start of [0, 1, -1, 0.1]) {
    values.fill(start, 1, leading);
    if (newton(values, form.size, residualNorm, () => decompose().solve(column(r)))) {
      solved = true;
      break;
    }
  }
  if (!solved) {
    throw new SolveError(
      `the initial conditions at ${problem.coordinates[0].name} = ${t} could not be solved`,
    );
  }
  const decomposition = decompose();
  if (decomposition.rank < form.size) {
    throw new NotSupportedError(
      `the conditions at ${problem.coordinates[0].name} = ${t} fix ${decomposition.rank} of ${form.size} initial values`,
    );
  }
  const y = values.slice(1, leading);
  const sensitivity = new Float64Array(form.size * form.unknowns.length);
  if (!unknownPartials.every(isZero)) {
    const slopes = new Float64Array(unknownPartials.length);
    unknownSlope(values, slopes);
    const solution = decomposition.solve(
      Matrix.from1DArray(
        rows,
        form.unknowns.length,
        Array.from(slopes, (x) => -x),
      ),
    );
    sensitivity.set(solution.to1DArray());
  }
  return { t, y, sensitivity };
}

function newton(
  values: Float64Array,
  size: number,
  residualNorm: () => number,
  direction: () => Matrix,
): boolean {
  let norm = residualNorm();
  if (!Number.isFinite(norm)) return false;
  const scale = Math.max(1, norm);
  for (let iteration = 0; iteration < 60; iteration++) {
    const step = direction();
    const before = values.slice(1, 1 + size);
    let factor = 1;
    for (;;) {
      for (let i = 0; i < size; i++) values[1 + i] = before[i] - factor * step.get(i, 0);
      const next = residualNorm();
      if (Number.isFinite(next) && next < norm) {
        norm = next;
        break;
      }
      factor /= 2;
      if (factor < 1e-4) {
        values.set(before, 1);
        return residualNorm() <= 1e-9 * scale;
      }
    }
    if (norm <= 1e-15 * scale) return true;
  }
  return norm <= 1e-9 * scale;
}

function column(r: Float64Array): Matrix {
  return Matrix.columnVector(Array.from(r));
}
