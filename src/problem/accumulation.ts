/**
 * What is observed over a span of time: new cases of a week, rain of a day. The integral of an observed
 * expression becomes a field of its own, so that solvers of every kind see an ordinary problem.
 */
import { ProblemError } from '../errors.ts';
import { field, fieldValue, subtract, zero } from '../expression/build.ts';
import { type Expression, leavesOf } from '../expression/expression.ts';
import { unitMultiIndex } from '../jet/multi-index.ts';
import type { NameRegister } from './names.ts';
import type { Condition, Coordinate, Equation, Field, PlaneCondition } from './problem.ts';

/** The fields, equations and conditions that accumulated observations add to a problem. */
export class Accumulation {
  readonly fields: Field[] = [];
  readonly equations: Equation[] = [];
  readonly conditions: PlaneCondition[] = [];
  private readonly differences = new Map<string, Expression>();
  private readonly coordinates: readonly Coordinate[];
  private readonly time: number;
  private readonly start: number;
  private readonly periodic: boolean;
  private readonly names: NameRegister;

  constructor(
    coordinates: readonly Coordinate[],
    time: number,
    conditions: readonly Condition[],
    names: NameRegister,
  ) {
    this.coordinates = coordinates;
    this.time = time;
    this.start = startOf(conditions, coordinates, time);
    this.names = names;
    this.periodic = conditions.some((c) => c.kind === 'periodic' && c.coordinate === time);
  }

  /**
   * The integral of an expression over a span of time: side 0 of its accumulated field at the end of the span
   * minus side 1 at its beginning. The same text is accumulated once.
   *
   * @param column  gives the field its name
   * @throws ProblemError for an expression without a field
   */
  integral(expression: Expression, text: string, column: string, path: string): Expression {
    const known = this.differences.get(text.trim());
    if (known !== undefined) return known;
    const { coordinates, time } = this;
    if (this.periodic)
      throw new ProblemError('what accumulates over time is not periodic in time', {
        path,
        hint: 'take out the periodic condition, or observe the rate itself without `over`',
      });
    const leaves = leavesOf([expression]);
    if (!leaves.some((leaf) => leaf.kind === 'field'))
      throw new ProblemError('what is observed holds no field', { path });
    const dependence = leaves.flatMap((leaf) =>
      leaf.kind === 'field' ? leaf.of : leaf.kind === 'coordinate' ? [leaf.index] : [],
    );
    const of = [...new Set([...dependence, time])].sort((a, b) => a - b);
    const name = this.names.declareNear(`cumulative_${column}`, path);
    const d = coordinates.length;
    const { name: timeName, low, high } = coordinates[time];
    const weight = 1;
    this.fields.push({ name, of, unknown: false, accumulated: true });
    this.equations.push({
      path: `fields.${name}`,
      text: `d${name}/d${timeName} = ${text.trim()}`,
      left: field(name, unitMultiIndex(d, time), of),
      right: expression,
      weight,
      where: undefined,
    });
    const outward = this.start === low ? -1 : this.start === high ? 1 : 0;
    this.conditions.push({
      kind: 'planes',
      path: `fields.${name}.start`,
      text: `${name} = 0`,
      planes: [{ coordinate: time, value: this.start, outward }],
      left: fieldValue(name, d, of),
      right: zero,
      weight,
    });
    const difference = subtract(fieldValue(name, d, of, 0), fieldValue(name, d, of, 1));
    this.differences.set(text.trim(), difference);
    return difference;
  }
}

/** Where the accumulated fields are zero: where the problem's own conditions in time stand, if at one time. */
function startOf(conditions: readonly Condition[], coordinates: readonly Coordinate[], time: number): number {
  const times = new Set(
    conditions.flatMap((condition) => {
      if (condition.kind === 'planes')
        return condition.planes.flatMap((p) => (p.coordinate === time ? [p.value] : []));
      return condition.kind === 'points' && coordinates.length === 1 ? [...condition.points] : [];
    }),
  );
  const [only] = times;
  return times.size === 1 ? only : coordinates[time].low;
}
