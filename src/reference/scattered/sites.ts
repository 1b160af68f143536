import { NotSupportedError } from '../../errors.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import type { Condition } from '../../problem/problem.ts';
import type { SurfaceNodes } from './curve-nodes.ts';
import type { Ghosts } from './discretization.ts';
import { interfaceKey, type ScatteredDomain } from './domain.ts';
import type { NodeSet } from './node-set.ts';
import type { ScatteredForm } from './scattered-form.ts';
import type { Site, SiteGroup } from './scattered-system.ts';
import type { Spacing } from './spacing.ts';

type BoundaryPlace = Extract<Condition, { kind: 'parts' | 'planes' }>;

/** Which conditions hold at each node of the boundary, and the ghosts there and beside interfaces. */
export interface Placement {
  /** For each boundary node positions in `form.boundary`. */
  readonly at: readonly (readonly number[])[];
  readonly ghosts: Ghosts;
}

export function placement(
  form: ScatteredForm,
  { dimension, boundary, interfaces }: NodeSet,
  spacing: Spacing,
): Placement {
  const { coordinates } = form.problem;
  const owners: number[] = [];
  const points: number[] = [];
  const addGhost = (owner: number, { points: all, normals }: SurfaceNodes, i: number, side: number): void => {
    owners.push(owner);
    const point = all.subarray(i * dimension, (i + 1) * dimension);
    const h = side * spacing.at(point);
    for (let a = 0; a < dimension; a++) points.push(point[a] + h * normals[i * dimension + a]);
  };
  const at = Array.from({ length: boundary.count }, (_, i) => {
    const point = boundary.points.subarray(i * dimension, (i + 1) * dimension);
    const held = form.boundary.flatMap((condition, c) =>
      holdsAt(condition as BoundaryPlace, point) ? [c] : [],
    );
    if (form.needsGhost(held.map((c) => form.boundary[c]))) addGhost(i, boundary, i, 1);
    return held;
  });
  if (form.allSecondOrder) {
    for (let i = 0; i < interfaces.count; i++) {
      addGhost(boundary.count + 2 * i, interfaces, i, 1);
      addGhost(boundary.count + 2 * i + 1, interfaces, i, -1);
    }
  }
  return { at, ghosts: { owners, points: Float64Array.from(points) } };

  function holdsAt(condition: BoundaryPlace, point: Float64Array): boolean {
    if (condition.kind === 'parts') return condition.parts.some((part) => part.contains(point));
    return condition.planes.some(({ coordinate, value }) => {
      const { low, high } = coordinates[coordinate];
      return Math.abs(point[form.space.indexOf(coordinate)] - value) <= 1e-9 * (high - low);
    });
  }
}

/** The nodes by what holds there: conditions on the boundary and on interfaces, equations inside. */
export function siteGroups(
  form: ScatteredForm,
  domain: ScatteredDomain,
  nodes: NodeSet,
  { at, ghosts: { owners } }: Placement,
): SiteGroup[] {
  const { dimension, boundary, interfaces } = nodes;
  const names = form.space.map((a) => `normal:${form.problem.coordinates[a].name}`);
  const normals = (of: Float64Array, list: readonly number[]): Map<string, Float64Array> =>
    new Map(names.map((name, a) => [name, Float64Array.from(list, (i) => of[i * dimension + a])] as const));
  const ghostOf = new Map(owners.map((owner, k) => [owner, nodes.count + k]));
  const groups: SiteGroup[] = [];

  const axisAt = (i: number): number => {
    const sizes = form.space.map((_, a) => Math.abs(boundary.normals[i * dimension + a]));
    return form.constraint === undefined ? 0 : sizes.indexOf(Math.max(...sizes));
  };
  for (const list of grouped(boundary.count, (i) => `${at[i].join()}:${axisAt(i)}`).values()) {
    const held = at[list[0]].map((c) => form.boundary[c]);
    const ghosts = ghostOf.has(list[0]);
    groups.push({
      rows: ghosts ? form.conditionsWithGhost(held) : form.conditions(held, 1, axisAt(list[0])),
      sites: list.map(
        (node): Site => ({ node, partner: -1, targets: ghosts ? [node, ghostOf.get(node)!] : [node] }),
      ),
      columns: normals(boundary.normals, list),
    });
  }

  for (const [key, list] of grouped(interfaces.count, (i) => domain.keys[interfaces.parts[i]])) {
    const held = form.interfaces.filter((condition) => interfaceKey(condition) === key);
    const columns = normals(interfaces.normals, list);
    for (const condition of held) {
      condition.traces.forEach(({ column, expression, side }) => {
        const values = Float64Array.from(list, (i) => {
          const step = (side === 0 ? -1e-7 : 1e-7) * domain.size;
          return evaluateScalar(expression, (leaf) => {
            const a = leaf.kind === 'coordinate' ? form.space.indexOf(leaf.index) : -1;
            if (a < 0) throw new NotSupportedError('a coefficient on an interface that depends on time');
            return interfaces.points[i * dimension + a] + step * interfaces.normals[i * dimension + a];
          });
        });
        columns.set(`${condition.path}:${column}`, values);
      });
    }
    const nodeOf = (i: number): number => boundary.count + 2 * i;
    groups.push({
      rows: form.conditions(held, 2),
      sites: list.map((i): Site => {
        const node = nodeOf(i);
        const pair = [node, node + 1];
        return { node, partner: node + 1, targets: pair.map((k) => ghostOf.get(k) ?? k) };
      }),
      columns,
    });
    // With ghosts the equations hold at the interface as well, with the coefficients of either side.
    for (const side of [0, 1]) {
      const sided = list.filter((i) => ghostOf.has(nodeOf(i) + side));
      if (sided.length === 0) continue;
      const step = (side === 0 ? -1e-7 : 1e-7) * domain.size;
      groups.push({
        rows: form.interior(undefined),
        sites: sided.map((i): Site => ({ node: nodeOf(i) + side, partner: -1, targets: [nodeOf(i) + side] })),
        columns: new Map(),
        offsets: Float64Array.from(
          sided.flatMap((i) => [...interfaces.normals.subarray(i * dimension, (i + 1) * dimension)]),
          (x) => step * x,
        ),
      });
    }
  }

  const first = boundary.count + 2 * interfaces.count;
  const { equations } = form.problem;
  const active = (i: number): string =>
    equations
      .flatMap(({ where }, e) => {
        if (where === undefined) return [e];
        const node = first + i;
        const value = evaluateScalar(where, (leaf) => {
          const a = leaf.kind === 'coordinate' ? form.space.indexOf(leaf.index) : -1;
          if (a < 0) throw new NotSupportedError('an equation that holds at some times only');
          return nodes.points[node * dimension + a];
        });
        return value !== 0 ? [e] : [];
      })
      .join();
  const partwise = equations.some(({ where }) => where !== undefined);
  for (const [key, list] of grouped(nodes.count - first, partwise ? active : () => 'all')) {
    groups.push({
      rows: form.interior(key === 'all' ? undefined : key.split(',').map(Number)),
      sites: list.map((i): Site => ({ node: first + i, partner: -1, targets: [first + i] })),
      columns: new Map(),
    });
  }
  return groups;
}

function grouped(count: number, keyOf: (i: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < count; i++) {
    const key = keyOf(i);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [i]);
    else list.push(i);
  }
  return groups;
}
