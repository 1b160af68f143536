import { NotSupportedError } from '../../errors.ts';
import { apply, number, subtract } from '../../expression/build.ts';
import {
  type Expression,
  type FieldNode,
  type Leaf,
  leafKey,
  substitute,
} from '../../expression/expression.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import type { Problem } from '../../problem/problem.ts';
import { fieldLeaves, highestOrder } from '../explicit-form.ts';
import { DenseLU } from '../linear/dense-lu.ts';
import type { NonlinearSystem } from './newton.ts';
import { PointwiseSystem } from './pointwise-system.ts';
import { barycentricWeights, chebyshevLobattoPoints, differentiationMatrix } from './polynomial.ts';

interface Slot {
  readonly field: number;
  readonly orders: readonly [number, number];
  readonly leaf: FieldNode;
}

interface Face {
  readonly coordinate: number;
  readonly outward: -1 | 1;
  readonly residual: Expression;
}

/** An elliptic problem on a rectangle: equations inside, as many conditions as fields on each side. */
export interface EllipticForm {
  readonly equations: readonly Expression[];
  /** Conditions of each side: [coordinate][0 lower, 1 upper]. */
  readonly sides: readonly (readonly (readonly Expression[])[])[];
}

/** @throws NotSupportedError in words where the problem is not of that kind */
export function ellipticForm(problem: Problem): EllipticForm {
  const equations = problem.equations.map(({ left, right }) => subtract(left, right));
  const partwise = problem.equations.find((equation) => equation.where !== undefined);
  if (partwise !== undefined) {
    throw new NotSupportedError('an equation that holds on a part of the domain', { path: partwise.path });
  }
  for (const { name, of } of problem.fields) {
    if (of.length < 2) throw new NotSupportedError(`field ${name} depends on some of the coordinates only`);
    for (const axis of [0, 1]) {
      const order = highestOrder(equations, name, axis);
      if (order === 2) continue;
      throw new NotSupportedError(
        `in two space coordinates each equation must be of second order; ${name} is derived ${order} times in ${problem.coordinates[axis].name}`,
      );
    }
  }
  const faces = problem.conditions.flatMap((condition): Face[] => {
    const { path } = condition;
    if (condition.kind !== 'planes') {
      throw new NotSupportedError(
        `a ${condition.kind === 'periodic' ? 'periodic' : 'point'} condition in two space coordinates`,
        { path },
      );
    }
    return condition.planes.map(({ coordinate, outward }) => {
      if (outward === 0) throw new NotSupportedError('a condition inside the domain', { path });
      const normal = `normal:${problem.coordinates[coordinate].name}`;
      const residual = substitute(
        subtract(condition.left, condition.right),
        (leaf) =>
          leaf.kind === 'column' && leaf.name.startsWith('normal:')
            ? number(leaf.name === normal ? outward : 0)
            : leaf,
        apply,
      );
      return { coordinate, outward, residual };
    });
  });
  const sides = [0, 1].map((coordinate) =>
    ([-1, 1] as const).map((outward) => {
      const conditions = faces.filter((face) => face.coordinate === coordinate && face.outward === outward);
      if (conditions.length !== problem.fields.length) {
        const { name, low, high } = problem.coordinates[coordinate];
        throw new NotSupportedError(
          `${conditions.length} conditions on ${name} = ${outward < 0 ? low : high} for ${problem.fields.length} fields`,
        );
      }
      return conditions.map(({ residual }) => residual);
    }),
  );
  return { equations, sides };
}

/**
 * Collocation on the tensor grid of Chebyshev–Lobatto points: equations at inner points, conditions at points
 * of the sides. At a corner the conditions of the side without derivatives stand. Trefethen (2000), Spectral
 * Methods in MATLAB, chapters 7 and 13.
 */
export class EllipticSystem implements NonlinearSystem {
  readonly n: number;
  /** Chebyshev–Lobatto points in each coordinate. */
  readonly axes: readonly [Float64Array, Float64Array];
  private readonly slots: Slot[] = [];
  private readonly groups: { system: PointwiseSystem; points: number[] }[];
  /** [coordinate][order] → (N, N). */
  private readonly derivatives: readonly (readonly Float64Array[])[];
  private readonly jacobian: Float64Array;
  private readonly lu: DenseLU;
  private readonly values: Float64Array;
  private readonly slotValues: Float64Array[];

  constructor(
    private readonly problem: Problem,
    form: EllipticForm,
    /** Points in each coordinate. */
    readonly points: number,
    p: Float64Array,
  ) {
    const count = points;
    const nodes = chebyshevLobattoPoints(count);
    const matrix = differentiationMatrix(nodes, barycentricWeights(nodes));
    this.axes = [0, 1].map((i) => {
      const { low, high } = problem.coordinates[i];
      return nodes.map((xi) => low + (high - low) * 0.5 * (1 + xi));
    }) as [Float64Array, Float64Array];
    this.derivatives = problem.coordinates.map(({ low, high }) => {
      const identity = new Float64Array(count * count);
      for (let i = 0; i < count; i++) identity[i * count + i] = 1;
      const first = matrix.map((value) => (value * 2) / (high - low));
      return [identity, first, product(first, first, count)];
    });
    this.n = problem.fields.length * count * count;
    this.jacobian = new Float64Array(this.n * this.n);
    this.lu = new DenseLU(this.n);

    const expressions = [...form.equations, ...form.sides.flat(2)];
    const seen = new Set<string>();
    for (const leaf of fieldLeaves(expressions)) {
      if (seen.has(leafKey(leaf))) continue;
      seen.add(leafKey(leaf));
      if (leaf.order.some((k) => k > 2))
        throw new NotSupportedError('derivatives of higher than second order');
      this.slots.push({
        field: problem.fields.findIndex(({ name }) => name === leaf.name),
        orders: [leaf.order[0], leaf.order[1]],
        leaf,
      });
    }
    this.values = new Float64Array(2 + this.slots.length + p.length);
    this.values.set(p, 2 + this.slots.length);
    this.slotValues = this.slots.map(() => new Float64Array(count * count));

    const pointwise = (residuals: readonly Expression[]): PointwiseSystem =>
      new PointwiseSystem({
        residuals,
        leading: [],
        copies: [],
        leadingPlace: 0,
        arguments: this.slots.map(({ leaf }, i) => ({ place: 2 + i, leaf })),
        position: (leaf) => this.position(leaf),
      });
    const inner = { system: pointwise(form.equations), points: [] as number[] };
    const sides = form.sides.map((pair) =>
      pair.map((residuals) => ({
        system: pointwise(residuals),
        points: [] as number[],
        derivatives: fieldLeaves(residuals).some((leaf) => totalOrder(leaf.order) > 0),
      })),
    );
    const last = count - 1;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        const inX = a === 0 ? sides[0][0] : a === last ? sides[0][1] : undefined;
        const inY = b === 0 ? sides[1][0] : b === last ? sides[1][1] : undefined;
        const group =
          inX !== undefined && !(inX.derivatives && inY !== undefined) ? inX : (inY ?? inX ?? inner);
        group.points.push(a * count + b);
      }
    }
    this.groups = [inner, ...sides.flat()];
  }

  evaluate(_t: number, u: Float64Array, out: Float64Array): void {
    const size = this.points * this.points;
    this.differentiate(u);
    for (const { system, points } of this.groups) {
      for (const point of points) {
        this.fill(point);
        system.evaluate(this.values);
        for (let r = 0; r < system.count; r++) out[r * size + point] = system.outputs[r];
      }
    }
  }

  linearize(_t: number, u: Float64Array): void {
    const { points: count, n, jacobian } = this;
    const size = count * count;
    this.differentiate(u);
    jacobian.fill(0);
    for (const { system, points } of this.groups) {
      const { rows, places, values } = system.partials;
      for (const point of points) {
        this.fill(point);
        system.linearize(this.values);
        const a = Math.floor(point / count);
        const b = point % count;
        for (let i = 0; i < values.length; i++) {
          if (values[i] === 0) continue;
          const { field, orders } = this.slots[places[i] - 2];
          const start = (rows[i] * size + point) * n + field * size;
          const inX = this.derivatives[0][orders[0]];
          const inY = this.derivatives[1][orders[1]];
          for (let c = 0; c < count; c++) {
            const factor = values[i] * inX[a * count + c];
            if (factor === 0) continue;
            for (let d = 0; d < count; d++) jacobian[start + c * count + d] += factor * inY[b * count + d];
          }
        }
      }
    }
  }

  factor(): boolean {
    const { matrix } = this.lu;
    for (let i = 0; i < matrix.length; i++) matrix[i] = -this.jacobian[i];
    return this.lu.factor();
  }

  solve(b: Float64Array): void {
    this.lu.solve(b);
  }

  private position(leaf: Leaf): number {
    if (leaf.kind === 'coordinate') return leaf.index;
    if (leaf.kind === 'unknown') {
      return 2 + this.slots.length + this.problem.unknowns.findIndex(({ name }) => name === leaf.name);
    }
    const slot = this.slots.findIndex((s) => leafKey(s.leaf) === leafKey(leaf));
    if (slot < 0) throw new NotSupportedError(`${leafKey(leaf)} has no value in a classical reference`);
    return 2 + slot;
  }

  private fill(point: number): void {
    const { points: count, values } = this;
    values[0] = this.axes[0][Math.floor(point / count)];
    values[1] = this.axes[1][point % count];
    for (let i = 0; i < this.slots.length; i++) values[2 + i] = this.slotValues[i][point];
  }

  /** The value of every slot at all points. */
  private differentiate(u: Float64Array): void {
    const { points: count } = this;
    const size = count * count;
    this.slots.forEach(({ field, orders }, slot) => {
      const grid = u.subarray(field * size, (field + 1) * size);
      const inX = product(this.derivatives[0][orders[0]], grid, count);
      const out = this.slotValues[slot];
      const inY = this.derivatives[1][orders[1]];
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++) {
          let sum = 0;
          for (let d = 0; d < count; d++) sum += inY[b * count + d] * inX[a * count + d];
          out[a * count + b] = sum;
        }
      }
    });
  }
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k];
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) out[i * n + j] += factor * b[k * n + j];
    }
  }
  return out;
}
