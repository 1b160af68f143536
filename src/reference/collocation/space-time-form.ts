import { NotSupportedError } from '../../errors.ts';
import { apply, number, subtract } from '../../expression/build.ts';
import {
  type Expression,
  type FieldNode,
  type Leaf,
  leafKey,
  substitute,
} from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { fieldLeaves, highestOrder } from '../explicit-form.ts';
import type { PointwiseDefinition } from './pointwise-system.ts';

/** A function of the space coordinate that is discretised: a field or a time derivative of one. */
export interface SpaceField {
  readonly name: string;
  readonly timeOrder: number;
  /** Highest space derivative in the equations, made even on a periodic domain. */
  readonly order: number;
  /** Place of its value in the vector of values; its space derivatives follow. */
  readonly place: number;
}

/** A condition at one value of the space coordinate. */
export interface BoundaryResidual {
  readonly path: string;
  readonly x: number;
  /** Which side the values are taken from: −1 for the element to the left of x. */
  readonly residual: Expression;
}

/**
 * A problem in one space coordinate, with or without time, taken apart for collocation in space. Equations of
 * higher order in time become systems of first order with the time derivatives as fields of their own.
 *
 * The vector of values is [coordinates, fields and their space derivatives, highest time derivatives, unknowns].
 */
export interface SpaceTimeForm {
  readonly space: number;
  readonly time: number | undefined;
  readonly fields: readonly SpaceField[];
  readonly valueCount: number;
  readonly unknownPlace: number;
  readonly periodic: boolean;
  readonly equations: PointwiseDefinition;
  /** For each row of `equations` the field whose time derivative it gives, or −1. */
  readonly massFields: readonly number[];
  /** The initial conditions, and equations without time derivatives, as rows that vanish at the start. */
  readonly initial: PointwiseDefinition | undefined;
  readonly boundary: readonly BoundaryResidual[];
  position(leaf: Leaf): number;
}

/** @throws NotSupportedError in words where the problem is not of that kind */
export function spaceTimeForm(problem: Problem): SpaceTimeForm {
  const { coordinates } = problem;
  const time = coordinates.length === 1 ? undefined : (problem.time ?? undefined);
  if (coordinates.length > 2 || (coordinates.length === 2 && time === undefined)) {
    throw new NotSupportedError('more than one space coordinate');
  }
  const space = time === undefined ? 0 : 1 - time;
  const partwise = problem.equations.find((equation) => equation.where !== undefined);
  if (partwise !== undefined) {
    throw new NotSupportedError('an equation that holds on a part of the domain', { path: partwise.path });
  }
  for (const field of problem.fields) {
    if (field.of.length === coordinates.length) continue;
    throw new NotSupportedError(`field ${field.name} depends on some of the coordinates only`);
  }
  const residuals = problem.equations.map(({ left, right }) => subtract(left, right));
  const timeOrders = problem.fields.map(({ name }) =>
    time === undefined ? 0 : highestOrder(residuals, name, time),
  );
  const leaf = (name: string, inSpace: number, inTime: number): FieldNode => {
    const order = coordinates.map((_, i) => (i === space ? inSpace : inTime));
    return { kind: 'field', name, order, of: coordinates.map((_, i) => i), side: 0 };
  };

  const conditions = conditionsOf(problem, space, time);
  const fields: SpaceField[] = [];
  let place = coordinates.length;
  const leaves = fieldLeaves(residuals);
  problem.fields.forEach(({ name }, i) => {
    for (let timeOrder = 0; timeOrder < Math.max(1, timeOrders[i]); timeOrder++) {
      const highest = leaves.reduce((largest, node) => {
        const same = node.name === name && (time === undefined || node.order[time] === timeOrder);
        return same ? Math.max(largest, node.order[space]) : largest;
      }, 0);
      // With no end to start from, splines of odd order do not interpolate: P_k of every element vanishes at all
      // Gauss points. One more continuous derivative takes that away.
      const order = conditions.periodic && highest % 2 === 1 ? highest + 1 : highest;
      fields.push({ name, timeOrder, order, place });
      place += order + 1;
    }
  });
  const leadingPlace = place;
  const dynamicFields = problem.fields
    .map(({ name }, i) => ({ name, timeOrder: timeOrders[i] }))
    .filter(({ timeOrder }) => timeOrder > 0);
  const unknownPlace = leadingPlace + dynamicFields.length;
  const unknowns = problem.unknowns.map(({ name }) => name);

  const position = (node: Leaf): number => {
    if (node.kind === 'coordinate') return node.index;
    if (node.kind === 'unknown') return unknownPlace + unknowns.indexOf(node.name);
    if (node.kind === 'field' && node.side === 0) {
      const inTime = time === undefined ? 0 : node.order[time];
      const inSpace = node.order[space];
      const field = fields.find((f) => f.name === node.name && f.timeOrder === inTime);
      if (field !== undefined && inSpace <= field.order) return field.place + inSpace;
      const leading = dynamicFields.findIndex((f) => f.name === node.name && f.timeOrder === inTime);
      if (leading >= 0 && inSpace === 0) return leadingPlace + leading;
      if (leading >= 0)
        throw new NotSupportedError('the highest time derivative is derived in space as well');
      throw new NotSupportedError(
        `a condition holds a derivative of ${node.name} higher than those in the equations`,
      );
    }
    if (node.kind === 'field' && node.at !== undefined)
      throw new NotSupportedError('an integral over a field');
    throw new NotSupportedError(`${leafKey(node)} has no value in a classical reference`);
  };

  const leadingLeaves = dynamicFields.map(({ name, timeOrder }) => leaf(name, 0, timeOrder));
  const holdsLeading = (expression: Expression): boolean =>
    fieldLeaves([expression]).some(
      (node) =>
        time !== undefined &&
        dynamicFields.some(({ name, timeOrder }) => node.name === name && node.order[time] === timeOrder),
    );
  const dynamic = residuals.filter(holdsLeading);
  const algebraic = residuals.filter((residual) => !holdsLeading(residual));
  if (dynamic.length !== dynamicFields.length) {
    throw new NotSupportedError(
      `${dynamic.length} equations with time derivatives for ${dynamicFields.length} fields that have them`,
    );
  }
  const lower = fields.flatMap((field, index) => {
    const next = fields.find((f) => f.name === field.name && f.timeOrder === field.timeOrder + 1);
    return next === undefined ? [] : [{ index, copy: next.place }];
  });
  const arguments_ = fields.flatMap(({ name, timeOrder, order, place }) =>
    Array.from({ length: order + 1 }, (_, k) => ({
      place: place + k,
      leaf: leaf(name, k, timeOrder) as Leaf,
    })),
  );
  if (time !== undefined) {
    arguments_.push({ place: time, leaf: { kind: 'coordinate', name: coordinates[time].name, index: time } });
  }
  const common = { arguments: arguments_, leadingPlace, position };
  const equations: PointwiseDefinition = {
    ...common,
    residuals: [...dynamic, ...algebraic],
    leading: leadingLeaves,
    copies: lower.map(({ copy }) => copy),
  };
  const massFields = [
    ...dynamicFields.map(({ name, timeOrder }) =>
      fields.findIndex((f) => f.name === name && f.timeOrder === timeOrder - 1),
    ),
    ...algebraic.map(() => -1),
    ...lower.map(({ index }) => index),
  ];

  let initial: PointwiseDefinition | undefined;
  if (time !== undefined) {
    const needed = fields.length - algebraic.length;
    if (conditions.initial.length !== needed) {
      throw new NotSupportedError(
        `${conditions.initial.length} initial conditions where ${needed} are needed`,
      );
    }
    initial = { ...common, residuals: [...conditions.initial, ...algebraic], leading: [], copies: [] };
  }
  const boundaryOrder = fields.reduce((sum, { order }) => sum + order, 0);
  const given = conditions.boundary.length;
  if (conditions.periodic ? given > 0 : given !== boundaryOrder) {
    throw new NotSupportedError(
      conditions.periodic
        ? `conditions at fixed ${coordinates[space].name} beside a periodic one`
        : `${given} boundary conditions in ${coordinates[space].name} where the equations' orders sum to ${boundaryOrder}`,
    );
  }
  return {
    space,
    time,
    fields,
    valueCount: unknownPlace + unknowns.length,
    unknownPlace,
    periodic: conditions.periodic,
    equations,
    massFields,
    initial,
    boundary: conditions.boundary,
    position,
  };
}

interface SortedConditions {
  readonly initial: Expression[];
  readonly boundary: BoundaryResidual[];
  readonly periodic: boolean;
}

function conditionsOf(problem: Problem, space: number, time: number | undefined): SortedConditions {
  const initial: Expression[] = [];
  const boundary: BoundaryResidual[] = [];
  let periodic = false;
  for (const condition of problem.conditions) {
    const { path } = condition;
    if (condition.kind === 'periodic') {
      if (condition.coordinate !== space)
        throw new NotSupportedError('a condition periodic in time', { path });
      periodic = true;
      continue;
    }
    if (condition.kind === 'parts' || condition.kind === 'interface')
      throw new NotSupportedError('this reference knows no interfaces and no geometries', { path });
    const residual = subtract(condition.left, condition.right);
    if (condition.kind === 'points') {
      if (time !== undefined) throw new NotSupportedError('a condition at single points', { path });
      for (const x of condition.points) boundary.push({ path, x, residual });
      continue;
    }
    for (const plane of condition.planes) {
      if (plane.coordinate === space) {
        if (time !== undefined && plane.outward === 0) {
          throw new NotSupportedError('a condition inside the domain', { path });
        }
        boundary.push({
          path,
          x: plane.value,
          residual: withNormal(residual, problem, space, plane.outward),
        });
      } else if (plane.outward === -1) initial.push(residual);
      else throw new NotSupportedError('a condition at a time other than the start', { path });
    }
  }
  return { initial, boundary, periodic };
}

/** The outward normal's components as numbers. */
function withNormal(residual: Expression, problem: Problem, space: number, outward: number): Expression {
  return substitute(
    residual,
    (leaf) =>
      leaf.kind === 'column' && leaf.name.startsWith('normal:')
        ? number(leaf.name === `normal:${problem.coordinates[space].name}` ? outward : 0)
        : leaf,
    apply,
  );
}
