import { NotSupportedError } from '../../errors.ts';
import {
  add,
  apply,
  column,
  divide,
  isZero,
  multiply,
  number,
  subtract,
  sum,
  zero,
} from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import {
  type Expression,
  type FieldNode,
  type Leaf,
  leafKey,
  leavesOf,
  substitute,
} from '../../expression/expression.ts';
import { hasPlaces } from '../../expression/place.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import type { Condition, Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { type PressureEquation, pressureEquation } from '../scattered/pressure-equation.ts';

export type BoundaryCondition = Extract<Condition, { kind: 'planes' | 'parts' }>;

/** What an equation says times a test function w, integrated over the domain: ∫ value·w + Σ_b slopes[b]·∂_b w. */
export interface WeakEquation {
  readonly value: Expression;
  readonly slopes: readonly [Expression, Expression];
  /** What is left on the boundary where w is not zero there: ∮ flux·w, the normal's components columns. */
  readonly flux: Expression;
}

/** What holds on an edge of the boundary: the fluxes of the fields that are not given there. */
export interface BoundaryRows {
  /** For each field the flux as the conditions have it; undefined where the field is given. */
  readonly fluxes: readonly (Expression | undefined)[];
}

/** A field given on a part of the boundary: slope·field + rest = 0. */
interface Given {
  readonly field: number;
  readonly slope: Expression;
  readonly rest: Expression;
}

/**
 * A steady flow in the plane: momentum and whatever else is of second order by parts, so that velocities need one
 * derivative and the pressure none; continuity as it stands.
 */
export class FlowForm {
  readonly constraint: PressureEquation;
  /** By field; the pressure's is continuity. */
  readonly equations: readonly WeakEquation[];
  readonly boundary: readonly BoundaryCondition[];
  /** What gives the pressure at a point, where nothing else does. */
  readonly pin: Extract<Condition, { kind: 'points' }> | undefined;
  private readonly given: readonly (Given | undefined)[];

  /** @throws NotSupportedError in words where the problem is of another kind */
  constructor(readonly problem: Problem) {
    const { fields, coordinates } = problem;
    if (problem.time !== null || coordinates.length !== 2)
      throw new NotSupportedError('finite elements are for steady flows in the plane');
    const residuals = problem.equations.map(({ left, right }) => subtract(left, right));
    const other =
      hasPlaces(residuals) ||
      residuals.length !== fields.length ||
      problem.unknowns.length > 0 ||
      problem.equations.some(({ where }) => where !== undefined) ||
      fields.some(({ of }) => of.length < 2);
    const constraint = other ? undefined : pressureEquation(problem, residuals, [0, 1]);
    if (constraint === undefined)
      throw new NotSupportedError('finite elements are for flows with a pressure');
    this.constraint = constraint;
    const { pressure } = constraint;
    const equationOf = fields.map((_, field) => {
      if (field === pressure) return constraint.equation;
      const axis = constraint.velocities.indexOf(field);
      if (axis >= 0) return constraint.momenta[axis];
      return residuals.findIndex(
        (residual, i) =>
          i !== constraint.equation &&
          !constraint.momenta.includes(i) &&
          this.secondOf([residual]).some(({ name }) => name === fields[field].name),
      );
    });
    if (equationOf.includes(-1) || new Set(equationOf).size < fields.length)
      throw new NotSupportedError('a field of a flow without an equation of its own');
    this.equations = equationOf.map((equation, field) =>
      this.byParts(residuals[equation], field === pressure),
    );

    const boundary: BoundaryCondition[] = [];
    let pin: FlowForm['pin'];
    for (const condition of problem.conditions) {
      const { kind, path } = condition;
      if (kind === 'points') {
        const leaves = fieldLeaves([condition.left, condition.right]);
        const own =
          leaves.length === 1 &&
          leaves[0].name === fields[pressure].name &&
          totalOrder(leaves[0].order) === 0;
        if (!own || condition.count !== 1 || pin !== undefined)
          throw new NotSupportedError('conditions of a flow at points, other than one of the pressure', {
            path,
          });
        pin = condition;
      } else if (kind === 'periodic' || kind === 'interface' || hasPlaces([condition.left, condition.right]))
        throw new NotSupportedError('a condition of a flow on two sides', { path });
      else if (kind === 'planes' && condition.planes.some(({ outward }) => outward === 0))
        throw new NotSupportedError('a condition of a flow on a plane inside the domain', { path });
      else boundary.push(condition);
    }
    this.boundary = boundary;
    this.pin = pin;
    this.given = boundary.map(({ left, right }) => {
      const residual = subtract(left, right);
      const leaves = fieldLeaves([residual]);
      const field = fields.findIndex(({ name }) => name === leaves[0]?.name);
      if (leaves.length !== 1 || totalOrder(leaves[0].order) > 0 || field === pressure) return undefined;
      const slope = partial(residual, leaves[0]);
      if (fieldLeaves([slope]).length > 0)
        throw new NotSupportedError('a condition of a flow that is not affine');
      return {
        field,
        slope,
        rest: substitute(residual, (leaf) => (leaf.kind === 'field' ? zero : leaf), apply),
      };
    });
  }

  /** The value that conditions, by their numbers, give a field at a point. */
  givenAt(conditions: readonly number[], field: number, point: ArrayLike<number>): number | undefined {
    for (const c of conditions) {
      const given = this.given[c];
      if (given?.field !== field) continue;
      const at = (expression: Expression): number =>
        evaluateScalar(expression, (leaf) => {
          if (leaf.kind === 'coordinate') return point[leaf.index];
          throw new NotSupportedError('a condition of a flow that depends on the normal');
        });
      return -at(given.rest) / at(given.slope);
    }
    return undefined;
  }

  /**
   * @param conditions numbers of those that hold on an edge
   * @param axis along which its normal points, −1 for none
   * @param sign of the normal along it
   */
  boundaryRows(conditions: readonly number[], axis: number, sign: number): BoundaryRows {
    const { problem, constraint } = this;
    const placed = (expression: Expression): Expression => {
      const own = `normal:${problem.coordinates[axis]?.name}`;
      const normal = (leaf: Leaf): Expression =>
        leaf.kind === 'column' ? number(leaf.name === own ? sign : 0) : leaf;
      return axis < 0 ? expression : substitute(expression, normal, apply);
    };
    const { pressure } = constraint;
    const fields = problem.fields.map((_, i) => i);
    const isGiven = (field: number): boolean => conditions.some((c) => this.given[c]?.field === field);
    const open = fields.filter((field) => field !== pressure && !isGiven(field));
    const relations = conditions
      .filter((c) => this.given[c] === undefined)
      .map((c) => placed(subtract(this.boundary[c].left, this.boundary[c].right)));
    if (relations.length < open.length)
      throw new NotSupportedError(
        `${conditions.length} conditions of a flow on a part of the boundary where ${fields.length - 1} are needed`,
      );
    const fluxes: (Expression | undefined)[] = fields.map((field) =>
      open.includes(field) ? placed(this.equations[field].flux) : undefined,
    );
    const left = relations.filter((relation) => {
      for (const field of open) {
        const factor = commonFactor(fluxes[field]!, relation);
        if (factor === undefined) continue;
        fluxes[field] = withoutSlopes(
          subtract(fluxes[field]!, multiply(number(factor), relation)),
          problem.fields[pressure].name,
        );
        return false;
      }
      return true;
    });
    // On a face of an axis continuity gives the velocity's derivative along the normal.
    if (open.length > 0 && axis >= 0 && relations.length === open.length) {
      const [velocity] = [constraint.velocities[axis]];
      const others = problem.equations[constraint.equation];
      const continuity = subtract(others.left, others.right);
      const own = fieldLeaves([continuity]).find(({ name }) => name === problem.fields[velocity].name)!;
      if (
        open.includes(velocity) &&
        left.some((relation) =>
          fieldLeaves([relation]).every(({ name }) => name === problem.fields[pressure].name),
        )
      )
        left.push(multiply(continuity, divide(number(1), partial(continuity, own))));
    }
    for (const relation of left) {
      const leaf = this.eliminated(relation, axis);
      if (leaf === undefined)
        throw new NotSupportedError('a condition of a flow that gives no flux through the boundary');
      const slope = partial(relation, leaf);
      const key = leafKey(leaf);
      const rest = substitute(relation, (other) => (leafKey(other) === key ? zero : other), apply);
      const value = divide(subtract(zero, rest), slope);
      fluxes.forEach((flux, field) => {
        if (flux !== undefined)
          fluxes[field] = substitute(flux, (other) => (leafKey(other) === key ? value : other), apply);
      });
    }
    return { fluxes };
  }

  /** The leaf for which a relation on the boundary is solved: the pressure, or a derivative along the normal. */
  private eliminated(relation: Expression, axis: number): FieldNode | undefined {
    const name = this.problem.fields[this.constraint.pressure].name;
    return fieldLeaves([relation])
      .filter((leaf) =>
        leaf.name === name
          ? totalOrder(leaf.order) === 0
          : totalOrder(leaf.order) === 1 && leaf.order[axis] === 1,
      )
      .filter((leaf) => leavesOf([partial(relation, leaf)]).length === 0)
      .sort((a, b) => Number(b.name === name) - Number(a.name === name))[0];
  }

  private secondOf(expressions: readonly Expression[]): FieldNode[] {
    return fieldLeaves(expressions).filter(({ order }) => totalOrder(order) > 1);
  }

  private byParts(residual: Expression, continuity: boolean): WeakEquation {
    const { fields, coordinates } = this.problem;
    const pressure = fields[this.constraint.pressure].name;
    const away = fieldLeaves([residual]).filter((leaf) =>
      leaf.name === pressure ? totalOrder(leaf.order) > 0 : totalOrder(leaf.order) > 1,
    );
    if (continuity && away.length > 0) throw new NotSupportedError('continuity with second derivatives');
    const keys = new Set(away.map(leafKey));
    const slopes: [Expression[], Expression[]] = [[], []];
    for (const leaf of away) {
      const slope = partial(residual, leaf);
      if (totalOrder(leaf.order) > (leaf.name === pressure ? 1 : 2) || leavesOf([slope]).length > 0)
        throw new NotSupportedError('finite elements are for flows of constant viscosity');
      const axes = leaf.order.flatMap((k, a) => new Array<number>(k).fill(a));
      // Of a mixed derivative half goes by parts along each coordinate.
      for (const axis of axes) {
        const order = coordinates.map((_, a) => leaf.order[a] - (a === axis ? 1 : 0));
        slopes[axis].push(multiply(number(1 / axes.length), multiply(slope, { ...leaf, order })));
      }
    }
    const [x, y] = slopes.map(sum);
    return {
      value: substitute(residual, (leaf) => (keys.has(leafKey(leaf)) ? zero : leaf), apply),
      slopes: [subtract(zero, x), subtract(zero, y)],
      flux: add(
        multiply(column(`normal:${coordinates[0].name}`), x),
        multiply(column(`normal:${coordinates[1].name}`), y),
      ),
    };
  }
}

/** Without first derivatives and the pressure, of which a flux is made. */
function withoutSlopes(expression: Expression, pressure: string): Expression {
  const isSlope = (leaf: FieldNode): boolean => totalOrder(leaf.order) === 1 || leaf.name === pressure;
  return substitute(expression, (leaf) => (leaf.kind === 'field' && isSlope(leaf) ? zero : leaf), apply);
}

/** c where the flux and c times the relation have the same derivatives by all fields' slopes and by the pressure. */
function commonFactor(flux: Expression, relation: Expression): number | undefined {
  const random = randomGenerator(5);
  const leaves = fieldLeaves([flux, relation]).filter(
    (leaf) =>
      totalOrder(leaf.order) === 1 || fieldLeaves([flux]).some((own) => leafKey(own) === leafKey(leaf)),
  );
  let factor: number | undefined;
  for (let round = 0; round < 3; round++) {
    const values = new Map<string, number>();
    const at = (expression: Expression): number =>
      evaluateScalar(expression, (leaf) => {
        const key = leafKey(leaf);
        if (!values.has(key)) values.set(key, 0.5 + random.uniform());
        return values.get(key)!;
      });
    for (const leaf of leaves) {
      const [a, b] = [partial(flux, leaf), partial(relation, leaf)];
      if (isZero(a) && isZero(b)) continue;
      const [own, other] = [at(a), at(b)];
      factor ??= other === 0 ? Number.NaN : own / other;
      if (!(Math.abs(own - factor * other) <= 1e-10 * Math.abs(own))) return undefined;
    }
  }
  return factor;
}
