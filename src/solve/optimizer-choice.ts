/** Which optimizers, one after another, and why. */
import { ProblemError } from '../errors.ts';
import { type OptimizerName, optimizerNames } from '../optimizer/index.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { nonlinearity } from '../problem/linearity.ts';

/** Optimizers, and a method that trains nothing: waves in space, collocation in time. */
export type MethodName = OptimizerName | 'spectral';

export const methodNames: readonly MethodName[] = [...optimizerNames, 'spectral'];

export interface OptimizerChoice {
  /** One after another. */
  readonly optimizers: readonly MethodName[];
  /** Why these optimizers. */
  readonly optimizerReason: string;
  /** Whether the residuals are affine in the fields, and nothing else is to be found. */
  readonly linear: boolean;
}

/** Above so many parameters JᵀJ costs more than it gains. */
export const gaussNewtonLimit = 3000;

function optimizersOf(text: string): MethodName[] {
  return text.split('+').map((part) => {
    const name = methodNames.find((known) => known === part.trim());
    if (name === undefined)
      throw new ProblemError(`\`${part.trim()}\` is no optimizer`, {
        path: 'solve.optimizer',
        hint: `choose from ${methodNames.join(', ')}; "adam+lbfgs" runs one after the other`,
      });
    return name;
  });
}

/** Above so many parameters a dense inverse Hessian costs more than it gains. */
const denseHessianLimit = 2000;

function defaultOptimizers(engine: 'f64' | 'tfjs', parameters: number, inverse: boolean): string {
  if (engine === 'f64' && parameters <= gaussNewtonLimit) return 'lm';
  if (parameters > denseHessianLimit) return 'adam+lbfgs';
  // Adam fits the noise of data before the equations have a say.
  return inverse ? 'broyden' : 'adam+broyden';
}

/** Whether a problem is solved by least squares over random features alone. */
export function isDirect({ optimizers }: Pick<OptimizerChoice, 'optimizers'>): boolean {
  return optimizers.length === 1 && optimizers[0] === 'random-features';
}

/** Whether a problem is solved in waves, without training. */
export function isSpectral({ optimizers }: Pick<OptimizerChoice, 'optimizers'>): boolean {
  return optimizers.length === 1 && optimizers[0] === 'spectral';
}

/** Those that train a network. */
export function trainersOf({ optimizers }: Pick<OptimizerChoice, 'optimizers'>): OptimizerName[] {
  return optimizers.filter((name) => name !== 'spectral');
}

/**
 * Whether unknowns are found together with the fields over random features. For ordinary differential equations there
 * is shooting, which needs no features.
 */
export function isJoint({ coordinates, time, unknowns, fields, equations, observations }: Problem): boolean {
  const sought = unknowns.length > 0 || fields.some(({ unknown }) => unknown);
  return (
    sought && equations.length > 0 && observations.length > 0 && (coordinates.length > 1 || time === null)
  );
}

/** Options that leave the choice of the method open. */
const openOptions: readonly string[] = [
  'engine',
  'threads',
  'points',
  'conditionPoints',
  'sampling',
  'seed',
  'iterations',
  'timeLimit',
  'target',
] satisfies readonly (keyof SolveSettings)[];

/**
 * The optimizers that are asked for, or else those that suit the problem and the engine, and why.
 *
 * @throws ProblemError for an optimizer that does not exist.
 */
export function chooseOptimizers(
  problem: Problem,
  given: SolveSettings,
  engine: 'f64' | 'tfjs',
  parameters: number,
): OptimizerChoice {
  const linear = nonlinearity(problem) === undefined;
  if (given.optimizer !== undefined)
    return { optimizers: optimizersOf(given.optimizer), optimizerReason: 'asked for', linear };
  const inverse = problem.observations.length > 0;
  const open = Object.keys(given).every((key) => openOptions.includes(key));
  const sought = problem.unknowns.length > 0 || problem.fields.some(({ unknown }) => unknown);
  const forward = !inverse && !sought;
  if (engine === 'f64' && open && forward)
    return {
      optimizers: ['random-features'],
      optimizerReason: linear
        ? 'the problem is linear in its fields: one least-squares solve finds the parameters'
        : "where random features hold the solution, Newton's method finds it in a few least-squares solves",
      linear,
    };
  if (engine === 'f64' && open && isJoint(problem))
    return {
      optimizers: ['random-features'],
      optimizerReason:
        'where random features hold the solution, a few least-squares solves find fields and unknowns',
      linear: false,
    };
  return {
    optimizers: optimizersOf(defaultOptimizers(engine, parameters, inverse)),
    optimizerReason: 'suits the engine and the number of parameters',
    linear,
  };
}

/** Options that have a meaning for a method that has no network and chooses its points and windows. */
const spectralOptions: readonly string[] = [
  'optimizer',
  'engine',
  'threads',
  'seed',
  'timeLimit',
  'target',
] satisfies readonly (keyof SolveSettings)[];

/** An option that it does not have. */
export function beyondSpectral(given: SolveSettings): string | undefined {
  return Object.entries(given).find(
    ([key, value]) => value !== undefined && !spectralOptions.includes(key),
  )?.[0];
}

/** @throws ProblemError where `spectral` is asked for together with what it does not have. */
export function checkSpectral(
  given: SolveSettings,
  { engine, optimizers }: { readonly engine: 'f64' | 'tfjs'; readonly optimizers: readonly MethodName[] },
): void {
  if (!optimizers.includes('spectral')) return;
  if (optimizers.length > 1)
    throw new ProblemError('spectral trains nothing that another optimizer could go on with', {
      path: 'solve.optimizer',
      hint: 'use it alone',
    });
  if (engine === 'tfjs')
    throw new ProblemError('spectral computes in double precision', {
      path: 'solve.engine',
      hint: 'leave the engine out',
    });
  const other = beyondSpectral(given);
  if (other !== undefined)
    throw new ProblemError(`\`${other}\` has no meaning for spectral, which has no network to train`, {
      path: `solve.${other}`,
      hint: 'leave it out, or use another optimizer',
    });
}

/** @throws ProblemError where random features cannot do what is asked of them. */
export function checkRandomFeatures(
  problem: Problem,
  given: SolveSettings,
  settings: {
    readonly engine: 'f64' | 'tfjs';
    readonly optimizers: readonly MethodName[];
    readonly depth: number;
    readonly fourierFeatures: object | undefined;
    readonly randomFeatures: object | undefined;
  },
): void {
  const { engine, optimizers } = settings;
  const sines = settings.randomFeatures !== undefined || isDirect({ optimizers });
  if (sines && (given.activation ?? 'sine') !== 'sine')
    throw new ProblemError(`random features are sines, not ${given.activation}`, {
      path: 'solve.activation',
      hint: 'leave the activation out',
    });
  const position = optimizers.lastIndexOf('random-features');
  if (position < 0) return;
  const refuse = (reason: string, hint: string, path = 'solve.optimizer'): never => {
    throw new ProblemError(reason, { path, hint });
  };
  if (engine === 'tfjs')
    refuse(
      'the tfjs engine does not factorise the Jacobian, which random-features needs',
      'use the f64 engine',
    );
  if (position > 0) refuse('random-features begins a run', 'write it first: "random-features+lm"');
  if (optimizers.length > 1) {
    if (problem.observations.length > 0)
      refuse('a warm start by random-features is for problems without data', `use ${optimizers[1]} alone`);
    return;
  }
  if (problem.unknowns.length > 0 && !isJoint(problem)) {
    const { name } = problem.unknowns[0];
    refuse(
      `random-features finds the fields alone, and ${name} is to be estimated together with them`,
      'use lm',
      `unknowns.${name}`,
    );
  }
  if ((given.windows ?? 1) > 1 && settings.randomFeatures === undefined)
    refuse(
      'the frequencies of random features are searched for over the whole of time, not for windows',
      'give `network: { randomFeatures: { count, scale } }`, or leave the windows out',
      'solve.windows',
    );
  if (given.network !== undefined && (settings.depth !== 1 || settings.fourierFeatures !== undefined))
    refuse(
      'random features are one hidden layer',
      'give their number as "600x1", or leave the network out',
      'solve.network',
    );
}
