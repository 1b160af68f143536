/** A residual system as tensors that stay where they are from one evaluation to the next. */
import { ProblemError } from '../../errors.ts';
import type { Leaf } from '../../expression/expression.ts';
import { inputJets } from '../../network/evaluate.ts';
import { hasWindows, type Network } from '../../network/trial-solution.ts';
import type { ResidualBlock, ResidualSystem } from '../../residual/residual-system.ts';
import type { TensorJets } from './activation-jets.ts';
import { trainedLayers } from './network-pass.ts';
import { type FieldSource, type NetworkPass, planPasses } from './pass-plan.ts';
import { TensorProgram } from './program-pass.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

export interface UploadedPass extends NetworkPass {
  /** What enters the first trained layer. */
  readonly input: TensorJets;
}

export interface UploadedBlock {
  readonly block: ResidualBlock;
  readonly program: TensorProgram;
  readonly sources: readonly (FieldSource | null)[];
  /** Registers that do not depend on θ. */
  readonly constant: readonly MaybeTensor[];
  /** 2·weight/N·w_n, (N), or () where there are no point weights. */
  readonly slopeWeight: Tensor;
  /** 2·weight·(mean of w). */
  readonly slopeWeightSum: number;
}

export class UploadedSystem {
  readonly passes: readonly UploadedPass[];
  readonly blocks: readonly UploadedBlock[];
  readonly #tensors: Tensor[] = [];

  /** @throws ProblemError if the system does not hang together */
  constructor(arithmetic: TensorArithmetic, system: ResidualSystem) {
    if (hasWindows(system.trial)) throw new ProblemError('windows are resolved before an engine is created');
    system.trial.networks.forEach(requireEmbeddingsInFront);
    system.blocks.forEach(requireLengths);
    const plan = planPasses(system);
    const { tf } = arithmetic;
    const keep = <T extends MaybeTensor>(tensor: T): T => {
      if (tensor !== null) this.#tensors.push(tf.keep(tensor));
      return tensor;
    };
    const collect = (build: () => MaybeTensor[]): MaybeTensor[] => {
      let kept: MaybeTensor[] = [];
      tf.tidy(() => {
        // Clones, which share memory: a register may be another one, or a constant that outlives the system.
        kept = build().map((tensor) => (tensor === null ? null : keep(tf.clone(tensor))));
      });
      return kept;
    };
    this.passes = plan.passes.map((pass) => ({
      ...pass,
      input: uploadJets(arithmetic, system.trial.networks[pass.network], pass).map(keep),
    }));
    this.blocks = system.blocks.map((block, b) => {
      const { program, sources } = plan.blocks[b];
      const trained = program.inputs.map((leaf, i) => leaf.kind === 'unknown' || sources[i] !== null);
      const tensors = new TensorProgram(program, trained);
      const scale = (2 * block.weight) / block.count;
      const weights = block.pointWeights;
      return {
        block,
        program: tensors,
        sources,
        constant: collect(() =>
          tensors.constantRegisters(
            arithmetic,
            program.inputs.map((leaf, i) => (trained[i] ? null : constantInput(arithmetic, block, leaf))),
          ),
        ),
        slopeWeight: keep(
          weights === undefined
            ? tf.scalar(scale, 'float32')
            : tf.tensor1d(Float32Array.from(weights, (w) => w * scale)),
        ),
        slopeWeightSum:
          scale * (weights === undefined ? block.count : weights.reduce((sum, w) => sum + w, 0)),
      };
    });
  }

  dispose(): void {
    for (const tensor of this.#tensors) if (!tensor.isDisposed) tensor.dispose();
    this.#tensors.length = 0;
  }
}

/** Every component as (rows, width), as (1, width) where all rows are the same, as null where zero. */
function uploadJets(
  { tf }: TensorArithmetic,
  network: Network,
  { plan, points, rows }: NetworkPass,
): TensorJets {
  const jets = inputJets(network, plan, points, rows);
  const size = jets.length / plan.indices.length;
  const width = size / rows;
  return plan.indices.map((_, component) => {
    const values = Float32Array.from(jets.subarray(component * size, (component + 1) * size));
    if (component === 0) return tf.tensor2d(values, [rows, width]);
    if (values.every((value) => value === 0)) return null;
    if (values.every((value, i) => value === values[i % width]))
      return tf.tensor2d(values.slice(0, width), [1, width]);
    return tf.tensor2d(values, [rows, width]);
  });
}

function constantInput({ tf }: TensorArithmetic, block: ResidualBlock, leaf: Leaf): Tensor {
  switch (leaf.kind) {
    case 'coordinate': {
      const dimension = block.points[0].length / block.count;
      return tf.tensor1d(
        Float32Array.from({ length: block.count }, (_, n) => block.points[0][n * dimension + leaf.index]),
      );
    }
    case 'column': {
      const column = block.columns[leaf.name];
      if (column === undefined) {
        throw new ProblemError(`there is no column \`${leaf.name}\``, { path: block.path });
      }
      return tf.tensor1d(Float32Array.from(column));
    }
    default:
      // A derivative along a coordinate that the field does not depend on.
      return tf.scalar(0, 'float32');
  }
}

function requireEmbeddingsInFront(network: Network): void {
  const trained = trainedLayers(network).length;
  const front = network.layers.length - trained;
  if (network.layers.slice(0, front).some((layer) => layer.kind !== 'embedding')) {
    throw new ProblemError('an embedding stands behind a trained layer', {
      hint: 'embeddings are fixed maps in front of the network',
    });
  }
}

function requireLengths({ path, points, count, columns, pointWeights }: ResidualBlock): void {
  const lengths = [...Object.values(columns), ...(pointWeights === undefined ? [] : [pointWeights])];
  if (
    count < 1 ||
    points.some((set) => set.length % count !== 0) ||
    lengths.some(({ length }) => length !== count)
  )
    throw new ProblemError(`points, columns and weights do not have the same number of rows, ${count}`, {
      path,
    });
}
