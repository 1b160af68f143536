/** A residual program on columns of tensors, and its reverse sweep. */
import type { Program } from '../../expression/program.ts';
import { power, powerWithExponent, type TensorOperation, tensorOperations } from './operation-tensors.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

/** A program with what can be known before it runs. */
export class TensorProgram {
  readonly program: Program;
  /** For every register whether it depends on the trained inputs. */
  readonly active: readonly boolean[];
  readonly #operations: readonly TensorOperation[];

  /** @param trained for every input whether it changes with θ */
  constructor(program: Program, trained: readonly boolean[]) {
    this.program = program;
    const { inputs, constants, instructions } = program;
    const active = [...trained, ...constants.map(() => false)];
    for (const { operands } of instructions) active.push(operands.some((register) => active[register]));
    this.active = active;
    this.#operations = instructions.map(({ operation, operands }) => {
      if (operation !== 'power') return tensorOperations[operation];
      const exponent = operands[1] - inputs.length;
      return exponent >= 0 && exponent < constants.length ? powerWithExponent(constants[exponent]) : power;
    });
  }

  /**
   * The registers that do not depend on θ, computed once. The tensors are the caller's to keep.
   *
   * @param inputs a tensor (N) or () for every input that is not trained
   */
  constantRegisters(arithmetic: TensorArithmetic, inputs: readonly MaybeTensor[]): MaybeTensor[] {
    return this.#run(arithmetic, inputs, (register) => !this.active[register]);
  }

  /** All registers, given the trained inputs and the constant registers. */
  forward(
    arithmetic: TensorArithmetic,
    inputs: readonly MaybeTensor[],
    constant: readonly MaybeTensor[],
  ): MaybeTensor[] {
    return this.#run(arithmetic, inputs, (register) => this.active[register], constant);
  }

  #run(
    arithmetic: TensorArithmetic,
    inputs: readonly MaybeTensor[],
    wanted: (register: number) => boolean,
    known: readonly MaybeTensor[] = [],
  ): MaybeTensor[] {
    const { constants, instructions } = this.program;
    const registers: MaybeTensor[] = inputs.map((input, i) => input ?? known[i] ?? null);
    for (const value of constants) registers.push(arithmetic.scalar(value));
    instructions.forEach(({ operands }, i) => {
      const register = registers.length;
      if (!wanted(register)) registers.push(known[register] ?? null);
      else {
        const values = operands.map((operand) => registers[operand]!);
        registers.push(this.#operations[i].value(arithmetic, values));
      }
    });
    return registers;
  }

  /**
   * The adjoints of the inputs, of each one's shape; null where zero or not trained.
   *
   * @param bars the adjoint of every output
   */
  adjoint(
    arithmetic: TensorArithmetic,
    registers: readonly MaybeTensor[],
    bars: readonly Tensor[],
  ): MaybeTensor[] {
    const { inputs, constants, instructions, outputs } = this.program;
    const sums: MaybeTensor[] = registers.map(() => null);
    const receive = (register: number, bar: MaybeTensor): void => {
      if (bar === null || !this.active[register]) return;
      const scalar = registers[register]!.rank === 0 && bar.rank > 0;
      sums[register] = arithmetic.add(sums[register], scalar ? arithmetic.tf.sum(bar) : bar);
    };
    outputs.forEach((register, i) => {
      receive(register, bars[i]);
    });
    const first = inputs.length + constants.length;
    for (let i = instructions.length - 1; i >= 0; i--) {
      const bar = sums[first + i];
      if (bar === null) continue;
      const { operands } = instructions[i];
      const received = this.#operations[i].adjoint(
        arithmetic,
        bar,
        operands.map((operand) => registers[operand]!),
        registers[first + i]!,
        operands.map((operand) => this.active[operand]),
      );
      operands.forEach((operand, j) => {
        receive(operand, received[j] ?? null);
      });
    }
    return sums.slice(0, inputs.length);
  }
}
