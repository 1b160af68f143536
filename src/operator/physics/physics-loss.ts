/** What equations and conditions leave of given coefficients: a loss to train a branch with, without solutions. */

import { kernelModule } from '../../engine/f64/kernel-module.ts';
import { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/index.ts';
import { derivativeScale, type Scaling, toUserPoints } from '../../residual/index.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import type { SolutionBasis } from '../training/coefficient-set.ts';
import { type GivenColumns, givenColumns } from './block-values.ts';
import { CoefficientSystem, type FieldPlace, type Linearization } from './coefficient-system.ts';
import type { Sizes } from './function-solver.ts';
import { operatorResiduals, operatorScaling } from './operator-residuals.ts';
import { amplitudesOf, statedRanges } from './sizes.ts';

export interface PhysicsLossOptions {
  /** Gauss nodes along each coordinate; default 60 on a line, 40 elsewhere. */
  readonly nodes?: readonly number[];
  /** Points on each face; default 60. */
  readonly conditionPoints?: number;
  readonly seed?: number;
  /** Of fields and input functions; default: as far as the problem states them for the first functions. */
  readonly sizes?: Sizes;
}

/** Coefficients of functions by field, (functions, size of the field's basis) each. */
export type FieldCoefficients = Readonly<Record<string, Float64Array>>;

export interface LossOfCoefficients {
  /** Mean over the functions. */
  readonly loss: number;
  /** ∂loss/∂coefficients. */
  readonly gradient: FieldCoefficients;
}

/** The Gauss–Newton pieces for one function: matrix = JᵀJ, vector = Jᵀr; fields one after the other. */
export interface CoefficientEquations {
  readonly loss: number;
  /** (size, size), row-major. */
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
}

/** Functions that tell the sizes. */
const sized = 3;

interface BasisPlace extends FieldPlace {
  readonly basis: SolutionBasis;
}

/**
 * The loss of a physics-informed operator: the mean over functions of the mean squares of all residuals, each relative
 * to the largest term of its equation or condition, at (function, point) pairs. Derivatives of the basis, which is the
 * trunk, are computed once for all functions.
 */
export class PhysicsLoss {
  /** Number of functions. */
  readonly count: number;
  readonly #system: CoefficientSystem<BasisPlace>;
  readonly #places: readonly BasisPlace[];
  readonly #given: readonly (readonly GivenColumns[])[];
  readonly #memory: LinearMemory;

  private constructor(
    system: CoefficientSystem<BasisPlace>,
    places: readonly BasisPlace[],
    given: readonly (readonly GivenColumns[])[],
    memory: LinearMemory,
  ) {
    this.#system = system;
    this.#places = places;
    this.#given = given;
    this.#memory = memory;
    this.count = given.length;
  }

  /**
   * @param bases    by field
   * @param samples  for each function one of every input function
   * @throws ProblemError for a field without a basis
   */
  static async of(
    problem: Problem,
    bases: Readonly<Record<string, SolutionBasis>>,
    samples: readonly Readonly<Record<string, FunctionSample>>[],
    options: PhysicsLossOptions = {},
  ): Promise<PhysicsLoss> {
    const d = problem.coordinates.length;
    const { nodes = new Array<number>(d).fill(d === 1 ? 60 : 40), conditionPoints = 60, seed = 0 } = options;
    const few = samples.slice(0, sized);
    const { ranges, amplitudes } = options.sizes ?? {
      ranges: statedRanges(problem, few),
      amplitudes: amplitudesOf(problem, few),
    };
    const scaling = operatorScaling(problem, ranges, amplitudes);
    const blocks = operatorResiduals(problem, scaling, { nodes, conditionPoints, seed });
    let offset = 0;
    const places = problem.fields.map(({ name }): BasisPlace => {
      const basis = bases[name];
      if (basis === undefined)
        throw new ProblemError(`the field \`${name}\` has no basis`, { path: `bases.${name}` });
      const place = { name, basis, offset, size: basis.size };
      offset += basis.size;
      return place;
    });
    const system = new CoefficientSystem(blocks, places, ({ name, basis }, points, order) =>
      normalizedJets(basis, points, order, name, scaling),
    );
    const given = samples.map((own) =>
      system.blocks.map((block) =>
        givenColumns(block, own, (column) => {
          throw new Error(`nothing is known of ${column}`);
        }),
      ),
    );
    return new PhysicsLoss(system, places, given, new LinearMemory((await kernelModule()).module));
  }

  /** @param functions  positions among the samples, a batch of them; default: all */
  lossAndGradient(
    coefficients: FieldCoefficients,
    functions: readonly number[] = this.#given.map((_, i) => i),
  ): LossOfCoefficients {
    this.#check(coefficients, functions.length);
    const gradient = Object.fromEntries(
      this.#places.map(({ name, size }) => [name, new Float64Array(functions.length * size)]),
    );
    let loss = 0;
    functions.forEach((which, row) => {
      const { linearization } = this.#at(coefficients, which, row);
      loss += linearization.loss / functions.length;
      const own = this.#system.gradient(linearization);
      for (const { name, offset, size } of this.#places)
        for (let p = 0; p < size; p++)
          gradient[name][row * size + p] = (2 / functions.length) * own[offset + p];
    });
    return { loss, gradient };
  }

  /**
   * What a Gauss–Newton step needs in the coefficients of one function: by the chain rule that of a branch's parameters.
   *
   * @param which  position among the samples
   * @param row    of the coefficients; default: the same
   */
  equations(coefficients: FieldCoefficients, which: number, row = which): CoefficientEquations {
    const { linearization } = this.#at(coefficients, which, row);
    return {
      loss: linearization.loss,
      matrix: this.#system.normalMatrix(this.#memory, linearization),
      vector: this.#system.gradient(linearization),
    };
  }

  #at(coefficients: FieldCoefficients, which: number, row: number): { linearization: Linearization } {
    const own = new Float64Array(this.#system.size);
    for (const { name, offset, size } of this.#places)
      own.set(coefficients[name].subarray(row * size, (row + 1) * size), offset);
    return { linearization: this.#system.at(own, this.#given[which]) };
  }

  #check(coefficients: FieldCoefficients, rows: number): void {
    for (const { name, size } of this.#places)
      if (coefficients[name]?.length !== rows * size)
        throw new ProblemError(
          `there are ${coefficients[name]?.length ?? 'no'} coefficients of \`${name}\`; ${rows} functions have ${rows * size}`,
          { path: `coefficients.${name}` },
        );
  }
}

/** In normalised variables, (size, N). */
function normalizedJets(
  basis: SolutionBasis,
  points: Float64Array,
  order: readonly number[],
  name: string,
  scaling: Scaling,
): Float64Array {
  const count = points.length / scaling.coordinates.length;
  const values = basis.values(toUserPoints(points, scaling), count, order);
  const { scale, networkScale = scale } = scaling.fields.get(name)!;
  const factor = scale / networkScale / derivativeScale(scaling, name, order);
  const jets = new Float64Array(values.length);
  for (let n = 0, at = 0; n < count; n++)
    for (let p = 0; p < basis.size; p++, at++) jets[p * count + n] = factor * values[at];
  return jets;
}
