/** The long short-term memory, by its equations. */
import { ProblemError } from '../../errors.ts';
import { baseFunctions } from '../../network/activation/evaluate.ts';

const { sigmoid, tanh } = baseFunctions;

/** Weights as tfjs and Keras keep them: four blocks of columns for the gates i, f, the candidate c, and o. */
export interface LstmWeights {
  /** W, (inputs, 4 units), row-major. */
  readonly kernel: ArrayLike<number>;
  /** U, (units, 4 units), row-major. */
  readonly recurrent: ArrayLike<number>;
  /** b, (4 units). */
  readonly bias: ArrayLike<number>;
}

export interface LstmState {
  /** h, what the cell gives, (units). */
  readonly output: Float64Array;
  /** c, what it remembers, (units). */
  readonly memory: Float64Array;
}

/** State and gates after a step, each (units). */
export interface LstmStep extends LstmState {
  readonly input: Float64Array;
  readonly forget: Float64Array;
  readonly candidate: Float64Array;
  readonly exposed: Float64Array;
}

/**
 * One step of a long short-term memory:
 *
 *   i = σ(W_i x + U_i h + b_i)    what of the candidate is written,
 *   f = σ(W_f x + U_f h + b_f)    what of the memory is kept,
 *   ĉ = tanh(W_c x + U_c h + b_c),
 *   o = σ(W_o x + U_o h + b_o)    what of it is shown,
 *   c ← f ∘ c + i ∘ ĉ,   h ← o ∘ tanh c.
 *
 * Along c the derivative from one step to the next is f, a gate and no product with a matrix: where it is near 1
 * gradients neither vanish nor explode (Hochreiter & Schmidhuber, Neural Computation 9 (1997); the forget gate by Gers,
 * Schmidhuber & Cummins, Neural Computation 12 (2000)).
 *
 * @param x  (inputs)
 * @throws ProblemError where sizes do not fit
 */
export function lstmStep(
  { kernel, recurrent, bias }: LstmWeights,
  x: ArrayLike<number>,
  { output, memory }: LstmState,
): LstmStep {
  const units = output.length;
  if (
    kernel.length !== 4 * units * x.length ||
    recurrent.length !== 4 * units * units ||
    bias.length !== 4 * units
  )
    throw new ProblemError(
      `weights of ${kernel.length}, ${recurrent.length} and ${bias.length} numbers for ${x.length} inputs and ${units} units`,
      { path: 'weights', hint: 'they are (inputs, 4 units), (units, 4 units) and (4 units)' },
    );
  const gate = (block: number, activation: (a: number) => number): Float64Array =>
    Float64Array.from({ length: units }, (_, j) => {
      const column = block * units + j;
      let sum = bias[column];
      for (let k = 0; k < x.length; k++) sum += x[k] * kernel[k * 4 * units + column];
      for (let k = 0; k < units; k++) sum += output[k] * recurrent[k * 4 * units + column];
      return activation(sum);
    });
  const [input, forget, candidate, exposed] = [
    gate(0, sigmoid),
    gate(1, sigmoid),
    gate(2, tanh),
    gate(3, sigmoid),
  ];
  const kept = memory.map((c, j) => forget[j] * c + input[j] * candidate[j]);
  return {
    input,
    forget,
    candidate,
    exposed,
    memory: kept,
    output: kept.map((c, j) => exposed[j] * tanh(c)),
  };
}

/**
 * A whole sequence from a state of zeros: a step for each of its entries.
 *
 * @param sequence  (length, inputs), row-major
 */
export function lstmSequence(
  weights: LstmWeights,
  sequence: ArrayLike<number>,
  inputs: number,
): readonly LstmStep[] {
  const units = weights.bias.length / 4;
  const steps: LstmStep[] = [];
  let state: LstmState = { output: new Float64Array(units), memory: new Float64Array(units) };
  for (let start = 0; start < sequence.length; start += inputs) {
    const x = Array.from({ length: inputs }, (_, k) => sequence[start + k]);
    const step = lstmStep(weights, x, state);
    steps.push(step);
    state = step;
  }
  return steps;
}
