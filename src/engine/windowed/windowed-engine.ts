/** An engine for fields put together from windowed networks, on top of one that knows nothing of windows. */
import type { ResidualSystem } from '../../residual/residual-system.ts';
import type { LoadedEngine } from '../create-engine.ts';
import type { LossAndGradient } from '../engine.ts';
import { type SplitSystem, WindowSplitter } from './windowed-system.ts';

/** @param create an engine for a system whose networks have no windows */
export async function createWindowedEngine(
  system: ResidualSystem,
  create: (system: ResidualSystem) => Promise<LoadedEngine>,
): Promise<LoadedEngine> {
  const splitter = new WindowSplitter(system.trial);
  const split = splitter.split(system);
  const inner = await create(split.system);
  return windowedEngine(inner, splitter, system, split);
}

function windowedEngine(
  inner: LoadedEngine,
  splitter: WindowSplitter,
  first: ResidualSystem,
  firstSplit: SplitSystem,
): LoadedEngine {
  let system = first;
  let split = firstSplit;
  const inBlocks = <T extends { readonly terms: Float64Array }>(result: T): T => {
    const terms = new Float64Array(system.blocks.length);
    split.parts.forEach(({ block }, p) => {
      terms[block] += result.terms[p];
    });
    return { ...result, terms };
  };
  const { crossGradient, gaussNewton, orthogonalFactor, sampledJacobian } = inner;
  return {
    name: inner.name,
    backend: inner.backend,
    precision: inner.precision,
    size: inner.size,
    factorize: inner.factorize,
    foldDiagonal: inner.foldDiagonal,
    gram: inner.gram,
    lossAndGradient: async (theta): Promise<LossAndGradient> => inBlocks(await inner.lossAndGradient(theta)),
    loss: async (theta) => inBlocks(await inner.loss(theta)),
    residuals: async (theta) => inOrder(await inner.residuals(theta), system, split),
    ...(crossGradient && {
      crossGradient: async (theta, elsewhere) => inBlocks(await crossGradient.call(inner, theta, elsewhere)),
    }),
    ...(gaussNewton && { gaussNewton: async (theta) => inBlocks(await gaussNewton.call(inner, theta)) }),
    ...(orthogonalFactor && {
      orthogonalFactor: async (theta) => inBlocks(await orthogonalFactor.call(inner, theta)),
    }),
    ...(sampledJacobian && {
      sampledJacobian: (theta, residuals, seed) => sampledJacobian.call(inner, theta, residuals, seed),
    }),
    update: async (next) => {
      const nextSplit = splitter.split(next);
      await inner.update(nextSplit.system);
      [system, split] = [next, nextSplit];
    },
    dispose: () => inner.dispose(),
  };
}

/** Residuals of the parts, in the order of the blocks they are parts of. */
function inOrder(values: Float64Array, { blocks }: ResidualSystem, split: SplitSystem): Float64Array {
  const starts: number[] = [];
  let total = 0;
  for (const { count, residuals } of blocks) {
    starts.push(total);
    total += count * residuals.length;
  }
  const ordered = new Float64Array(total);
  let at = 0;
  split.parts.forEach(({ block, rows }, p) => {
    const outputs = blocks[block].residuals.length;
    rows.forEach((n, i) => {
      for (let o = 0; o < outputs; o++)
        ordered[starts[block] + n * outputs + o] = values[at + i * outputs + o];
    });
    at += split.system.blocks[p].count * outputs;
  });
  return ordered;
}
