import { InterruptedError, ProblemError } from '../errors.ts';
import { divide, multiply, number } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type Leaf, leavesOf } from '../expression/expression.ts';
import type { NamedExpression, Problem } from '../problem/problem.ts';
import { type UndeterminedDirection, undeterminedDirections } from './identifiability.ts';
import { type LikelihoodFunction, parameter, type Quantity } from './likelihood-function.ts';
import { maximizeLikelihood } from './maximum-likelihood.ts';
import { twoSidedNormal } from './normal-distribution.ts';
import { type ProfileCurve, profileCurves } from './profile-curve.ts';
import { twoSidedStudentT } from './student-t.ts';
import { TrajectoryLikelihood } from './trajectory-likelihood.ts';

export interface ProfileLikelihoodOptions {
  /** A fit to start from; default: the likelihood is maximized from the unknowns' `initial`. */
  readonly fit?: {
    readonly estimates: Readonly<Record<string, { readonly value: number }>>;
    readonly noise?: Readonly<Record<string, { readonly value: number }>>;
  };
  /** Unknowns, derived expressions, noise parameters; default: all of them. */
  readonly names?: readonly string[];
  /** Confidence level; default 0.95. */
  readonly level?: number;
  /** Relative tolerance of the integration; default 1e-10. */
  readonly rtol?: number;
  readonly signal?: AbortSignal;
}

/**
 * The profile likelihood of each unknown, derived expression and noise parameter: the largest likelihood at
 * every value of it, all others adapting. Values whose deviance stays below the threshold make up the interval.
 *
 * The threshold is the quantile of χ² with one degree of freedom; with noise of unknown size, Gaussian on the scale
 * of the values or of their logarithms, it is
 * n ln(1 + t²/(n − p)), with t the quantile of Student's distribution at n − p degrees of freedom and p the number
 * of unknowns that the data tell apart, so that a
 * model linear in its unknowns gets its exact interval: Bates & Watts (1988), Nonlinear Regression Analysis,
 * section 6.1; else Venzon & Moolgavkar (1988), Applied Statistics 37, 87–94.
 *
 * @throws NotSupportedError where the problem cannot be shot at; ProblemError for bad options; SolveError where
 * the likelihood has no value at the start; InterruptedError once the signal is aborted
 */
export function profileLikelihood(problem: Problem, options: ProfileLikelihoodOptions = {}): ProfileCurve[] {
  const { names, level = 0.95, rtol, signal, fit } = options;
  const likelihood = new TrajectoryLikelihood(problem, { rtol });
  const quantities = quantitiesOf(problem, likelihood, names);
  checkLevel(level);
  const check = (): void => {
    if (signal?.aborted) throw new InterruptedError('the profile was interrupted');
  };
  check();
  const { x } = maximizeLikelihood(likelihood, { start: startOf(likelihood, fit), signal });
  const profiled = profiledFunction(likelihood);
  const undetermined = unknownDirections(profiled, x, problem).length;
  const threshold = devianceThreshold(problem, level, problem.unknowns.length - undetermined);
  const dispersions = likelihood.names.slice(likelihood.unknowns);
  return profileCurves(profiled, quantities, x, { level, threshold, check }).map((curve) =>
    dispersions.includes(curve.name) && curve.high === null
      ? { ...curve, words: `${curve.words}; counts may scatter no more than Poisson ones` }
      : curve,
  );
}

/**
 * Parameters that the data cannot tell apart at given values, by default at the maximum of the likelihood.
 *
 * @throws as {@link profileLikelihood}
 */
export function identifiability(
  problem: Problem,
  options: Pick<ProfileLikelihoodOptions, 'fit' | 'rtol' | 'signal'> = {},
): UndeterminedDirection[] {
  const { rtol, signal, fit } = options;
  const likelihood = new TrajectoryLikelihood(problem, { rtol });
  const { x } = maximizeLikelihood(likelihood, { start: startOf(likelihood, fit), signal });
  return unknownDirections(profiledFunction(likelihood), x, problem);
}

/** Noise parameters left out: they share no information with the unknowns. */
function unknownDirections(
  likelihood: LikelihoodFunction,
  x: Float64Array,
  { unknowns }: Problem,
): UndeterminedDirection[] {
  const names = new Set(unknowns.map(({ name }) => name));
  return undeterminedDirections(likelihood, x).filter(({ exponents }) =>
    Object.keys(exponents).some((name) => names.has(name)),
  );
}

/** The information by which scoring takes its steps, on the scale of the parameters themselves. */
function profiledFunction(likelihood: TrajectoryLikelihood): LikelihoodFunction {
  const { names, low, high, unknowns, leastSquares, noiseParameters } = likelihood;
  const n = names.length;
  return {
    names,
    low,
    high,
    evaluate: (x) => {
      const { negativeLogLikelihood, score, jacobian, residuals, noise } = likelihood.evaluate(x);
      const unit = x.map((value, j) => (j < unknowns ? 1 : value));
      // Residuals of least squares are in the unit of the data.
      const variance = leastSquares && noiseParameters.length > 0 ? noise[noiseParameters[0].name] ** 2 : 1;
      const information = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let row = 0; row < residuals.length; row++)
            sum += jacobian[row * n + i] * jacobian[row * n + j];
          information[i * n + j] = sum / (variance * unit[i] * unit[j]);
          information[j * n + i] = information[i * n + j];
        }
      }
      return { negativeLogLikelihood, score, information };
    },
  };
}

function startOf(likelihood: TrajectoryLikelihood, fit: ProfileLikelihoodOptions['fit']): Float64Array {
  return Float64Array.from(
    likelihood.names,
    (name, i) => (fit?.noise?.[name] ?? fit?.estimates[name])?.value ?? likelihood.start[i],
  );
}

function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new ProblemError(`${level} is no confidence level`, {
    path: 'level',
    hint: 'use a number between 0 and 1',
  });
}

/**
 * Deviance above which a value lies outside the interval.
 *
 * @param determined number of unknowns that the data tell apart
 */
function devianceThreshold({ observations }: Problem, level: number, determined: number): number {
  const count = observations.reduce((sum, { values }) => sum + values.length, 0);
  const freedom = count - determined;
  const ofUnknownSize = observations.every(
    ({ noise }) =>
      (noise.distribution === 'gaussian' || noise.distribution === 'log-normal') &&
      noise.standardDeviation === undefined,
  );
  if (!ofUnknownSize || freedom < 1) return twoSidedNormal(level) ** 2;
  return count * Math.log1p(twoSidedStudentT(level, freedom) ** 2 / freedom);
}

/** @throws ProblemError for a name that is none of them */
function quantitiesOf(
  problem: Problem,
  likelihood: LikelihoodFunction,
  names: readonly string[] | undefined,
): Quantity[] {
  const quantities = [
    ...likelihood.names.map((_, j) => parameter(likelihood, j)),
    ...problem.derived
      .filter(({ expression }) => leavesOf([expression]).length > 0)
      .map((derived) => derivedQuantity(derived, likelihood)),
  ];
  if (names === undefined) return quantities;
  return names.map((name) => {
    const found = quantities.find((quantity) => quantity.name === name);
    if (found !== undefined) return found;
    throw new ProblemError(`there is no ${name} to be profiled`, {
      path: 'names',
      hint: `choose from ${quantities.map((quantity) => quantity.name).join(', ')}`,
    });
  });
}

/** An expression in the unknowns; its range is what the walk finds. */
function derivedQuantity({ name, expression }: NamedExpression, likelihood: LikelihoodFunction): Quantity {
  const { names } = likelihood;
  const slopes = names.map((unknown) => partial(expression, { kind: 'unknown', name: unknown }));
  const at = (x: Float64Array) => (leaf: Leaf) => x[names.indexOf(leaf.name)];
  const inverse = reciprocalOf(expression);
  return {
    name,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    value: (x) => evaluateScalar(expression, at(x)),
    gradient: (x) => Float64Array.from(slopes, (slope) => evaluateScalar(slope, at(x))),
    // Made when asked for: the reciprocal of the reciprocal is not.
    get reciprocal() {
      const text = `1/${name}`;
      return inverse && derivedQuantity({ name: text, text, expression: inverse }, likelihood);
    },
  };
}

/** b/a for a/b, which is 0 where a/b is infinite. */
function reciprocalOf(expression: Expression): Expression | undefined {
  if (expression.kind !== 'operation') return undefined;
  const [a, b] = expression.operands;
  if (expression.operation === 'divide') return divide(b, a);
  if (expression.operation !== 'multiply' || a.kind !== 'number') return undefined;
  const rest = reciprocalOf(b);
  return rest && multiply(number(1 / a.value), rest);
}
