/** Problems in one space coordinate that have interfaces or gaps, folded onto one interval. */
import { NotSupportedError } from '../errors.ts';
import { add, apply, field, multiply, number, subtract } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, substitute } from '../expression/expression.ts';
import type { BoundaryPart } from '../geometry/shape.ts';
import { unitMultiIndex } from '../jet/multi-index.ts';
import { pieceAt } from '../problem/pieces.ts';
import type { Condition, Equation, Field, Problem, Trace } from '../problem/problem.ts';
import { highestOrder } from './explicit-form.ts';
import type { AvailableReference } from './reference-result.ts';

/** A part of the space between interfaces and ends. */
interface Segment {
  readonly index: number;
  readonly low: number;
  readonly high: number;
  /** Whether the folded coordinate runs along it from low to high, or back. */
  readonly forward: boolean;
}

/** Of the space's size: how far from an interface coefficients are taken, so that they are those of their own side. */
const beside = 1e-13;
/** Of the space's size: points closer than this are the same one. */
const same = 1e-9;

/** Where `where` is looked at, over a segment's length. */
const looks = [0.01, 0.3, 0.6, 0.99];

const spaceOf = ({ coordinates, time }: Problem): number => coordinates.findIndex((_, i) => i !== time);

/** Whether the problem has one space coordinate, and interfaces or gaps in it. */
export function needsFolding({ space, conditions, coordinates, time }: Problem): boolean {
  const dimension = coordinates.length - (time === null ? 0 : 1);
  return dimension === 1 && (space !== undefined || conditions.some(({ kind }) => kind === 'interface'));
}

function endsOf(part: BoundaryPart): { x: number; normal: number }[] {
  const { points, normals, count } = part.sample('grid', Math.max(1, Math.round(part.measure)), 0);
  return Array.from({ length: count }, (_, n) => ({ x: points[n], normal: normals[n] }));
}

/** The space cut at its interfaces, in ascending order. */
function segmentsOf(problem: Problem): Segment[] {
  const { low, high } = problem.coordinates[spaceOf(problem)];
  const slack = same * (high - low);
  const ends = (problem.space?.shape.boundary ?? [])
    .flatMap(endsOf)
    .map(({ x }) => x)
    .sort((a, b) => a - b);
  const spans =
    ends.length === 0 ? [[low, high]] : ends.flatMap((x, i) => (i % 2 === 0 ? [[x, ends[i + 1]]] : []));
  const cuts = problem.conditions
    .flatMap((condition) => (condition.kind === 'interface' ? condition.parts.flatMap(endsOf) : []))
    .map(({ x }) => x)
    .sort((a, b) => a - b)
    .filter((x, i, all) => i === 0 || x - all[i - 1] > slack);
  return spans
    .flatMap(([from, to]) => {
      const places = [from, ...cuts.filter((x) => x > from + slack && x < to - slack), to];
      return places.slice(1).map((end, i) => ({ low: places[i], high: end }));
    })
    .map((span, index) => ({ ...span, index, forward: index % 2 === 0 }));
}

/**
 * The problem with every segment mapped onto [0, 1], there and back in turn, so that both sides of an interface
 * have the same coordinate there and its conditions are boundary conditions of a system with the fields of all
 * segments (Ascher & Russell, SIAM Review 23, 1981, 238–254).
 */
class FoldedProblem {
  readonly problem: Problem;
  private readonly original: Problem;
  private readonly space: number;
  private readonly segments: readonly Segment[];
  private readonly size: number;

  constructor(original: Problem) {
    this.original = original;
    this.space = spaceOf(original);
    this.segments = segmentsOf(original);
    const { low, high } = original.coordinates[this.space];
    this.size = high - low;
    const partial = original.fields.find(({ of }) => of.length < original.coordinates.length);
    if (partial !== undefined)
      throw new NotSupportedError(`field ${partial.name} depends on some of the coordinates only`);
    this.problem = {
      ...original,
      space: undefined,
      regions: new Map(),
      exact: new Map(),
      coordinates: original.coordinates.map((c, i) => (i === this.space ? { ...c, low: 0, high: 1 } : c)),
      fields: this.segments.flatMap((segment) =>
        original.fields.map((f): Field => ({ name: this.nameIn(f.name, segment), of: f.of, unknown: false })),
      ),
      equations: this.segments.flatMap((segment) => this.equationsIn(segment)),
      conditions: [...original.conditions.flatMap((c) => this.conditionsOf(c)), ...this.continuity()],
    };
  }

  /** Values of the original fields from those of the folded ones. */
  evaluate(found: AvailableReference, points: Float64Array): Record<string, Float64Array> {
    const d = this.original.coordinates.length;
    const count = points.length / d;
    const values = Object.fromEntries(
      this.original.fields.map(({ name }) => [name, new Float64Array(count)]),
    );
    const rows = this.segments.map((): number[] => []);
    for (let n = 0; n < count; n++) {
      const x = points[n * d + this.space];
      const i = this.segments.findIndex(({ high }) => x <= high);
      rows[i < 0 ? rows.length - 1 : i].push(n);
    }
    for (const segment of this.segments) {
      const own = rows[segment.index];
      if (own.length === 0) continue;
      const mapped = Float64Array.from(
        own.flatMap((n) =>
          Array.from(points.subarray(n * d, (n + 1) * d), (x, i) => {
            if (i !== this.space) return x;
            const share = Math.min(1, Math.max(0, (x - segment.low) / (segment.high - segment.low)));
            return segment.forward ? share : 1 - share;
          }),
        ),
      );
      const folded = found.evaluate(mapped);
      for (const { name } of this.original.fields)
        own.forEach((n, k) => {
          values[name][n] = folded[this.nameIn(name, segment)][k];
        });
    }
    return values;
  }

  private nameIn(name: string, { index }: Segment): string {
    return `${name}@${index}`;
  }

  /** The folded coordinate of a segment's end. */
  private placeOf({ forward }: Segment, end: 'low' | 'high'): 0 | 1 {
    return (end === 'low') === forward ? 0 : 1;
  }

  /** The segment but for what is nearest to its interfaces. */
  private insideOf({ index, low, high }: Segment): readonly [number, number] {
    const shared = (x: number, other: number | undefined): boolean =>
      other !== undefined && Math.abs(x - other) <= same * this.size;
    const shift = beside * this.size;
    return [
      shared(low, this.segments[index - 1]?.high) ? low + shift : low,
      shared(high, this.segments[index + 1]?.low) ? high - shift : high,
    ];
  }

  /** The expression in folded coordinates; `segments` are those of the fields' sides 0 and 1. */
  private folded(
    expression: Expression,
    segments: readonly [Segment, Segment],
    normal = 0,
    traces: readonly Trace[] = [],
  ): Expression {
    return substitute(
      expression,
      (leaf) => {
        if (leaf.kind === 'coordinate' && leaf.index === this.space) {
          const [from, to] = this.insideOf(segments[0]);
          const along = multiply(number(to - from), leaf);
          return segments[0].forward ? add(number(from), along) : subtract(number(to), along);
        }
        if (leaf.kind === 'column') {
          if (leaf.name.startsWith('normal:')) return number(normal);
          const trace = traces.find(({ column }) => column === leaf.name);
          if (trace === undefined) return leaf;
          const own = segments[trace.side];
          return this.folded(trace.expression, [own, own], normal);
        }
        if (leaf.kind !== 'field') return leaf;
        if (leaf.at !== undefined) throw new NotSupportedError('an integral over a field in pieces');
        const segment = segments[leaf.side === 1 ? 1 : 0];
        const slope = (segment.forward ? 1 : -1) / (segment.high - segment.low);
        return multiply(
          number(slope ** leaf.order[this.space]),
          field(this.nameIn(leaf.name, segment), leaf.order, leaf.of),
        );
      },
      apply,
    );
  }

  private equationsIn(segment: Segment): Equation[] {
    const both = [segment, segment] as const;
    return this.original.equations.flatMap((equation) => {
      const holds = looks.map((share) =>
        this.holdsAt(equation, segment.low + share * (segment.high - segment.low)),
      );
      if (holds.some((value) => value !== holds[0]))
        throw new NotSupportedError('an equation that holds on a part between two interfaces', {
          path: equation.path,
        });
      if (!holds[0]) return [];
      const [left, right] = [equation.left, equation.right].map((side) => this.folded(side, both));
      return [{ ...equation, left, right, where: undefined }];
    });
  }

  private holdsAt({ where, path }: Equation, x: number): boolean {
    if (where === undefined) return true;
    return (
      evaluateScalar(where, (leaf) => {
        if (leaf.kind === 'coordinate' && leaf.index === this.space) return x;
        throw new NotSupportedError('an equation that holds on a part of time', { path });
      }) !== 0
    );
  }

  private conditionsOf(condition: Condition): Condition[] {
    const { path } = condition;
    if (condition.kind === 'periodic' || condition.kind === 'points')
      throw new NotSupportedError('a periodic or point condition beside interfaces', { path });
    const at = (
      segments: readonly [Segment, Segment],
      place: 0 | 1,
      normal: number,
      traces: readonly Trace[] = [],
    ): Condition => {
      const [left, right] = [condition.left, condition.right].map((side) =>
        this.folded(side, segments, normal, traces),
      );
      const planes = [{ coordinate: this.space, value: place, outward: place === 0 ? -1 : 1 } as const];
      return { kind: 'planes', path, text: condition.text, weight: 1, left, right, planes };
    };
    const atEnd = (x: number, normal: number): Condition => {
      const end = normal < 0 ? 'low' : 'high';
      const segment = this.segments.find((s) => Math.abs(s[end] - x) <= same * this.size);
      if (segment === undefined) throw new NotSupportedError('a condition inside the domain', { path });
      return at([segment, segment], this.placeOf(segment, end), normal);
    };
    if (condition.kind === 'parts')
      return condition.parts.flatMap(endsOf).map(({ x, normal }) => atEnd(x, normal));
    if (condition.kind === 'interface')
      return condition.parts.flatMap(endsOf).map(({ x, normal }) => {
        const before = this.segments.find(({ high }) => Math.abs(high - x) <= same * this.size);
        const after = before && this.segments[before.index + 1];
        if (after === undefined)
          throw new NotSupportedError('an interface at an end of the domain', { path });
        const sides = normal > 0 ? ([before!, after] as const) : ([after, before!] as const);
        return at(sides, this.placeOf(before!, 'high'), normal, condition.traces);
      });
    return condition.planes.flatMap((plane) => {
      if (plane.coordinate === this.space) {
        if (plane.outward === 0) throw new NotSupportedError('a condition inside the domain', { path });
        return [atEnd(plane.value, plane.outward)];
      }
      return this.segments.map((segment): Condition => {
        const [left, right] = [condition.left, condition.right].map((side) =>
          this.folded(side, [segment, segment]),
        );
        return { ...condition, left, right, planes: [plane] };
      });
    });
  }

  /** Across a cut of other fields a field is as smooth as its equations say. */
  private continuity(): Condition[] {
    const { fields, equations, coordinates } = this.original;
    const residuals = equations.flatMap(({ left, right }) => [left, right]);
    const middle = ({ low, high }: Segment): number[] =>
      coordinates.map((c, i) => (i === this.space ? (low + high) / 2 : (c.low + c.high) / 2));
    return this.segments.slice(1).flatMap((after, i) => {
      const before = this.segments[i];
      if (after.low - before.high > same * this.size) return [];
      const value = this.placeOf(before, 'high');
      return fields.flatMap(({ name, of, pieces }) => {
        if (pieces !== undefined && pieceAt(pieces, middle(before)) !== pieceAt(pieces, middle(after)))
          return [];
        return Array.from({ length: highestOrder(residuals, name, this.space) }, (_, k): Condition => {
          const order = unitMultiIndex(coordinates.length, this.space).map((unit) => unit * k);
          const [left, right] = [before, after].map((segment) =>
            this.folded(field(name, order, of), [segment, segment]),
          );
          const planes = [{ coordinate: this.space, value, outward: value === 0 ? -1 : 1 } as const];
          return {
            kind: 'planes',
            path: 'fields',
            text: `${name} is smooth`,
            weight: 1,
            left,
            right,
            planes,
          };
        });
      });
    });
  }
}

/**
 * The reference of such a problem by a method for systems on an interval.
 *
 * @throws NotSupportedError, SolveError in words where there is none
 */
export function foldedReference(
  problem: Problem,
  solve: (folded: Problem) => AvailableReference,
): AvailableReference {
  const folded = new FoldedProblem(problem);
  const found = solve(folded.problem);
  const errorEstimate = Math.max(found.errorEstimate, 10 * beside);
  return { ...found, errorEstimate, evaluate: (points) => folded.evaluate(found, points) };
}
