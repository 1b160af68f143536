/** What a window of time takes from the end of the one before. */
import { evaluateProgram } from '../../expression/evaluate.ts';
import { compileProgram } from '../../expression/program.ts';
import type { Problem } from '../../problem/index.ts';
import { inNormalizedVariables, type Scaling } from '../../residual/index.ts';
import { carriedColumn, carriedLeaves } from '../../solve/windows/window-problem.ts';
import { axisProjection, axisValues } from './axis-basis.ts';
import type { JetStore } from './jet-store.ts';
import type { ProductBasis, ProductPlace } from './product-basis.ts';

/** Values of fields and their time derivatives at the end of a window, in the user's units, as linear maps. */
export class CarriedState {
  readonly #columns: ReadonlyMap<string, (coefficients: Float64Array) => Float64Array>;

  /** @param points  of the later window, normalised, on its first face */
  constructor(
    problem: Problem,
    scaling: Scaling,
    places: readonly ProductPlace[],
    store: JetStore,
    points: Float64Array,
  ) {
    const d = problem.coordinates.length;
    const time = problem.time!;
    const count = points.length / d;
    const end = points.map((value, k) => (k % d === time ? 1 : value));
    this.#columns = new Map(
      carriedLeaves(problem).map((leaf) => {
        const program = compileProgram([inNormalizedVariables(leaf, scaling)]);
        const columns = program.inputs.map((input) => {
          if (input.kind === 'coordinate') {
            const own = Float64Array.from({ length: count }, (_, n) => end[n * d + input.index]);
            return () => own;
          }
          if (input.kind !== 'field') throw new Error(`${input.name} cannot be carried`);
          const place = places.find(({ name }) => name === input.name)!;
          const { size, offset } = place;
          const jets = store.at(place, end, input.order);
          return (coefficients: Float64Array) => {
            const values = new Float64Array(count);
            for (let p = 0, at = 0; p < size; p++)
              for (let n = 0; n < count; n++, at++) values[n] += coefficients[offset + p] * jets[at];
            return values;
          };
        });
        return [
          carriedColumn(leaf),
          (coefficients) =>
            evaluateProgram(
              program,
              columns.map((column) => column(coefficients)),
              count,
            )[0],
        ];
      }),
    );
  }

  /** The column of that name; undefined for one that is none of these. */
  column(name: string, coefficients: Float64Array): Float64Array | undefined {
    return this.#columns.get(name)?.(coefficients);
  }
}

/** Coefficients of fields that go on in a straight line from the end of a window, in the window after it. */
export function continued(
  coefficients: Float64Array,
  places: readonly ProductPlace[],
  time: number,
): Float64Array {
  const result = new Float64Array(coefficients.length);
  for (const { basis, offset } of places) {
    const axis = basis.of.indexOf(time);
    const map = continuation(basis, axis);
    const { count } = basis.axes[axis];
    const inner = basis.axes.slice(axis + 1).reduce((product, other) => product * other.count, 1);
    for (let outer = 0; outer < basis.size; outer += count * inner)
      for (let i = 0; i < inner; i++)
        for (let to = 0; to < count; to++) {
          let sum = 0;
          for (let from = 0; from < count; from++)
            sum += map[to * count + from] * coefficients[offset + outer + from * inner + i];
          result[offset + outer + to * inner + i] = sum;
        }
  }
  return result;
}

const continuations = new WeakMap<ProductBasis, Float64Array>();

/** (count, count), row-major: f(1) + f′(1)·(ξ + 1) of each function. */
function continuation(basis: ProductBasis, axis: number): Float64Array {
  const known = continuations.get(basis);
  if (known !== undefined) return known;
  const own = basis.axes[axis];
  const [one, line] = [axisProjection(own, () => 1), axisProjection(own, (x) => x + 1)];
  const [values, slopes] = [axisValues(own, [1]), axisValues(own, [1], 1)];
  const n = own.count;
  const map = Float64Array.from({ length: n * n }, (_, k) => {
    const [to, from] = [Math.floor(k / n), k % n];
    return one[to] * values[from] + line[to] * slopes[from];
  });
  continuations.set(basis, map);
  return map;
}
