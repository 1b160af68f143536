import { ProblemError } from '../../errors.ts';
import { trialSize } from '../../network/trial-solution.ts';
import type { ResidualSystem } from '../../residual/residual-system.ts';
import type { Engine, LossAndGradient } from '../engine.ts';
import type { TensorJets } from './activation-jets.ts';
import { type BackendOptions, type LoadedBackend, loadBackend } from './backend.ts';
import { type AffineTensors, type LayerRecord, networkAdjoint, networkForward } from './network-pass.ts';
import { OutputColumns } from './output-columns.ts';
import { pointsWithin, type Shard, shardSystem } from './point-shards.ts';
import { type MaybeTensor, type Tensor, TensorArithmetic } from './tensor-arithmetic.ts';
import { UploadedSystem } from './uploaded-system.ts';

export interface TfjsEngineOptions extends BackendOptions {
  /** Bytes that the tensors of one evaluation may take, about; more points run part after part. Default 5e8. */
  readonly memory?: number;
}

/**
 * The engine on tensors of float32, on any tfjs backend.
 *
 * Derivatives are jets propagated forward; the gradient is one reverse sweep written out over the same
 * tables. Residuals are summed to the loss in float64 on the host.
 *
 * @throws ProblemError if the backend asked for does not load, or the system does not hang together
 */
export async function createTfjsEngine(
  system: ResidualSystem,
  options: TfjsEngineOptions = {},
): Promise<Engine> {
  return new TfjsEngine(await loadBackend(options), system, options.memory ?? 5e8);
}

interface UploadedShard extends Shard {
  readonly uploaded: UploadedSystem;
}

/** Tensors that leave an evaluation, to be read and disposed of. */
interface Evaluation {
  /** Block after block, output after output, each (N). */
  readonly residuals: Tensor[];
  /** Piece after piece of θ; null where zero. */
  readonly gradient: MaybeTensor[];
}

class TfjsEngine implements Engine {
  readonly name = 'tfjs';
  readonly precision = 'float32';
  readonly backend: string;
  readonly size: number;
  readonly #loaded: LoadedBackend;
  readonly #arithmetic: TensorArithmetic;
  #system: ResidualSystem;
  readonly #memory: number;
  #shards: readonly UploadedShard[];
  #disposed = false;

  constructor(loaded: LoadedBackend, system: ResidualSystem, memory: number) {
    this.#loaded = loaded;
    this.backend = loaded.registered === loaded.name ? loaded.name : `${loaded.registered} (${loaded.name})`;
    this.size = trialSize(system.trial) + system.unknowns.length;
    this.#arithmetic = new TensorArithmetic(loaded.tf, loaded.registered);
    this.#system = system;
    this.#memory = memory;
    this.#shards = this.#upload(system);
  }

  async lossAndGradient(theta: Float64Array): Promise<LossAndGradient> {
    const gradient = new Float64Array(this.size);
    const columns = await this.#run(theta, gradient);
    return { ...this.#loss(columns), gradient };
  }

  async loss(theta: Float64Array): Promise<Omit<LossAndGradient, 'gradient'>> {
    return this.#loss(await this.#run(theta));
  }

  async residuals(theta: Float64Array): Promise<Float64Array> {
    const columns = await this.#run(theta);
    const { blocks } = this.#system;
    const result = new Float64Array(
      blocks.reduce((sum, { count, residuals }) => sum + count * residuals.length, 0),
    );
    let position = 0;
    blocks.forEach(({ count, residuals }, b) => {
      columns[b].forEach((column, output) => {
        for (let n = 0; n < count; n++) result[position + n * residuals.length + output] = column[n];
      });
      position += count * residuals.length;
    });
    return result;
  }

  async update(system: ResidualSystem): Promise<void> {
    const size = trialSize(system.trial) + system.unknowns.length;
    if (size !== this.size) {
      throw new ProblemError(`the system has ${size} parameters, the engine was made for ${this.size}`);
    }
    this.#use();
    const shards = this.#upload(system);
    for (const { uploaded } of this.#shards) uploaded.dispose();
    this.#shards = shards;
    this.#system = system;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const { uploaded } of this.#shards) uploaded.dispose();
    this.#arithmetic.dispose();
  }

  #upload(system: ResidualSystem): UploadedShard[] {
    return shardSystem(system, pointsWithin(this.#memory, system)).map((shard) => ({
      ...shard,
      uploaded: new UploadedSystem(this.#arithmetic, shard.system),
    }));
  }

  /** Makes the engine's backend the active one, which another engine may have changed. */
  #use(): void {
    if (this.#disposed) throw new Error('the engine has been disposed of');
    const { tf, registered } = this.#loaded;
    // A backend that is loaded already becomes active before the call returns.
    if (tf.getBackend() !== registered) void tf.setBackend(registered);
  }

  /**
   * Evaluates shard after shard.
   *
   * @param gradient where given, the gradient is added to it
   * @returns the residuals by block, then output, each (N)
   */
  async #run(theta: Float64Array, gradient?: Float64Array): Promise<Float32Array[][]> {
    if (theta.length !== this.size) {
      throw new ProblemError(`there are ${theta.length} parameters; the engine has ${this.size}`);
    }
    const { blocks } = this.#system;
    const columns = blocks.map(({ count, residuals }) => residuals.map(() => new Float32Array(count)));
    for (const { parts, uploaded } of this.#shards) {
      const evaluation = this.#evaluate(theta, uploaded, gradient !== undefined);
      const present = evaluation.gradient.filter((piece) => piece !== null);
      const values = await this.#download([...evaluation.residuals, ...present]);
      let next = 0;
      for (const { block, start } of parts) {
        for (const column of columns[block]) column.set(values[next++], start);
      }
      if (gradient === undefined) continue;
      let position = 0;
      this.#pieceSizes().forEach((size, i) => {
        if (evaluation.gradient[i] !== null) {
          values[next++].forEach((value, j) => {
            gradient[position + j] += value;
          });
        }
        position += size;
      });
    }
    return columns;
  }

  #evaluate(theta: Float64Array, uploaded: UploadedSystem, withGradient: boolean): Evaluation {
    this.#use();
    const arithmetic = this.#arithmetic;
    const { tf } = arithmetic;
    const { passes, blocks } = uploaded;
    const { trial, unknowns } = this.#system;
    let evaluation: Evaluation = { residuals: [], gradient: [] };
    tf.tidy(() => {
      const parameters = this.#uploadParameters(theta);
      const scalars = new Map(
        unknowns.map((name, i) => [name, tf.scalar(theta[this.size - unknowns.length + i], 'float32')]),
      );
      const runs = passes.map((pass) =>
        networkForward(
          arithmetic,
          trial.networks[pass.network],
          pass.plan,
          parameters[pass.network],
          pass.input,
          withGradient,
        ),
      );
      const columns = new OutputColumns(
        arithmetic,
        passes.map(({ rows }) => rows),
        runs.map(({ output }) => output),
      );
      const residuals: Tensor[] = [];
      const unknownBars = new Map<string, MaybeTensor>();
      for (const { block, program, sources, constant, slopeWeight, slopeWeightSum } of blocks) {
        const { inputs, outputs } = program.program;
        const registers = program.forward(
          arithmetic,
          inputs.map((leaf, i) => {
            const source = sources[i];
            if (source !== null) return columns.read(source, block.count);
            return leaf.kind === 'unknown' ? scalars.get(leaf.name)! : null;
          }),
          constant,
        );
        const bars = outputs.map((register) => {
          const residual = registers[register]!;
          const scalar = residual.rank === 0;
          residuals.push(scalar ? tf.add(residual, arithmetic.filled([block.count], 0)) : residual);
          if (scalar) return arithmetic.scale(residual, slopeWeightSum);
          return tf.mul(residual, slopeWeight);
        });
        if (!withGradient) continue;
        program.adjoint(arithmetic, registers, bars).forEach((bar, i) => {
          if (bar === null) return;
          const [leaf, source] = [inputs[i], sources[i]];
          if (source !== null) columns.receive(source, block.count, bar);
          else if (leaf.kind === 'unknown')
            unknownBars.set(leaf.name, arithmetic.add(unknownBars.get(leaf.name) ?? null, bar));
        });
      }
      const gradient = withGradient
        ? [
            ...this.#networkGradients(uploaded, parameters, runs, columns),
            ...unknowns.map((name) => unknownBars.get(name) ?? null),
          ]
        : [];
      // Clones, which share memory: one tensor may stand in several places and is disposed of in each.
      evaluation = {
        residuals: residuals.map((tensor) => tf.keep(tf.clone(tensor))),
        gradient: gradient.map((tensor) => (tensor === null ? null : tf.keep(tf.clone(tensor)))),
      };
    });
    return evaluation;
  }

  #networkGradients(
    uploaded: UploadedSystem,
    parameters: readonly (readonly AffineTensors[])[],
    runs: readonly { output: TensorJets; records: LayerRecord[] }[],
    columns: OutputColumns,
  ): MaybeTensor[] {
    const arithmetic = this.#arithmetic;
    const sums: MaybeTensor[][] = parameters.map((layers) => layers.flatMap(() => [null, null]));
    uploaded.passes.forEach(({ network, plan }, p) => {
      const bars = columns.bars(p);
      if (bars.every((bar) => bar === null)) return;
      const gradients = networkAdjoint(arithmetic, plan, parameters[network], runs[p].records, bars);
      gradients.forEach(({ matrix, bias }, layer) => {
        const sum = sums[network];
        sum[2 * layer] = arithmetic.add(sum[2 * layer], matrix);
        sum[2 * layer + 1] = arithmetic.add(sum[2 * layer + 1], bias);
      });
    });
    return sums.flat();
  }

  #uploadParameters(theta: Float64Array): AffineTensors[][] {
    const { tf } = this.#loaded;
    let position = 0;
    const take = (rows: number, columns: number): Tensor => {
      const end = position + rows * columns;
      const tensor = tf.tensor2d(Float32Array.from(theta.subarray(position, end)), [rows, columns]);
      position = end;
      return tensor;
    };
    return this.#system.trial.networks.map(({ layers }) =>
      layers
        .filter((layer) => layer.kind === 'affine')
        .map(({ inputs, outputs }) => ({ matrix: take(inputs, outputs), bias: take(1, outputs) })),
    );
  }

  /** Lengths of the pieces of θ, in the order of the gradient. */
  #pieceSizes(): number[] {
    const { trial, unknowns } = this.#system;
    const layers = trial.networks.flatMap((network) => network.layers);
    return [
      ...layers.flatMap((layer) =>
        layer.kind === 'affine' ? [layer.inputs * layer.outputs, layer.outputs] : [],
      ),
      ...unknowns.map(() => 1),
    ];
  }

  /** Reads tensors and disposes of them. */
  async #download(tensors: readonly Tensor[]): Promise<Float32Array[]> {
    const { tf, synchronous } = this.#loaded;
    if (synchronous) {
      return tensors.map((tensor) => {
        const values = tensor.dataSync() as Float32Array;
        tensor.dispose();
        return values;
      });
    }
    // One transfer, since each costs a round trip to the device.
    const sizes = tensors.map(({ size }) => size);
    const all = tf.tidy(() => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]))));
    for (const tensor of tensors) tensor.dispose();
    const values = (await all.data()) as Float32Array;
    all.dispose();
    let position = 0;
    return sizes.map((size) => {
      position += size;
      return values.subarray(position - size, position);
    });
  }

  #loss(columns: readonly (readonly Float32Array[])[]): Omit<LossAndGradient, 'gradient'> {
    const terms = Float64Array.from(this.#system.blocks, ({ count, weight, pointWeights }, b) => {
      let sum = 0;
      for (const column of columns[b]) {
        for (let n = 0; n < count; n++) sum += (pointWeights?.[n] ?? 1) * column[n] * column[n];
      }
      return (weight / count) * sum;
    });
    return { loss: terms.reduce((sum, term) => sum + term, 0), terms };
  }
}
