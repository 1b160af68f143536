/** What one thread does: partial sums over its shard of the points, one for each chunk. */
import { GroupPass, type RowPanels } from './group-pass.ts';
import { LinearMemory } from './linear-memory.ts';
import { FoldedTriangle, foldOrder } from './orthogonal-factor.ts';
import { PackedWeights } from './packed-weights.ts';
import type { SystemPlan } from './system-plan.ts';
import type { Shard, Tile } from './tile.ts';
import { lowerTriangle } from './triangle.ts';

export type Task =
  | 'loss'
  | 'gradient'
  | 'crossGradient'
  | 'residuals'
  | 'gaussNewton'
  | 'orthogonalFactor'
  | 'jacobian';

export interface ShardResult {
  /** (chunks, blocks): each block's share of the loss. */
  readonly terms: Float64Array;
  /** (chunks, P), for 'gradient' and 'crossGradient'. */
  readonly gradient?: Float64Array;
  /** Tile after tile, each (count, outputs): unweighted for 'residuals', weighted for 'jacobian'. */
  readonly residuals?: Float64Array;
  /** Lower triangle of JᵀJ, row after row, for 'gaussNewton'. */
  readonly triangle?: Float64Array;
  /** Jᵀρ, for 'gaussNewton'. */
  readonly vector?: Float64Array;
  /** R and Qᵀρ in the form of {@link FoldedTriangle}, for 'orthogonalFactor'. */
  readonly panels?: Float64Array;
  /** One row of length P for each of those residuals, for 'jacobian'. */
  readonly rows?: Float64Array;
}

/** Rows of the Jacobian that are folded into JᵀJ, or into R, at once. */
const CAPACITY = 256;

export class ShardEvaluator {
  readonly #memory: LinearMemory;
  readonly #plan: SystemPlan;
  readonly #weights: PackedWeights;
  /** Size of θ rounded up to whole panels. */
  readonly #padded: number;
  readonly #gradient: number;
  /** Residuals of all tiles at other parameters, for 'crossGradient'. */
  #elsewhere: number | undefined;
  #packed: { rows: number; rho: number } | undefined;
  #normal: { matrix: number; vector: number } | undefined;
  #triangle: FoldedTriangle | undefined;
  #shard!: Shard;
  #passes!: GroupPass[];
  #data = 0;
  #mark = 0;

  constructor(module: WebAssembly.Module, plan: SystemPlan, shard: Shard) {
    this.#memory = new LinearMemory(module);
    this.#plan = plan;
    this.#weights = new PackedWeights(this.#memory, plan);
    this.#padded = Math.ceil(plan.size / 4) * 4;
    this.#gradient = this.#memory.allocate(8 * this.#padded);
    this.#mark = this.#memory.mark();
    this.update(shard);
  }

  /** Other points, columns and weights. */
  update(shard: Shard): void {
    this.#memory.release(this.#mark);
    this.#packed = undefined;
    this.#normal = undefined;
    this.#triangle = undefined;
    this.#elsewhere = undefined;
    this.#shard = shard;
    this.#data = this.#memory.allocateFloats(shard.data);
    const passes = new Map<string, GroupPass>();
    this.#passes = shard.tiles.map(({ group, padded }) => {
      const key = `${group}:${padded}`;
      let pass = passes.get(key);
      if (pass === undefined) {
        pass = new GroupPass(this.#memory, this.#plan, this.#plan.groups[group], this.#weights, padded);
        passes.set(key, pass);
      }
      return pass;
    });
  }

  /** @param elsewhere where 'crossGradient' takes the residuals */
  run(task: Task, theta: Float64Array, elsewhere?: Float64Array): ShardResult {
    if (task === 'crossGradient') return this.#crossGradients(theta, elsewhere!);
    this.#weights.set(theta);
    const unknowns = theta.subarray(this.#plan.trialSize);
    switch (task) {
      case 'loss':
        return { terms: this.#sweep(unknowns, false, () => {}) };
      case 'gradient':
        return this.#gradients(unknowns);
      case 'residuals':
        return this.#residuals(unknowns);
      case 'gaussNewton':
        return this.#gaussNewton(unknowns);
      case 'orthogonalFactor':
        return this.#orthogonalFactor(unknowns);
      case 'jacobian':
        return this.#jacobian(unknowns);
    }
  }

  /** Evaluates tile after tile, calling `visit` while its columns stand; the blocks' losses by chunk. */
  #sweep(unknowns: Float64Array, full: boolean, visit: (pass: GroupPass, tile: Tile) => void): Float64Array {
    const { tiles, chunks, firstChunk } = this.#shard;
    const { blocks } = this.#plan;
    const terms = new Float64Array(chunks * blocks);
    tiles.forEach((tile, i) => {
      const pass = this.#passes[i];
      pass.evaluate(this.#data + 8 * tile.offset, unknowns, full);
      pass.addLosses(terms, (tile.chunk - firstChunk) * blocks);
      visit(pass, tile);
    });
    return terms;
  }

  #gradients(unknowns: Float64Array): ShardResult {
    return this.#chunked(unknowns, (pass) => {
      pass.gradient(this.#gradient, this.#plan.trialSize);
    });
  }

  #crossGradients(theta: Float64Array, elsewhere: Float64Array): ShardResult {
    const { trialSize } = this.#plan;
    const memory = this.#memory;
    this.#elsewhere ??= memory.allocate(8 * this.#rowCount(true));
    const columns = this.#elsewhere;
    this.#weights.set(elsewhere);
    let at = columns;
    const terms = this.#sweep(elsewhere.subarray(trialSize), false, (pass) => {
      for (let output = 0; output < pass.plan.outputs.length; output++, at += 8 * pass.points) {
        const source = pass.residual(output) / 8;
        memory.floats.copyWithin(at / 8, source, source + pass.points);
      }
    });
    this.#weights.set(theta);
    at = columns;
    const { gradient } = this.#chunked(theta.subarray(trialSize), (pass) => {
      pass.pullback(this.#gradient, trialSize, (output) => at + 8 * output * pass.points);
      at += 8 * pass.plan.outputs.length * pass.points;
    });
    return { terms, gradient };
  }

  /** Sums over chunks of what `add` adds to the gradient for each tile. */
  #chunked(unknowns: Float64Array, add: (pass: GroupPass) => void): ShardResult {
    const { size } = this.#plan;
    const { chunks, firstChunk } = this.#shard;
    const sums = new Float64Array(chunks * size);
    const start = this.#gradient / 8;
    let chunk = -1;
    const finish = (): void => {
      if (chunk >= 0) sums.set(this.#memory.floats.subarray(start, start + size), chunk * size);
    };
    const terms = this.#sweep(unknowns, true, (pass, tile) => {
      if (tile.chunk - firstChunk !== chunk) {
        finish();
        chunk = tile.chunk - firstChunk;
        this.#memory.floats.fill(0, start, start + size);
      }
      add(pass);
    });
    finish();
    return { terms, gradient: sums };
  }

  #residuals(unknowns: Float64Array): ShardResult {
    const residuals = new Float64Array(this.#rowCount());
    let row = 0;
    const terms = this.#sweep(unknowns, false, (pass, { count }) => {
      const outputs = pass.plan.outputs.length;
      for (let output = 0; output < outputs; output++) {
        const at = pass.residual(output) / 8;
        for (let n = 0; n < count; n++) residuals[row + n * outputs + output] = this.#memory.floats[at + n];
      }
      row += count * outputs;
    });
    return { terms, residuals };
  }

  #gaussNewton(unknowns: Float64Array): ShardResult {
    const { kernels } = this.#memory;
    const { size } = this.#plan;
    const padded = this.#padded;
    const { rows, rho } = this.#packedRows();
    const { matrix, vector } = this.#normalEquations();
    const floats = this.#memory.floats;
    floats.fill(0, matrix / 8, matrix / 8 + padded * padded);
    floats.fill(0, vector / 8, vector / 8 + padded);
    const terms = this.#foldRows(unknowns, true, (count, panels) => {
      if (panels === null) {
        kernels.rankUpdate(rows, CAPACITY, count, matrix, padded);
        kernels.vectorUpdate(rows, CAPACITY, count, rho, vector, padded);
      } else {
        const { list, count: listed } = panels;
        kernels.rankUpdateListed(rows, CAPACITY, count, matrix, padded, list, listed);
        kernels.vectorUpdateListed(rows, CAPACITY, count, rho, vector, list, listed);
      }
    });
    const triangle = lowerTriangle(this.#memory, matrix, size, padded);
    return { terms, triangle, vector: this.#memory.read(vector, size) };
  }

  #orthogonalFactor(unknowns: Float64Array): ShardResult {
    const { size } = this.#plan;
    const { rows, rho } = this.#packedRows();
    this.#triangle ??= new FoldedTriangle(this.#memory, size);
    const triangle = this.#triangle;
    const floats = this.#memory.floats;
    triangle.clear();
    const last = rows / 8 + 4 * CAPACITY * (size >> 2);
    const terms = this.#foldRows(unknowns, false, (count) => {
      for (let n = 0; n < count; n++) {
        floats[last + 4 * n + (size & 3)] = floats[rho / 8 + n];
        for (let lane = (size & 3) + 1; lane < 4; lane++) floats[last + 4 * n + lane] = 0;
      }
      triangle.fold(rows, CAPACITY, count);
    });
    return { terms, panels: triangle.panels() };
  }

  /**
   * Fills the packed rows again and again, calling `fold` with their number each time.
   *
   * @param confined whether rows may be confined to the panels they touch; only such of the same panels stand together
   */
  #foldRows(
    unknowns: Float64Array,
    confined: boolean,
    fold: (count: number, panels: RowPanels | null) => void,
  ): Float64Array {
    const { rows, rho } = this.#packedRows();
    let filled = 0;
    let current: RowPanels | null = null;
    const terms = this.#sweep(unknowns, true, (pass) => {
      for (let output = 0; output < pass.plan.outputs.length; output++) {
        const panels = confined ? pass.panels(output) : null;
        if (filled > 0 && (filled + pass.points > CAPACITY || panels?.key !== current?.key)) {
          fold(filled, current);
          filled = 0;
        }
        current = panels;
        pass.rows(output, rows + 32 * filled, CAPACITY, rho + 8 * filled, this.#plan, panels);
        filled += pass.points;
      }
    });
    if (filled > 0) fold(filled, current);
    return terms;
  }

  #jacobian(unknowns: Float64Array): ShardResult {
    const { size } = this.#plan;
    const packed = this.#packedRows();
    const floats = this.#memory.floats;
    const count = this.#rowCount();
    const rows = new Float64Array(count * size);
    const residuals = new Float64Array(count);
    let row = 0;
    const terms = this.#sweep(unknowns, true, (pass, tile) => {
      const outputs = pass.plan.outputs.length;
      for (let output = 0; output < outputs; output++) {
        pass.rows(output, packed.rows, CAPACITY, packed.rho, this.#plan);
        for (let n = 0; n < tile.count; n++) {
          residuals[row + n * outputs + output] = floats[packed.rho / 8 + n];
        }
        // Panel by panel, so that what is read is read in order.
        for (let p = 0; p < size; p += 4) {
          const lanes = Math.min(4, size - p);
          let from = packed.rows / 8 + p * CAPACITY;
          let to = (row + output) * size + p;
          for (let n = 0; n < tile.count; n++, from += 4, to += outputs * size) {
            for (let lane = 0; lane < lanes; lane++) rows[to + lane] = floats[from + lane];
          }
        }
      }
      row += tile.count * outputs;
    });
    return { terms, rows, residuals };
  }

  /** Room for packed rows, with one column more than there are parameters; taken the first time it is needed. */
  #packedRows(): { rows: number; rho: number } {
    if (this.#packed === undefined) {
      const memory = this.#memory;
      const columns = foldOrder(this.#plan.size);
      const rows = memory.allocate(8 * columns * CAPACITY);
      // Every parameter's column is written by each tile; those beyond are not.
      const last = 4 * (this.#plan.size >> 2);
      memory.floats.fill(0, rows / 8 + last * CAPACITY, rows / 8 + columns * CAPACITY);
      this.#packed = { rows, rho: memory.allocate(8 * CAPACITY) };
    }
    return this.#packed;
  }

  #normalEquations(): { matrix: number; vector: number } {
    if (this.#normal === undefined) {
      const padded = this.#padded;
      const matrix = this.#memory.allocate(8 * padded * padded);
      this.#normal = { matrix, vector: this.#memory.allocate(8 * padded) };
    }
    return this.#normal;
  }

  #rowCount(padding = false): number {
    const { groups } = this.#plan;
    return this.#shard.tiles.reduce(
      (sum, { count, padded, group }) => sum + (padding ? padded : count) * groups[group].outputs.length,
      0,
    );
  }
}
