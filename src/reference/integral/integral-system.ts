import { partial } from '../../expression/differentiate.ts';
import { evaluateProgram } from '../../expression/evaluate.ts';
import { type Expression, type FieldNode, leafKey, placeKey } from '../../expression/expression.ts';
import { pointsAt } from '../../expression/place.ts';
import { compileProgram, type Program } from '../../expression/program.ts';
import type { NonlinearSystem } from '../collocation/newton.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { DenseLU } from '../linear/dense-lu.ts';
import { continuation, type IntegralForm } from './integral-form.ts';
import type { IntegratedBasis } from './integrated-basis.ts';

/** One field leaf at the points of a block: its values are matrix · the field's coefficients. */
interface LeafRows {
  readonly leaf: FieldNode;
  readonly key: string;
  readonly field: number;
  /** (points, basis size) row-major. */
  readonly matrix: Float64Array;
}

/** Residuals at points of their own. */
interface Block {
  readonly count: number;
  readonly outputs: number;
  readonly leaves: readonly LeafRows[];
  /** Residuals first, then the partial derivatives that are not zero. */
  readonly program: Program;
  readonly partials: readonly { readonly output: number; readonly leaf: number }[];
  /** Columns of inputs that do not depend on the fields. */
  readonly fixed: readonly (Float64Array | null)[];
  readonly firstRow: number;
}

/**
 * Collocation of an integro-differential problem: each equation at the zeros of a Chebyshev polynomial, each condition
 * at its points; unknowns are the coefficients of every field in an integrated Chebyshev basis.
 */
export class IntegralSystem implements NonlinearSystem {
  readonly n: number;
  private readonly blocks: Block[] = [];
  private readonly offsets: number[] = [];
  private readonly lu: DenseLU;

  /**
   * @param bases  one for each field, all with the same number of coefficients
   * @param unknowns  values of the problem's unknowns by name
   */
  constructor(
    form: IntegralForm,
    private readonly names: readonly string[],
    readonly bases: readonly IntegratedBasis[],
    private readonly unknowns: Readonly<Record<string, number>>,
    ends: readonly [number, number],
  ) {
    let size = 0;
    for (const basis of bases) {
      this.offsets.push(size);
      size += basis.size;
    }
    this.n = size;
    this.lu = new DenseLU(size);
    const points = bases[0].points();
    let row = 0;
    const add = (sides: readonly Float64Array[], residuals: readonly Expression[]): void => {
      const block = this.block(sides, residuals, row);
      this.blocks.push(block);
      row += block.count * block.outputs;
    };
    add([points], form.residuals);
    for (const condition of form.conditions) add([condition.points], [condition.residual]);
    for (const { field, orders } of form.periodic)
      for (let k = 0; k < orders; k++)
        add([Float64Array.of(ends[0]), Float64Array.of(ends[1])], [continuation(field, k)]);
  }

  private block(sides: readonly Float64Array[], residuals: readonly Expression[], firstRow: number): Block {
    const [points] = sides;
    const count = points.length;
    const places = new Map<string, Float64Array>();
    const placeOf = (leaf: FieldNode): Float64Array => {
      if (leaf.at === undefined) return sides[leaf.side];
      const key = placeKey(leaf.at);
      const known = places.get(key) ?? pointsAt(leaf.at, points);
      places.set(key, known);
      return known;
    };
    const leaves = fieldLeaves(residuals).map((leaf): LeafRows => {
      const field = this.names.indexOf(leaf.name);
      const basis = this.bases[field];
      const matrix = new Float64Array(count * basis.size);
      placeOf(leaf).forEach((x, i) => {
        basis.row(x, leaf.order[0], matrix, i * basis.size);
      });
      return { leaf, key: leafKey(leaf), field, matrix };
    });
    const partials: { output: number; leaf: number }[] = [];
    const slopes: Expression[] = [];
    residuals.forEach((residual, output) => {
      leaves.forEach(({ leaf }, l) => {
        const slope = partial(residual, leaf);
        if (slope.kind === 'number' && slope.value === 0) return;
        partials.push({ output, leaf: l });
        slopes.push(slope);
      });
    });
    const program = compileProgram([...residuals, ...slopes]);
    const fixed = program.inputs.map((leaf) => {
      if (leaf.kind === 'coordinate') return points;
      if (leaf.kind === 'field') return null;
      return new Float64Array(count).fill(this.unknowns[leaf.name]);
    });
    return { count, outputs: residuals.length, leaves, program, partials, fixed, firstRow };
  }

  /** The residuals and slopes of a block, a column each. */
  private columns(block: Block, u: Float64Array): Float64Array[] {
    const values = new Map(
      block.leaves.map(({ key, field, matrix }) => {
        const { size } = this.bases[field];
        const offset = this.offsets[field];
        const column = new Float64Array(block.count);
        for (let i = 0; i < block.count; i++) {
          let sum = 0;
          for (let j = 0; j < size; j++) sum += matrix[i * size + j] * u[offset + j];
          column[i] = sum;
        }
        return [key, column] as const;
      }),
    );
    const inputs = block.program.inputs.map((leaf, i) => block.fixed[i] ?? values.get(leafKey(leaf))!);
    return evaluateProgram(block.program, inputs, block.count);
  }

  evaluate(_t: number, u: Float64Array, out: Float64Array): void {
    for (const block of this.blocks)
      this.columns(block, u)
        .slice(0, block.outputs)
        .forEach((column, output) => {
          out.set(column, block.firstRow + output * block.count);
        });
  }

  linearize(_t: number, u: Float64Array): void {
    const { matrix } = this.lu;
    matrix.fill(0);
    for (const block of this.blocks) {
      const columns = this.columns(block, u);
      block.partials.forEach(({ output, leaf }, p) => {
        const slope = columns[block.outputs + p];
        const { field, matrix: rows } = block.leaves[leaf];
        const { size } = this.bases[field];
        for (let i = 0; i < block.count; i++) {
          const start = (block.firstRow + output * block.count + i) * this.n + this.offsets[field];
          for (let j = 0; j < size; j++) matrix[start + j] -= slope[i] * rows[i * size + j];
        }
      });
    }
  }

  /** Factors −∂F/∂u. */
  factor(): boolean {
    return this.lu.factor();
  }

  solve(b: Float64Array): void {
    this.lu.solve(b);
  }

  /** The coefficients of a field among the unknowns. */
  coefficients(u: Float64Array, field: number): Float64Array {
    const start = this.offsets[field];
    return u.subarray(start, start + this.bases[field].size);
  }
}
