/** How well each equation holds along the domain, in the user's units. */
import { subtract } from '../../expression/build.ts';
import { type Expression, leavesOf } from '../../expression/expression.ts';
import type { Equation } from '../../problem/index.ts';
import type { Solution } from '../../solve/solution.ts';
import type { EquationResidual } from '../report-data.ts';
import { type ProblemTex, problemTex } from './problem-tex.ts';
import { lineSection, planeSection } from './section.ts';

/** Positions of the coordinates on which the value of an expression depends. */
function coordinatesIn(expressions: readonly Expression[]): number[] {
  const positions = leavesOf(expressions).flatMap((leaf) => {
    if (leaf.kind === 'coordinate') return [leaf.index];
    return leaf.kind === 'field' ? leaf.of : [];
  });
  return [...new Set(positions)];
}

/** Left minus right side; a gap where the equation is not asked to hold or has no value. */
function residualAt(
  solution: Solution,
  { left, right, where }: Equation,
  points: Float64Array,
): Float64Array {
  const residual = solution.expressionWhereInside(subtract(left, right), points);
  const holds = where === undefined ? undefined : solution.expressionWhereInside(where, points);
  return residual.map((value, n) => (holds?.[n] === 0 || !Number.isFinite(value) ? Number.NaN : value));
}

function equationResidual(solution: Solution, equation: Equation, tex: ProblemTex): EquationResidual {
  const { problem } = solution;
  const label = { name: equation.text.trim(), tex: tex.text(equation.text) };
  const quantity = (i: number) => tex.label(problem.coordinates[i].name);
  const varying = coordinatesIn([equation.left, equation.right]);
  if (problem.coordinates.length === 1 || varying.length === 1) {
    const { coordinate, at, points } = lineSection(problem, varying[0] ?? 0);
    const values = residualAt(solution, equation, points);
    return { ...label, coordinate: quantity(coordinate), curve: { at, values } };
  }
  const { coordinates, grid, fixed, points, equalScale } = planeSection(problem);
  return {
    ...label,
    coordinates: [quantity(coordinates[0]), quantity(coordinates[1])],
    grid,
    fixed,
    equalScale,
    values: residualAt(solution, equation, points),
  };
}

export function equationResiduals(solution: Solution): EquationResidual[] {
  const tex = problemTex(solution.problem);
  return solution.problem.equations.map((equation) => equationResidual(solution, equation, tex));
}
