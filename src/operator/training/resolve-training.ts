/** The options of training an operator and what stands in for those not given. */
import { ProblemError } from '../../errors.ts';
import type { Problem, SolveSettings } from '../../problem/index.ts';
import { type OperatorSettings, operatorOptionsSchema } from '../../problem/operator-options.ts';
import { solveOptionsSchema } from '../../problem/solve-options.ts';
import { validate } from '../../problem/validate.ts';
import type { OperatorData } from '../data/operator-data.ts';
import type { OperatorProgress } from './training-hooks.ts';

/** Over the problem's own `solve` key. */
export interface TrainOptions extends OperatorSettings, Omit<SolveSettings, 'operator' | 'points'> {
  /** Solutions to train on, in place of those that classical references would give. */
  readonly data?: OperatorData;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: OperatorProgress) => void;
}

/** Settings with what stands in for those not given. */
export interface ResolvedTraining {
  readonly loss: 'data' | 'physics' | 'mixed';
  readonly architecture: 'deeponet' | 'pod-deeponet' | 'fourier';
  readonly branch: 'auto' | 'linear' | 'kernel' | 'network';
  readonly product: boolean;
  readonly points: OperatorSettings['points'];
  /** Undefined: as many as help. */
  readonly functions: number | undefined;
  readonly testFunctions: number;
  readonly engine: 'f64' | 'tfjs';
  readonly engineReason: string;
  readonly seed: number;
  /** Seconds of training. */
  readonly timeLimit: number;
  readonly target: number | undefined;
  readonly threads: number | undefined;
  /** All that stands under `solve`, options over the problem's own. */
  readonly given: SolveSettings;
}

/** Of the keys of `solve`, those that least squares know. */
const meaningful: readonly string[] = ['engine', 'threads', 'seed', 'timeLimit', 'target', 'operator'];
export const defaultTimeLimit = 120;
const defaultTestFunctions = 100;

/**
 * Options over the problem's own `solve` key over defaults.
 *
 * @throws ProblemError for a problem without input functions, and for options that are none or do not go together
 */
export function resolveTraining(problem: Problem, options: TrainOptions = {}): ResolvedTraining {
  if (problem.inputs.length === 0)
    throw new ProblemError(`${problem.name} has no input functions`, {
      path: 'inputs',
      hint: 'an operator is the map from input functions to solutions; solve() solves a problem without',
    });
  const { data: _, signal: __, onProgress: ___, ...plain } = options;
  const own = problem.definition.solve ?? {};
  const set = Object.entries(plain).filter(([, value]) => value !== undefined);
  const ofOperator = (key: string): boolean => Object.hasOwn(operatorOptionsSchema.shape, key);
  const given = validate(solveOptionsSchema, {
    ...own,
    ...Object.fromEntries(set.filter(([key]) => !ofOperator(key))),
    operator: { ...own.operator, ...Object.fromEntries(set.filter(([key]) => ofOperator(key))) },
  });
  const { loss, architecture, branch, product, points, functions, testFunctions } = given.operator ?? {};
  if (architecture === 'fourier' && given.engine === 'f64')
    throw new ProblemError('the Fourier neural operator is trained by the engine tfjs', {
      path: 'solve.engine',
      hint: 'leave the engine out',
    });
  const tfjs = given.engine === 'tfjs' || given.backend !== undefined || architecture === 'fourier';
  const idle = Object.keys(given).find((key) => !meaningful.includes(key));
  if (!tfjs && idle !== undefined)
    throw new ProblemError(`\`${idle}\` has no meaning where an operator is trained by least squares`, {
      path: `solve.${idle}`,
      hint: 'leave it out, or take the engine tfjs, which trains networks step by step',
    });
  const ofNetworks = (['batch', 'modes'] as const).find((key) => given.operator?.[key] !== undefined);
  if (!tfjs && ofNetworks !== undefined)
    throw new ProblemError(`\`${ofNetworks}\` has a meaning only for operator networks`, {
      path: `solve.operator.${ofNetworks}`,
      hint: 'leave it out, or take the engine tfjs, which trains networks step by step',
    });
  return {
    loss: loss ?? 'data',
    architecture: architecture ?? (tfjs ? 'deeponet' : 'pod-deeponet'),
    branch: branch ?? 'auto',
    product: product ?? false,
    points,
    functions,
    testFunctions: testFunctions ?? defaultTestFunctions,
    engine: tfjs ? 'tfjs' : 'f64',
    engineReason:
      given.engine !== undefined
        ? 'asked for'
        : architecture === 'fourier'
          ? 'the Fourier neural operator is trained there'
          : tfjs
            ? `backend ${given.backend} was asked for`
            : 'least squares in double precision, trunk and branch one after the other',
    seed: given.seed ?? 0,
    timeLimit: given.timeLimit ?? defaultTimeLimit,
    target: given.target,
    threads: given.threads,
    given,
  };
}
