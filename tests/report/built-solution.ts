/** Solutions put together by hand, without training. */
import { initialize, multilayerPerceptron, trialSize } from '../../src/network/index.ts';
import { type ProblemDefinition, problem as readProblem } from '../../src/problem/index.ts';
import { fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { resolveSettings } from '../../src/solve/index.ts';
import type { RunRecord } from '../../src/solve/run-record.ts';
import { Solution, type TrainingPosition } from '../../src/solve/solution.ts';

export interface Built {
  /** The fields as constants, in the user's units: every weight zero, the last bias set. */
  readonly constant?: Readonly<Record<string, number>>;
  /** Values of the unknowns; default: where they start. */
  readonly unknowns?: Readonly<Record<string, number>>;
  readonly run?: Partial<RunRecord>;
}

/** A network of 6 × 2 with parameters drawn from seed 1, or of constant value. */
export function builtSolution(definition: ProblemDefinition, built: Built = {}): Solution {
  const problem = readProblem(definition);
  const groups = new Map<string, string[]>();
  for (const { name, of } of problem.fields) groups.set(of.join(), [...(groups.get(of.join()) ?? []), name]);
  const networks = [...groups].map(([of, fields]) =>
    multilayerPerceptron({
      coordinates: of.split(',').map(Number),
      fields,
      width: 6,
      depth: 2,
      activation: 'tanh',
    }),
  );
  const trial = { dimension: problem.coordinates.length, networks };
  const scaling = scalingOf(problem, fieldRanges(problem));
  const size = trialSize(trial);
  const theta = new Float64Array(size + problem.unknowns.length);
  theta.set(initialize(trial, { seed: 1 }));
  if (built.constant !== undefined) {
    theta.fill(0);
    let end = 0;
    for (const network of networks) {
      end += trialSize({ ...trial, networks: [network] });
      network.fields.forEach((name, i) => {
        const { offset, scale } = scaling.fields.get(name)!;
        theta[end - network.fields.length + i] = (built.constant![name] - offset) / scale;
      });
    }
  }
  scaling.unknowns.forEach((transform, i) => {
    const value = built.unknowns?.[transform.name];
    theta[size + i] = value === undefined ? transform.initialRaw : transform.raw(value);
  });
  const run: RunRecord = {
    settings: resolveSettings(problem, {}),
    backend: 'wasm-simd (2 threads)',
    precision: 'float64',
    parameters: theta.length,
    seconds: 11.2,
    iterations: 180,
    loss: 1.2e-7,
    stopped: 'converged',
    blocks: [],
    terms: [],
    history: { entries: [], phases: [] },
    ...built.run,
  };
  const position = { given: {}, phase: 0, iterationInPhase: 0, optimizer: undefined } as TrainingPosition;
  return new Solution(problem, trial, scaling, theta, run, position);
}
