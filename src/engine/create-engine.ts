/** Engines by name, each loaded when it is first asked for. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import { hasWindows, isSeparable } from '../network/trial-solution.ts';
import type { Factorize, FoldDiagonal, Gram, SampledJacobian } from '../optimizer/index.ts';
import type { ResidualSystem } from '../residual/residual-system.ts';
import type { Engine } from './engine.ts';

export interface EngineOptions {
  /** Of the tfjs engine. */
  readonly backend?: string;
  /** Of the f64 engine. */
  readonly threads?: number;
}

/** An engine, with the linear algebra that suits it where it brings some. */
export interface LoadedEngine extends Engine {
  readonly factorize?: Factorize;
  readonly foldDiagonal?: FoldDiagonal;
  readonly gram?: Gram;
  /** Rows of J and ρ on about so many residuals, drawn by the seed, that stand for all. */
  sampledJacobian?(theta: Float64Array, residuals: number, seed: number): Promise<SampledJacobian>;
}

/** @throws ProblemError where the backend asked for does not load. */
export async function createEngine(
  name: Engine['name'],
  system: ResidualSystem,
  options: EngineOptions = {},
): Promise<LoadedEngine> {
  if (isSeparable(system.trial))
    throw new NotSupportedError('fields that are sums of products are not trained by an engine', {
      hint: 'begin anew, or with another optimizer',
    });
  if (hasWindows(system.trial)) {
    const { createWindowedEngine } = await import('./windowed/windowed-engine.ts');
    return createWindowedEngine(system, (split) => createEngine(name, split, options));
  }
  if (name === 'tfjs') {
    const { backendNames, createTfjsEngine } = await import('./tfjs/index.ts');
    const backend = backendNames.find((known) => known === options.backend);
    if (options.backend !== undefined && backend === undefined)
      throw new ProblemError(`there is no backend \`${options.backend}\` here`, {
        path: 'solve.backend',
        hint: `backends are ${backendNames.join(', ')}`,
      });
    return createTfjsEngine(system, { backend });
  }
  const { createF64Engine } = await import('./f64/index.ts');
  return createF64Engine(system, { threads: options.threads });
}
