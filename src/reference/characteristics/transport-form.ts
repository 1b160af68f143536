import { NotSupportedError } from '../../errors.ts';
import { apply, subtract, zero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type FieldNode, type Leaf, substitute } from '../../expression/expression.ts';
import { fieldLeaves } from '../../problem/implied-value.ts';
import type { Problem } from '../../problem/problem.ts';
import { bindProgram } from '../bound-program.ts';

/** A(x, t) u_t + B(x, t) u_x + g(x, t, u) = 0 with u given where characteristics enter. */
export interface TransportForm {
  /** Positions of space and time among the coordinates. */
  readonly space: number;
  readonly time: number;
  /** Of x, t and u: puts dx/dt and du/dt along a characteristic into `slopes`. */
  slopes(x: number, t: number, u: number, slopes: Float64Array): void;
  /** Whether u stays as it is along characteristics. */
  readonly constant: boolean;
  initial(x: number): number;
  /** u on the lower and the upper end of space; undefined where nothing is given. */
  readonly faces: readonly [((t: number) => number) | undefined, ((t: number) => number) | undefined];
}

const refuse = (reason: string): never => {
  throw new NotSupportedError(`the method of characteristics: ${reason}`);
};

/** @throws NotSupportedError for a problem of another form */
export function transportForm(problem: Problem, p: Float64Array): TransportForm {
  const { coordinates, fields, equations, conditions, time, space: shape } = problem;
  if (time === null || coordinates.length !== 2 || fields.length !== 1 || shape !== undefined)
    return refuse('one field of one space coordinate and time is needed');
  const space = 1 - time;
  const [{ left, right, where }] = equations;
  const residual = subtract(left, right);
  const leaves = fieldLeaves([residual]);
  const orderOf = ({ order }: FieldNode): number => order[0] + order[1];
  if (where !== undefined || leaves.some((leaf) => leaf.at !== undefined || orderOf(leaf) > 1))
    return refuse('the equation is not of first order');
  const slopeOf = (axis: number): Expression => {
    const leaf = leaves.find(({ order }) => order[axis] === 1);
    return leaf === undefined ? zero : partial(residual, leaf);
  };
  const [inTime, inSpace] = [slopeOf(time), slopeOf(space)];
  if (fieldLeaves([inTime, inSpace]).length > 0) return refuse('the speed depends on the solution');
  const source = substitute(
    residual,
    (leaf) => (leaf.kind === 'field' && orderOf(leaf) === 1 ? zero : leaf),
    apply,
  );
  const names = problem.unknowns.map(({ name }) => name);
  const position = (leaf: Leaf): number => {
    if (leaf.kind === 'coordinate') return leaf.index;
    if (leaf.kind === 'field') return 2;
    return 3 + names.indexOf(leaf.name);
  };
  const run = bindProgram([inTime, inSpace, source], position);
  const values = Float64Array.from([0, 0, 0, ...p]);
  const outputs = new Float64Array(3);
  let initial: ((x: number) => number) | undefined;
  const faces: [((t: number) => number) | undefined, ((t: number) => number) | undefined] = [
    undefined,
    undefined,
  ];
  for (const condition of conditions) {
    if (condition.kind !== 'planes') return refuse('a condition is not on the faces of the domain');
    const there = subtract(condition.left, condition.right);
    const [leaf] = fieldLeaves([there]);
    const slope = leaf && partial(there, leaf);
    if (slope?.kind !== 'number' || orderOf(leaf) !== 0)
      return refuse(`${condition.path} does not give the field`);
    const rest = bindProgram([there], position);
    const value = new Float64Array(1);
    const at = (x: number, t: number): number => {
      values[space] = x;
      values[time] = t;
      values[2] = 0;
      rest(values, value);
      return -value[0] / slope.value;
    };
    for (const { coordinate, value: where } of condition.planes) {
      const { low, high } = coordinates[coordinate];
      if (coordinate === time) {
        if (where !== low) return refuse('a condition stands within time');
        initial = (x) => at(x, where);
      } else if (where === low) faces[0] = (t) => at(where, t);
      else if (where === high) faces[1] = (t) => at(where, t);
      else return refuse('a condition stands inside the domain');
    }
  }
  if (initial === undefined) return refuse('there is no initial condition');
  return {
    space,
    time,
    constant: source.kind === 'number' && source.value === 0,
    initial,
    faces,
    slopes: (x, t, u, slopes) => {
      values[space] = x;
      values[time] = t;
      values[2] = u;
      run(values, outputs);
      slopes[0] = outputs[1] / outputs[0];
      slopes[1] = -outputs[2] / outputs[0];
    },
  };
}
