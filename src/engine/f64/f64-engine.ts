import { NotSupportedError, ProblemError, SolveError } from '../../errors.ts';
import type { ResidualSystem } from '../../residual/residual-system.ts';
import type { Engine, GaussNewton, LossAndGradient, OrthogonalFactor } from '../engine.ts';
import { inBlockOrder } from './block-order.ts';
import { CholeskyFactorizer, type Factorization } from './cholesky.ts';
import { gram } from './gram.ts';
import { type KernelModule, kernelModule } from './kernel-module.ts';
import { LinearMemory } from './linear-memory.ts';
import { foldDiagonal, foldedTogether, type TriangularPair } from './orthogonal-factor.ts';
import { SampledEvaluator, type SampledJacobian } from './sampled-evaluator.ts';
import { ShardEvaluator, type ShardResult, type Task } from './shard-evaluator.ts';
import { LocalShard, type ShardHost } from './shard-host.ts';
import { type SystemPlan, systemPlan } from './system-plan.ts';
import { sameStructure } from './system-structure.ts';
import { defaultThreads } from './thread-count.ts';
import { type Shard, shards } from './tile.ts';
import { symmetric } from './triangle.ts';
import { startWorkers } from './worker-shard.ts';

export interface F64EngineOptions {
  /**
   * Threads that share the points. Default: the number of cores, at most 8, and 1 for systems so small that
   * messages would cost more than they save. Loss, terms and gradient do not depend on it; JᵀJ and Jᵀρ do,
   * in the last digits, and are the same from call to call for a given number.
   */
  readonly threads?: number;
}

/** The weighted Jacobian ∂ρ/∂θ itself. */
export interface WeightedJacobian {
  /** (M, P) row-major, in the order of `residuals()`: block after block, point after point. */
  readonly rows: Float64Array;
  /** ρ: the residuals times the square roots of their weights, (M). */
  readonly residuals: Float64Array;
}

export interface F64Engine extends Engine {
  crossGradient(theta: Float64Array, elsewhere: Float64Array): Promise<LossAndGradient>;
  gaussNewton(theta: Float64Array): Promise<GaussNewton>;
  orthogonalFactor(theta: Float64Array): Promise<OrthogonalFactor>;
  /**
   * The rows that `gaussNewton` folds up, for factorisations of J itself.
   * @throws NotSupportedError if they would take more than `maximumBytes` (default 1 GiB)
   */
  jacobian(theta: Float64Array, maximumBytes?: number): Promise<WeightedJacobian>;
  /**
   * `jacobian` on about so many residuals, drawn by the seed from every block in the same share and weighted to stand
   * for all of them; of all where there are no more.
   */
  sampledJacobian(theta: Float64Array, residuals: number, seed: number): Promise<SampledJacobian>;
  /**
   * Cholesky factorisation of a symmetric matrix (n, n), null if it is not positive definite. The next one takes its
   * place.
   */
  readonly factorize: (matrix: Float64Array, n: number) => Factorization | null;
  /** R' and c' with [R c; diag(d) 0] = Q·[R' c'; 0 ·], for damped steps from `orthogonalFactor`. */
  readonly foldDiagonal: (
    factor: Float64Array,
    vector: Float64Array,
    diagonal: Float64Array,
  ) => TriangularPair;
  /** J·Jᵀ (count, count) of J (count, size) row-major, for the dual form of a Gauss–Newton step. */
  readonly gram: (rows: Float64Array, count: number, size: number) => Float64Array;
}

/**
 * The float64 engine: jets, residuals and adjoints in WebAssembly kernels with two lanes, tile by tile, on
 * one thread or several.
 *
 * @throws ProblemError if the system is not consistent
 * @throws SolveError if memory runs out
 */
export async function createF64Engine(
  system: ResidualSystem,
  options: F64EngineOptions = {},
): Promise<F64Engine> {
  const compiled = await kernelModule();
  const plan = await systemPlan(system);
  const threads = options.threads ?? (await defaultThreads(plan, system));
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
    throw new ProblemError(`threads must be a whole number from 1 to 256, not ${threads}`);
  }
  const parts = shards(system, plan, threads);
  const hosts = await startHosts(compiled, plan, parts);
  return new Evaluation(compiled, system, plan, parts, hosts);
}

async function startHosts(
  compiled: KernelModule,
  plan: SystemPlan,
  parts: readonly Shard[],
): Promise<ShardHost[]> {
  if (parts.length > 1) {
    const workers = await startWorkers(compiled.module, plan, parts);
    if (workers !== null) return workers;
  }
  return parts.map((shard) => new LocalShard(new ShardEvaluator(compiled.module, plan, shard)));
}

class Evaluation implements F64Engine {
  readonly name = 'f64';
  readonly precision = 'float64';
  readonly backend: string;
  // Bound, since optimisers are handed these alone.
  readonly factorize = (matrix: Float64Array, n: number): Factorization | null => {
    this.#factorizer ??= new CholeskyFactorizer(this.#ownMemory());
    this.#checkAlive();
    return this.#factorizer.factorize(matrix, n);
  };
  readonly foldDiagonal = (
    factor: Float64Array,
    vector: Float64Array,
    diagonal: Float64Array,
  ): TriangularPair => foldDiagonal(this.#ownMemory(), factor, vector, diagonal);
  readonly gram = (rows: Float64Array, count: number, size: number): Float64Array =>
    gram(this.#ownMemory(), rows, count, size);
  readonly #compiled: KernelModule;
  #system: ResidualSystem;
  #plan: SystemPlan;
  #shards: readonly Shard[];
  #hosts: readonly ShardHost[];
  #memory: LinearMemory | undefined;
  #factorizer: CholeskyFactorizer | undefined;
  #sampled: SampledEvaluator | undefined;
  #disposed = false;

  constructor(
    compiled: KernelModule,
    system: ResidualSystem,
    plan: SystemPlan,
    parts: readonly Shard[],
    hosts: readonly ShardHost[],
  ) {
    this.#compiled = compiled;
    this.#system = system;
    this.#plan = plan;
    this.#shards = parts;
    this.#hosts = hosts;
    const threads = hosts.filter((host) => !(host instanceof LocalShard)).length;
    this.backend = threads > 1 ? `${compiled.backend} (${threads} threads)` : compiled.backend;
  }

  get size(): number {
    return this.#plan.size;
  }

  async lossAndGradient(theta: Float64Array): Promise<LossAndGradient> {
    return this.#lossAndGradient(await this.#run('gradient', theta));
  }

  async crossGradient(theta: Float64Array, elsewhere: Float64Array): Promise<LossAndGradient> {
    return this.#lossAndGradient(await this.#run('crossGradient', theta, elsewhere));
  }

  #lossAndGradient(results: readonly ShardResult[]): LossAndGradient {
    const gradient = new Float64Array(this.size);
    for (const { gradient: sums } of results) {
      for (let at = 0; at < sums!.length; at += this.size) {
        for (let p = 0; p < this.size; p++) gradient[p] += sums![at + p];
      }
    }
    return { ...this.#loss(results), gradient };
  }

  async loss(theta: Float64Array): Promise<Omit<LossAndGradient, 'gradient'>> {
    return this.#loss(await this.#run('loss', theta));
  }

  async residuals(theta: Float64Array): Promise<Float64Array> {
    const results = await this.#run('residuals', theta);
    return inBlockOrder(this.#system, this.#plan, this.#shards, (s) => results[s].residuals!, 1);
  }

  async gaussNewton(theta: Float64Array): Promise<GaussNewton> {
    const results = await this.#run('gaussNewton', theta);
    const triangle = results[0].triangle!;
    const vector = results[0].vector!;
    for (const result of results.slice(1)) {
      const others = result.triangle!;
      for (let i = 0; i < triangle.length; i++) triangle[i] += others[i];
      for (let p = 0; p < vector.length; p++) vector[p] += result.vector![p];
    }
    return {
      ...this.#loss(results),
      matrix: symmetric(triangle, this.size),
      vector,
      gradient: vector.map((v) => 2 * v),
    };
  }

  async orthogonalFactor(theta: Float64Array): Promise<OrthogonalFactor> {
    const results = await this.#run('orthogonalFactor', theta);
    const parts = results.map((result) => result.panels!);
    return { ...this.#loss(results), ...foldedTogether(this.#ownMemory(), parts, this.size) };
  }

  async jacobian(theta: Float64Array, maximumBytes = 2 ** 30): Promise<WeightedJacobian> {
    const rows = this.#system.blocks.reduce((sum, block) => sum + block.count * block.residuals.length, 0);
    if (8 * rows * this.size > maximumBytes) {
      throw new NotSupportedError(
        `the Jacobian of ${rows} residuals by ${this.size} parameters takes more than ${maximumBytes} bytes`,
        { hint: 'use gaussNewton, which never stores it, or fewer points' },
      );
    }
    const results = await this.#run('jacobian', theta);
    return {
      rows: inBlockOrder(this.#system, this.#plan, this.#shards, (s) => results[s].rows!, this.size),
      residuals: inBlockOrder(this.#system, this.#plan, this.#shards, (s) => results[s].residuals!, 1),
    };
  }

  async sampledJacobian(theta: Float64Array, residuals: number, seed: number): Promise<SampledJacobian> {
    this.#checkParameters(theta);
    this.#sampled ??= new SampledEvaluator(this.#compiled.module);
    return this.#sampled.jacobian(this.#system, this.#plan, theta, residuals, seed);
  }

  async update(system: ResidualSystem): Promise<void> {
    this.#checkAlive();
    const plan = sameStructure(this.#system, system) ? this.#plan : await systemPlan(system);
    const parts = shards(system, plan, this.#hosts.length);
    try {
      if (plan === this.#plan) await Promise.all(this.#hosts.map((host, i) => host.update(parts[i])));
      else await this.#replaceHosts(await startHosts(this.#compiled, plan, parts));
    } catch (failure) {
      // Some of the hosts may have the new system already: none of them is to be asked again.
      await this.dispose();
      throw failure;
    }
    this.#system = system;
    this.#plan = plan;
    this.#shards = parts;
  }

  async #replaceHosts(hosts: readonly ShardHost[]): Promise<void> {
    const old = this.#disposed ? hosts : this.#hosts;
    if (!this.#disposed) this.#hosts = hosts;
    await Promise.all(old.map((host) => host.dispose()));
    this.#checkAlive();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#memory = undefined;
    this.#factorizer = undefined;
    this.#sampled = undefined;
    const hosts = this.#hosts;
    this.#hosts = [];
    await Promise.all(hosts.map((host) => host.dispose()));
  }

  async #run(task: Task, theta: Float64Array, elsewhere?: Float64Array): Promise<ShardResult[]> {
    this.#checkParameters(theta);
    if (elsewhere !== undefined) this.#checkParameters(elsewhere);
    return Promise.all(this.#hosts.map((host) => host.run(task, theta, elsewhere)));
  }

  #checkParameters({ length }: Float64Array): void {
    this.#checkAlive();
    if (length === this.size) return;
    throw new ProblemError(`there are ${length} parameters, the system has ${this.size}`);
  }

  #loss(results: readonly ShardResult[]): { loss: number; terms: Float64Array } {
    const { blocks } = this.#plan;
    const terms = new Float64Array(blocks);
    for (const result of results) {
      for (let at = 0; at < result.terms.length; at++) terms[at % blocks] += result.terms[at];
    }
    return { loss: terms.reduce((sum, term) => sum + term, 0), terms };
  }

  /** For what runs in the calling thread. */
  #ownMemory(): LinearMemory {
    this.#checkAlive();
    this.#memory ??= new LinearMemory(this.#compiled.module);
    return this.#memory;
  }

  #checkAlive(): void {
    if (this.#disposed) throw new SolveError('the f64 engine has been disposed of');
  }
}
