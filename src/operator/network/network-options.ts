/** Options of training operator networks step by step, and what stands in for those not given. */

import { type BackendName, backendNames } from '../../engine/tfjs/backend.ts';
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationName } from '../../network/activation.ts';
import type { Schedule } from '../../optimizer/schedule.ts';
import type { ResolvedTraining } from '../training/resolve-training.ts';

export interface NetworkOptions {
  readonly width: number;
  /** Layers of branch and trunk, or Fourier layers. */
  readonly depth: number;
  readonly activation: ActivationName;
  readonly iterations: number;
  /** Whether so many steps were asked for: else as many as the time allows. */
  readonly fixedIterations: boolean;
  /** The learning rate over so many steps. */
  readonly schedule: (iterations: number) => Schedule;
  /** Functions in a step. */
  readonly batch: number;
  /** Along each axis. */
  readonly modes: number | readonly number[] | undefined;
  readonly functions: number;
  readonly backend: BackendName | undefined;
}

/** Of the keys of `solve`, those that have a meaning here. */
const meaningful: readonly string[] = [
  'engine',
  'backend',
  'threads',
  'seed',
  'timeLimit',
  'target',
  'operator',
  'optimizer',
  'learningRate',
  'schedule',
  'network',
  'activation',
  'iterations',
];

const defaults = {
  deeponet: { width: 40, depth: 3, activation: 'tanh', iterations: 25_000, batch: 256, functions: 500 },
  'pod-deeponet': { width: 64, depth: 3, activation: 'tanh', iterations: 20_000, batch: 256, functions: 500 },
  fourier: { width: 32, depth: 4, activation: 'gelu', iterations: 3000, batch: 20, functions: 500 },
} as const;
/** On two axes there are many more points. */
const planeDefaults = { ...defaults.fourier, width: 20, batch: 8 };

/**
 * @param axes  of the grid of a Fourier neural operator
 * @throws ProblemError for options that do not go together or have no meaning here
 */
export function networkOptions(
  { given, architecture, loss, branch }: ResolvedTraining,
  axes = 1,
): NetworkOptions {
  if (loss !== 'data')
    throw new NotSupportedError(`the loss ${loss} with the engine tfjs`, {
      path: 'solve.operator.loss',
      hint: 'the engine f64 trains operators on their equations',
    });
  if (branch === 'linear' || branch === 'kernel')
    throw new ProblemError(`the engine tfjs trains networks, not a ${branch} branch`, {
      path: 'solve.operator.branch',
      hint: 'leave the branch out, or the engine',
    });
  const idle = Object.keys(given).find(
    (key) => given[key as keyof typeof given] !== undefined && !meaningful.includes(key),
  );
  if (idle !== undefined)
    throw new ProblemError(`\`${idle}\` has no meaning where an operator network is trained`, {
      path: `solve.${idle}`,
      hint: 'leave it out',
    });
  if (given.optimizer !== undefined && given.optimizer !== 'adam')
    throw new ProblemError(`operator networks are trained by adam, not by ${given.optimizer}`, {
      path: 'solve.optimizer',
      hint: 'leave the optimizer out',
    });
  const own = architecture === 'fourier' && axes > 1 ? planeDefaults : defaults[architecture];
  const fourier = architecture === 'fourier';
  const activation = given.activation ?? own.activation;
  activationNamed(activation);
  if (fourier && activation !== 'gelu')
    throw new ProblemError(`the Fourier neural operator has the activation gelu, not ${activation}`, {
      path: 'solve.activation',
      hint: 'leave it out',
    });
  const { modes, batch, functions } = given.operator ?? {};
  if (modes !== undefined && !fourier)
    throw new ProblemError('`modes` are those of a Fourier neural operator', {
      path: 'solve.operator.modes',
      hint: 'leave them out, or let the architecture be "fourier"',
    });
  const rate = given.learningRate ?? (fourier ? 2e-3 : 1e-3);
  const schedule = given.schedule ?? { kind: 'cosine' };
  return {
    ...layers(given.network, own),
    activation: activation as ActivationName,
    iterations: given.iterations ?? own.iterations,
    fixedIterations: given.iterations !== undefined,
    schedule: (iterations) =>
      schedule.kind === 'constant'
        ? { kind: 'constant', rate }
        : schedule.kind === 'cosine'
          ? { kind: 'cosine', rate, iterations }
          : { ...schedule, rate },
    batch: batch ?? own.batch,
    modes,
    functions: functions ?? own.functions,
    backend: backendOf(given.backend),
  };
}

function layers(
  network: ResolvedTraining['given']['network'],
  own: { readonly width: number; readonly depth: number },
): { readonly width: number; readonly depth: number } {
  if (network === undefined) return { width: own.width, depth: own.depth };
  if (typeof network === 'string') {
    const [width, depth] = network.split(/[xX×]/).map(Number);
    return { width, depth };
  }
  const strange = Object.keys(network).find((key) => key !== 'width' && key !== 'depth');
  if (strange !== undefined)
    throw new ProblemError(`\`${strange}\` has no meaning for an operator network`, {
      path: `solve.network.${strange}`,
      hint: 'give its width and its depth',
    });
  const { width = own.width, depth = own.depth } = network as { width?: number; depth?: number };
  return { width, depth };
}

function backendOf(name: string | undefined): BackendName | undefined {
  if (name === undefined) return undefined;
  const known = backendNames.find((other) => other === name);
  if (known === undefined)
    throw new ProblemError(`there is no backend \`${name}\` here`, {
      path: 'solve.backend',
      hint: `backends are ${backendNames.join(', ')}`,
    });
  return known;
}
