/**
 * A warm start: the networks and unknowns of a trained solution as the starting point for a similar problem, with more
 * data, a longer domain, other constants.
 */
import { ProblemError } from '../errors.ts';
import type { Layer, TrialSolution } from '../network/trial-solution.ts';
import { trialSize } from '../network/trial-solution.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { outputRatio, type Scaling } from '../residual/index.ts';
import { periodicCoordinates } from './default-trial.ts';
import { networkOption } from './network-settings.ts';
import type { ResolvedSettings } from './settings.ts';
import type { Solution } from './solution.ts';

/** @throws ProblemError where the problems do not have the same coordinates and fields. */
function assertAlike(before: Solution, problem: Problem): void {
  const named = ({ coordinates }: Problem): string => coordinates.map(({ name }) => name).join(', ');
  const fieldsOf = ({ coordinates, fields }: Problem): string[] =>
    fields
      .flatMap(({ name, of, pieces = [{ name }] }) =>
        pieces.map((piece) => `${piece.name}(${of.map((i) => coordinates[i].name).join(', ')})`),
      )
      .sort();
  const [was, is] = [before.problem, problem].map(
    (p) => `coordinates ${named(p)} and fields ${fieldsOf(p).join(', ')}`,
  );
  if (was !== is)
    throw new ProblemError(`the solution to start from has the ${was}, the problem the ${is}`, {
      path: 'start',
      hint: 'start from a solution with the same coordinates and fields',
    });
  if (before.windows !== undefined)
    throw new ProblemError('the solution to start from was trained in windows of time', {
      path: 'start',
      hint: 'start from one that was trained on the whole',
    });
  if (before.run.settings.randomFeatures !== undefined)
    throw new ProblemError('the solution to start from has random features, which are found in one step', {
      path: 'start',
      hint: 'leave the start out',
    });
}

/**
 * Settings that a warm start takes from the solution it starts from: the parameters belong to them.
 *
 * @throws ProblemError where another network or activation is asked for, or one that cannot start
 */
export function heldOnStart(
  before: Solution,
  asked: { readonly size?: { width?: number; depth?: number }; readonly settings: SolveSettings },
): SolveSettings {
  const { width, depth, activation } = before.run.settings;
  const { settings } = asked;
  const size = { width, depth, ...asked.size };
  if (size.width !== width || size.depth !== depth)
    throw new ProblemError(
      `the solution to start from has a network ${width}x${depth}, not ${size.width}x${size.depth}`,
      { path: 'solve.network', hint: 'leave the network out, or begin anew' },
    );
  if (settings.activation !== undefined && settings.activation !== activation)
    throw new ProblemError(`the solution to start from has the activation ${activation}`, {
      path: 'solve.activation',
      hint: 'leave the activation out, or begin anew',
    });
  if ((settings.windows ?? 1) > 1)
    throw new ProblemError('windows of time each start where the last one ended', {
      path: 'solve.windows',
      hint: 'leave the windows out, or begin anew',
    });
  return { network: networkOption(before.run.settings, before.problem), activation };
}

/**
 * The trial solution and parameters with which the fields are, in the new problem's normalised variables, what they
 * were: a change of domain or scale is undone in the first and the last layers. Beyond the old domain the
 * networks go on as they do.
 *
 * @throws ProblemError where the problem is of another kind
 */
export function warmStart(
  before: Solution,
  problem: Problem,
  scaling: Scaling,
  settings: ResolvedSettings,
): { trial: TrialSolution; theta: Float64Array } {
  assertAlike(before, problem);
  // ξ_before = factor·ξ + shift.
  const maps = scaling.coordinates.map(({ center, halfWidth }, i) => {
    const old = before.scaling.coordinates[i];
    return { factor: halfWidth / old.halfWidth, shift: (center - old.center) / old.halfWidth };
  });
  for (const i of periodicCoordinates(problem, settings))
    if (maps[i].factor !== 1 || maps[i].shift !== 0)
      throw new ProblemError(`the period along ${problem.coordinates[i].name} is another one`, {
        path: 'start',
        hint: 'begin anew',
      });
  const theta = before.theta.slice(0, trialSize(before.trial));
  let offset = 0;
  const networks = before.trial.networks.map((network) => {
    const inputs = network.coordinates.map((c) => maps[c]);
    const last = network.layers.findLastIndex(({ kind }) => kind === 'affine');
    const layers = network.layers.map((layer, l): Layer => {
      if (layer.kind === 'activation' || layer.kind === 'gate') return layer;
      const { outputs } = layer;
      if (layer.kind === 'embedding') {
        const [matrix, bias] = [layer.matrix.slice(), layer.bias.slice()];
        if (l === 0) mapInputs(matrix, bias, outputs, inputs);
        return { ...layer, matrix, bias };
      }
      const weights = theta.subarray(offset, offset + layer.inputs * outputs);
      offset += (layer.inputs + 1) * outputs;
      const bias = theta.subarray(offset - outputs, offset);
      if (l === 0) mapInputs(weights, bias, outputs, inputs);
      if (l === last)
        network.fields.forEach((name, j) => {
          const [old, now] = [before.scaling, scaling].map((own) => outputScale(own, name));
          const ratio = ansatzRatio(before, problem, scaling, name);
          for (let i = 0; i < layer.inputs; i++) weights[i * outputs + j] *= (ratio * old.scale) / now.scale;
          bias[j] = (old.offset + ratio * old.scale * bias[j] - now.offset) / now.scale;
        });
      return layer;
    });
    const { window } = network;
    if (window === undefined) return { ...network, layers };
    const spans = window.spans.map(({ coordinate, rise, fall }) => {
      const { factor, shift } = maps[coordinate];
      const mapped = ([low, high]: readonly [number, number]): [number, number] => [
        (low - shift) / factor,
        (high - shift) / factor,
      ];
      return { coordinate, rise: rise && mapped(rise), fall: fall && mapped(fall) };
    });
    return { ...network, layers, window: { ...window, spans } };
  });
  const values = before.unknowns;
  const raw = scaling.unknowns.map(({ name, initialRaw, raw }) =>
    values[name] === undefined ? initialRaw : raw(values[name]),
  );
  return {
    trial: { dimension: before.trial.dimension, networks },
    theta: Float64Array.from([...theta, ...raw]),
  };
}

/** What a field's network gives 0 and 1 for. */
function outputScale({ fields, ansatz }: Scaling, name: string): { offset: number; scale: number } {
  const { offset, scale, networkScale } = fields.get(name)!;
  return ansatz?.has(name) === true ? { offset: 0, scale: networkScale ?? scale } : { offset, scale };
}

/**
 * By how much the outputs differ that make the same field.
 *
 * @throws ProblemError where conditions on the field are built in for one of the two alone
 */
function ansatzRatio(before: Solution, problem: Problem, scaling: Scaling, name: string): number {
  const [old, now] = [before.scaling, scaling].map(({ ansatz }) => ansatz?.get(name));
  if (old !== undefined && now !== undefined) return outputRatio(old, now, problem);
  if (old === undefined && now === undefined) return 1;
  throw new ProblemError(
    `the solution to start from has ${old === undefined ? 'no hard' : 'hard'} conditions on ${name}, the problem has ${now === undefined ? 'none' : 'some'}`,
    { path: 'start', hint: 'make the same conditions hard in both' },
  );
}

/** Makes z = x·W + b of the old inputs a function of the new ones, in place; W (inputs, outputs) row-major. */
function mapInputs(
  weights: Float64Array,
  bias: Float64Array,
  outputs: number,
  maps: readonly { readonly factor: number; readonly shift: number }[],
): void {
  maps.forEach(({ factor, shift }, i) => {
    for (let j = 0; j < outputs; j++) {
      bias[j] += shift * weights[i * outputs + j];
      weights[i * outputs + j] *= factor;
    }
  });
}
