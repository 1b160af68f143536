import { apply, divide, subtract, sum, zero } from '../../expression/build.ts';
import { differentiate, partial } from '../../expression/differentiate.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import {
  type Expression,
  type FieldNode,
  leafKey,
  leavesOf,
  substitute,
} from '../../expression/expression.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import type { Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import { fieldLeaves } from '../explicit-form.ts';

/** Continuity among momentum equations. */
export interface PressureEquation {
  /** Position of the constraint among the equations, and of the pressure among the fields. */
  readonly equation: number;
  readonly pressure: number;
  /** For each space axis the field that the constraint derives along it. */
  readonly velocities: readonly number[];
  /** For each space axis the equation in which the pressure is derived along it. */
  readonly momenta: readonly number[];
  /** What holds inside in place of the constraint, which then holds on the boundary. */
  readonly expression: Expression;
}

/**
 * Where one equation is Σ c_a ∂_a v_a = 0 and a field p stands in the others by first derivatives alone, differences
 * on nodes shared by all fields leave the pressure undetermined. The divergence of the other equations, less what the
 * constraint takes away, is Poisson's equation for p: it holds inside, the constraint on the boundary. Gresho & Sani
 * (1987), Int. J. Numer. Meth. Fluids 7, 1111–1145; Johnston & Liu (2004), J. Comput. Phys. 199, 221–259.
 */
export function pressureEquation(
  problem: Problem,
  equations: readonly Expression[],
  space: readonly number[],
): PressureEquation | undefined {
  const { fields, coordinates } = problem;
  const position = (leaf: FieldNode): number => fields.findIndex(({ name }) => name === leaf.name);
  const alongAxis = (leaf: FieldNode): number =>
    totalOrder(leaf.order) === 1 ? space.findIndex((a) => leaf.order[a] === 1) : -1;
  for (let c = 0; c < equations.length; c++) {
    const leaves = fieldLeaves([equations[c]]);
    if (leaves.length !== space.length || leaves.some((leaf) => alongAxis(leaf) < 0)) continue;
    const velocities = space.map((_, a) => {
      const own = leaves.find((leaf) => alongAxis(leaf) === a);
      return own === undefined ? -1 : position(own);
    });
    if (velocities.includes(-1) || new Set(velocities).size < velocities.length) continue;
    const slopes = leaves.map((leaf) => partial(equations[c], leaf));
    if (leavesOf(slopes).length > 0) continue;
    for (let pressure = 0; pressure < fields.length; pressure++) {
      if (velocities.includes(pressure)) continue;
      const momenta = space.map((axis) =>
        equations.findIndex((equation, i) => {
          const own = fieldLeaves([equation]).filter((leaf) => position(leaf) === pressure);
          return i !== c && own.length === 1 && totalOrder(own[0].order) === 1 && own[0].order[axis] === 1;
        }),
      );
      if (momenta.includes(-1)) continue;
      const terms = momenta.map((i, a) => {
        const own = fieldLeaves([equations[i]]).find((leaf) => position(leaf) === pressure)!;
        return { residual: equations[i], slope: partial(equations[i], own), axis: space[a] };
      });
      if (leavesOf(terms.map(({ slope }) => slope)).some((leaf) => leaf.kind === 'field')) continue;
      const divergence = sum(
        terms.map(({ residual, slope, axis }) => differentiate(divide(residual, slope), axis)),
      );
      const first = leaves.find((leaf) => position(leaf) === velocities[0])!;
      const expression = withoutConstraint(divergence, equations[c], first, space[0], coordinates.length);
      if (expression !== undefined) return { equation: c, pressure, velocities, momenta, expression };
    }
  }
  return undefined;
}

/** The divergence with what vanishes by the constraint taken out; undefined where high derivatives are left. */
function withoutConstraint(
  divergence: Expression,
  constraint: Expression,
  first: FieldNode,
  axis: number,
  dimension: number,
): Expression | undefined {
  const slope = partial(constraint, first);
  const rest = substitute(constraint, (leaf) => (leafKey(leaf) === leafKey(first) ? zero : leaf), apply);
  const value = divide(subtract(zero, rest), slope);
  const high = (leaf: FieldNode): boolean => totalOrder(leaf.order) > 2;
  const replaced = substitute(
    divergence,
    (leaf) => {
      if (leaf.kind !== 'field' || leaf.name !== first.name || leaf.order[axis] === 0 || !high(leaf))
        return leaf;
      let derived = value;
      for (let a = 0; a < dimension; a++) {
        const times = leaf.order[a] - (a === axis ? 1 : 0);
        for (let k = 0; k < times; k++) derived = differentiate(derived, a);
      }
      return derived;
    },
    apply,
  );
  // What is left of high derivatives must cancel: checked where all else has random values.
  const random = randomGenerator(11);
  const values = new Map<string, number>();
  const numberFor = (key: string): number => {
    const known = values.get(key) ?? 0.5 + random.uniform();
    values.set(key, known);
    return known;
  };
  const left = fieldLeaves([replaced]).filter(high);
  for (const leaf of left) {
    const remaining = evaluateScalar(partial(replaced, leaf), (other) => numberFor(leafKey(other)));
    if (!(Math.abs(remaining) < 1e-9)) return undefined;
  }
  const keys = new Set(left.map(leafKey));
  return substitute(replaced, (leaf) => (keys.has(leafKey(leaf)) ? zero : leaf), apply);
}
