/** On a circle a shifted input function has the shifted solution: coefficients of both. */
import type { Problem } from '../../problem/index.ts';
import { randomGenerator } from '../../random/generator.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import type { SolutionBasis } from '../training/coefficient-set.ts';
import { circleExpansion } from './circle-expansion.ts';
import { compressed } from './compression.ts';
import type { FunctionSolver } from './function-solver.ts';

export interface ShiftOptions {
  /** The coordinate along which all may be shifted. */
  readonly along: number;
  /** Rows in all. */
  readonly most: number;
  readonly seed: number;
  /** Of so many functions one is not shifted, and comes after all the others: to test with. */
  readonly heldOut: number;
}

export interface ShiftedCoefficients {
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** Rows, shifted ones and those held out included. */
  readonly count: number;
  /** Rows held out, the last ones. */
  readonly left: number;
  readonly bases: Readonly<Record<string, SolutionBasis>>;
  readonly coefficients: Readonly<Record<string, Float64Array>>;
}

/**
 * @param samples  input functions of every solution
 * @param rows     a field's coefficients of every solution
 * @returns undefined where there is no room for shifted functions
 */
export function shiftedCoefficients(
  problem: Problem,
  samples: readonly Readonly<Record<string, FunctionSample>>[],
  solver: FunctionSolver,
  rows: (field: string) => readonly Float64Array[],
  { along, most, seed, heldOut }: ShiftOptions,
): ShiftedCoefficients | undefined {
  const all = samples.map((_, n) => n);
  const left = all.filter((n) => n % heldOut === heldOut - 1);
  const own = all.filter((n) => n % heldOut !== heldOut - 1);
  const copies = Math.floor((most - left.length) / own.length) - 1;
  if (copies < 1 || left.length === 0) return undefined;
  const random = randomGenerator(seed);
  const shifts = [
    ...own.flatMap((n) => [
      { n, turns: 0 },
      ...Array.from({ length: copies }, () => ({ n, turns: random.uniform() })),
    ]),
    ...left.map((n) => ({ n, turns: 0 })),
  ];
  const { low, high } = problem.coordinates[along];
  const inputs: Record<string, Float64Array> = {};
  for (const { name, of, sensors, sensorCount } of problem.inputs) {
    const values = new Float64Array(shifts.length * sensorCount);
    shifts.forEach(({ n, turns }, i) => {
      const places =
        of[0] === along && turns !== 0
          ? Float64Array.from(sensors, (x) => {
              const share = (x - low) / (high - low) - turns;
              return low + (share - Math.floor(share)) * (high - low);
            })
          : Float64Array.from(sensors);
      const found = samples[n][name].values(places);
      for (let k = 0; k < sensorCount; k++) values[i * sensorCount + k] = found[of.length === 0 ? 0 : k];
    });
    inputs[name] = values;
  }
  const bases: Record<string, SolutionBasis> = {};
  const coefficients: Record<string, Float64Array> = {};
  for (const { name, basis } of solver.places) {
    const axis = basis.of.indexOf(along);
    const given = rows(name);
    const { size, functions, row } =
      axis < 0 ? unshifted(given) : turned(circleExpansion(given, basis, axis));
    bases[name] = solver.basisOf(name, functions, size);
    const values = new Float64Array(shifts.length * size);
    shifts.forEach(({ n, turns }, i) => void values.set(row(n, turns), i * size));
    coefficients[name] = values;
  }
  return { inputs, count: shifts.length, left: left.length, bases, coefficients };
}

interface Rows {
  readonly size: number;
  readonly functions: Float64Array;
  readonly row: (n: number, turns: number) => Float64Array;
}

function turned({ size, functions, shifted }: ReturnType<typeof circleExpansion>): Rows {
  return { size, functions, row: shifted };
}

function unshifted(given: readonly Float64Array[]): Rows {
  const { size, functions, coefficients } = compressed(given, given[0].length);
  return { size, functions, row: (n) => coefficients.subarray(n * size, (n + 1) * size) };
}
