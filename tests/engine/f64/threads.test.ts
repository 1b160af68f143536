import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createF64Engine, type F64Engine } from '../../../src/engine/f64/index.ts';
import { SolveError } from '../../../src/errors.ts';
import { relativeDifference } from './host-oracle.ts';
import { burgers, periodicSystem, randomTheta, reactionSystem, sharedPoints } from './systems.ts';

const system = burgers({ interior: 700, condition: 60, width: 8, depth: 2 });
const theta = randomTheta(system, 4);
const engines: F64Engine[] = [];

async function engineOn(threads: number, of = system): Promise<F64Engine> {
  const engine = await createF64Engine(of, { threads });
  engines.push(engine);
  return engine;
}

/** Catches the workers that an engine starts, by the one thing it asks of each. */
function watchWorkers(): Set<Worker> {
  const seen = new Set<Worker>();
  const original = Worker.prototype.postMessage;
  vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...message) {
    seen.add(this);
    return original.apply(this, message);
  });
  return seen;
}

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

describe('an engine on several threads', () => {
  it.each([2, 3])('has bit for bit the loss and gradient of one thread: %i', async (threads) => {
    const [one, several] = [await engineOn(1), await engineOn(threads)];
    expect(several.backend).toMatch(new RegExp(`^wasm-(relaxed-)?simd \\(${threads} threads\\)$`));
    expect(one.backend).toMatch(/^wasm-(relaxed-)?simd$/);
    expect(await several.lossAndGradient(theta)).toEqual(await one.lossAndGradient(theta));
    expect(await several.loss(theta)).toEqual(await one.loss(theta));
    const elsewhere = randomTheta(system, 5);
    expect(await several.crossGradient(theta, elsewhere)).toEqual(await one.crossGradient(theta, elsewhere));
    expect(await several.residuals(theta)).toEqual(await one.residuals(theta));
    expect(await several.jacobian(theta)).toEqual(await one.jacobian(theta));
  });

  it.each([
    ['Burgers', system],
    ['several networks', reactionSystem()],
    ['two point sets', periodicSystem()],
    ['shared points', sharedPoints()],
  ])('has the normal equations of one thread to rounding, and the same at every call: %s', async (_, of) => {
    const at = randomTheta(of, 5);
    const [one, two] = [await engineOn(1, of), await engineOn(2, of)];
    const [expected, found] = [await one.gaussNewton(at), await two.gaussNewton(at)];
    expect(relativeDifference(found.matrix, expected.matrix)).toBeLessThan(1e-14);
    expect(relativeDifference(found.vector, expected.vector)).toBeLessThan(1e-14);
    expect(found.loss).toBe(expected.loss);
    expect(await two.residuals(at)).toEqual(await one.residuals(at));
    expect(await two.jacobian(at)).toEqual(await one.jacobian(at));
    expect(await two.gaussNewton(at)).toEqual(found);
  });

  it('may have more threads than points', async () => {
    const small = burgers({ interior: 3, condition: 1, width: 3, depth: 1 });
    const at = randomTheta(small, 1);
    const [one, four] = [await engineOn(1, small), await engineOn(4, small)];
    expect(await four.lossAndGradient(at)).toEqual(await one.lossAndGradient(at));
    const [expected, found] = [await one.gaussNewton(at), await four.gaussNewton(at)];
    expect(relativeDifference(found.matrix, expected.matrix)).toBeLessThan(1e-14);
  });

  it('answers calls that overlap', async () => {
    const engine = await engineOn(2);
    const other = randomTheta(system, 9);
    const [a, b, c] = await Promise.all([
      engine.lossAndGradient(theta),
      engine.loss(other),
      engine.lossAndGradient(theta),
    ]);
    expect(c).toEqual(a);
    expect(b).toEqual(await engine.loss(other));
  });

  it('takes new points and weights, and a new structure', async () => {
    for (const threads of [1, 2]) {
      const engine = await engineOn(threads);
      const before = await engine.loss(theta);
      const next = burgers({ interior: 321, condition: 17, width: 8, depth: 2 });
      const kept = {
        ...next,
        trial: system.trial,
        blocks: next.blocks.map((block, b) => ({ ...block, residuals: system.blocks[b].residuals })),
      };
      await engine.update(kept);
      const fresh = await engineOn(1, kept);
      expect(await engine.lossAndGradient(theta)).toEqual(await fresh.lossAndGradient(theta));
      const other = reactionSystem();
      await engine.update(other);
      const at = randomTheta(other, 2);
      expect(await engine.lossAndGradient(at)).toEqual(await (await engineOn(1, other)).lossAndGradient(at));
      await engine.update(system);
      expect(await engine.loss(theta)).toEqual(before);
    }
  });
});

describe('where workers cannot be started', () => {
  it('one thread does the work of all', async () => {
    vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(() => {
      throw new Error('no workers here');
    });
    const engine = await engineOn(2);
    expect(engine.backend).toMatch(/^wasm-(relaxed-)?simd$/);
    expect(await engine.lossAndGradient(theta)).toEqual(await (await engineOn(1)).lossAndGradient(theta));
  });
});

describe('the default number of threads', () => {
  it('is one for a small system', async () => {
    const engine = await createF64Engine(burgers({ interior: 50, condition: 5, width: 8, depth: 2 }));
    engines.push(engine);
    expect(engine.backend).not.toMatch(/threads/);
  });
});

describe('a worker that ends', () => {
  it('fails the pending call and all later ones with a SolveError', async () => {
    const workers = watchWorkers();
    const engine = await engineOn(2);
    expect(workers.size).toBe(2);
    const pending = engine.gaussNewton(theta);
    pending.catch(() => {});
    await [...workers][1].terminate();
    await expect(pending).rejects.toThrow(SolveError);
    await expect(engine.loss(theta)).rejects.toThrow(/worker of the f64 engine ended/);
  });

  it('is what dispose leaves behind', async () => {
    const workers = watchWorkers();
    const engine = await engineOn(2);
    const pending = engine.loss(theta);
    const settled = expect(pending).rejects.toThrow(/disposed/);
    await engine.dispose();
    await settled;
    for (const worker of workers) expect(worker.threadId).toBe(-1);
    await expect(engine.loss(theta)).rejects.toThrow(SolveError);
    await engine.dispose();
  });
});
