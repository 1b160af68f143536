/** A tfjs optimizer from the rule by which it moves one variable. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { ProblemError } from '../../errors.ts';

export interface VariableStep {
  readonly value: TensorFlow.Tensor;
  readonly gradient: TensorFlow.Tensor;
  /** What the optimizer remembers of this variable, each of its shape, zero at first; set by `assign`. */
  readonly memory: readonly TensorFlow.Variable[];
  readonly learningRate: number;
  /** From 1. */
  readonly step: number;
}

export interface OptimizerRule {
  readonly name: string;
  /** Numbers remembered for each parameter. */
  readonly memory: number;
  /** The variable's new value. Runs inside a tidy. */
  move(tf: TensorLibrary, step: VariableStep): TensorFlow.Tensor;
}

export function optimizerWithState(
  tf: TensorLibrary,
  learningRate: number,
  { name, memory, move }: OptimizerRule,
): TensorFlow.Optimizer {
  if (!(learningRate > 0))
    throw new ProblemError(`${learningRate} is no rate`, {
      path: 'learningRate',
      hint: 'give a positive number',
    });
  class OptimizerWithState extends tf.Optimizer {
    static className = name;
    learningRate = learningRate;
    #step = 0;
    readonly #memory = new Map<string, TensorFlow.Variable[]>();

    applyGradients(
      gradients: TensorFlow.NamedTensorMap | { name: string; tensor: TensorFlow.Tensor }[],
    ): void {
      const entries = Array.isArray(gradients)
        ? gradients.map(({ name: own, tensor }) => [own, tensor] as const)
        : Object.entries(gradients);
      this.#step += 1;
      tf.tidy(() => {
        for (const [own, gradient] of entries) {
          if (gradient == null) continue;
          const value = tf.engine().registeredVariables[own];
          let kept = this.#memory.get(own);
          if (kept === undefined) {
            kept = Array.from({ length: memory }, () => tf.variable(tf.zerosLike(value), false));
            this.#memory.set(own, kept);
          }
          const step = { value, gradient, memory: kept, learningRate: this.learningRate, step: this.#step };
          value.assign(move(tf, step));
        }
      });
      this.incrementIterations();
    }

    override dispose(): void {
      for (const kept of this.#memory.values()) tf.dispose(kept);
      this.#memory.clear();
      super.dispose();
    }

    getConfig(): { learningRate: number } {
      return { learningRate: this.learningRate };
    }
  }
  return new OptimizerWithState();
}
