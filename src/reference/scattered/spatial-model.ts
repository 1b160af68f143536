import { SolveError } from '../../errors.ts';
import { field as fieldNode, subtract } from '../../expression/build.ts';
import { zeroMultiIndex } from '../../jet/multi-index.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { Discretization } from './discretization.ts';
import type { ScatteredDomain } from './domain.ts';
import { nodeSet } from './node-set.ts';
import type { ScatteredForm } from './scattered-form.ts';
import { type Multiplier, ScatteredSystem, type SiteGroup } from './scattered-system.ts';
import { placement, siteGroups } from './sites.ts';
import { gradedSpacing } from './spacing.ts';

/** A problem on one set of nodes. */
export interface SpatialModel {
  readonly discretization: Discretization;
  readonly system: ScatteredSystem;
  /** Of evolution equations, the rows that the state at the start fulfils. */
  start(): ScatteredSystem;
}

/**
 * Fields known up to a constant: their mean is set to zero in the end.
 *
 * @throws SolveError where that is the only field
 */
export function freeConstants(form: ScatteredForm): readonly number[] {
  const pinned = new Set(
    form.points.flatMap(({ left, right }) => fieldLeaves([subtract(left, right)]).map(({ name }) => name)),
  );
  const free = form.floating.filter((field) => !pinned.has(form.problem.fields[field].name));
  const { fields } = form.problem;
  if (free.length > 0 && fields.length === 1) {
    throw new SolveError(
      `the solution is determined up to a constant: no condition holds ${fields[0].name} itself`,
    );
  }
  return free;
}

/**
 * @param spacing of the nodes
 * @param degree of the polynomials in stencils
 */
export function spatialModel(
  form: ScatteredForm,
  domain: ScatteredDomain,
  coarsest: number,
  degree: number,
  p: Float64Array,
): SpatialModel {
  const { problem } = form;
  const dimension = form.space.length;
  const spacing = gradedSpacing(coarsest, domain.relative.at, domain.corners, dimension, domain.size);
  const nodes = nodeSet(domain.shape, domain.partition, domain.corners, spacing);
  const placed = placement(form, nodes, spacing);
  const inner: SiteGroup[] = siteGroups(form, domain, nodes, placed);

  const free = freeConstants(form);
  const first = nodes.boundary.count + 2 * nodes.interfaces.count;
  const innerNodes = Int32Array.from({ length: nodes.count - first }, (_, i) => first + i);
  const carriers = nodes.count + placed.ghosts.owners.length;
  const probes: number[] = [];
  const groups = [...inner];
  const multipliers: Multiplier[] = [];
  const pin = (
    point: ArrayLike<number>,
    residual: SiteGroup['rows']['residuals'][0],
    field: number,
  ): void => {
    const probe = carriers + probes.length / dimension;
    for (let a = 0; a < dimension; a++) probes.push(point[a]);
    groups.push({
      rows: { residuals: [residual], leading: [], copies: [], masses: [-1] },
      sites: [{ node: probe, partner: -1, targets: [probe] }],
      columns: new Map(),
    });
    multipliers.push({ probe, row: Math.max(0, form.rowOfField(field)), nodes: innerNodes });
  };
  for (const condition of form.points) {
    const residual = subtract(condition.left, condition.right);
    const names = fieldLeaves([residual]).map(({ name }) => name);
    const held = problem.fields.map((_, i) => i).filter((i) => names.includes(problem.fields[i].name));
    const field = held.find((i) => form.floating.includes(i)) ?? held[0] ?? 0;
    const d = problem.coordinates.length;
    for (let i = 0; i < condition.count; i++) {
      pin(
        form.space.map((a) => condition.points[i * d + a]),
        residual,
        field,
      );
    }
  }
  for (const field of free) {
    const { name, of } = problem.fields[field];
    const middle = nodes.points.subarray(first * dimension, (first + 1) * dimension);
    pin(middle, fieldNode(name, zeroMultiIndex(problem.coordinates.length), of), field);
  }
  const discretization = new Discretization(
    nodes,
    degree,
    placed.ghosts,
    Float64Array.from(probes),
    domain.partition.regionOf,
  );
  const build = (list: readonly SiteGroup[]): ScatteredSystem =>
    new ScatteredSystem(form, discretization, list, multipliers, p);
  return {
    discretization,
    system: build(groups),
    start: () => build(groups.map((group) => ({ ...group, rows: form.atStart(group.rows) }))),
  };
}
