import { describe, expect, it } from 'vitest';
import { createF64Engine } from '../../../src/engine/f64/index.ts';
import { kernelModule } from '../../../src/engine/f64/kernel-module.ts';
import { LinearMemory } from '../../../src/engine/f64/linear-memory.ts';
import { NotSupportedError, ProblemError, SolveError } from '../../../src/errors.ts';
import { column, field, unknown } from '../../../src/expression/build.ts';
import type { Expression } from '../../../src/expression/expression.ts';
import type { ResidualSystem } from '../../../src/residual/residual-system.ts';
import { burgers, randomTheta } from './systems.ts';

const system = burgers({ interior: 8, condition: 4, width: 3, depth: 1 });
const withResidual = (residual: Expression): ResidualSystem => ({
  ...system,
  blocks: [{ ...system.blocks[0], residuals: [residual] }],
});

describe('a system that is not consistent', () => {
  it.each([
    [unknown('nu'), /equations\[0\]: there is no unknown `nu`/],
    [column('data'), /equations\[0\]: there is no column `data`/],
    [field('v', [0, 0], [0, 1]), /no network has the field `v`/],
    [field('u', [0, 0], [0, 1], 1), /point set 1/],
  ])('is refused where it names what is not there', async (residual, message) => {
    await expect(createF64Engine(withResidual(residual))).rejects.toThrow(ProblemError);
    await expect(createF64Engine(withResidual(residual))).rejects.toThrow(message);
  });

  it('is refused where lengths differ or weights are negative', async () => {
    const [first, ...others] = system.blocks;
    for (const wrong of [
      { ...first, count: 9 },
      { ...first, pointWeights: new Float64Array(3) },
      { ...first, columns: { a: new Float64Array(1) } },
      { ...first, weight: -1 },
      { ...first, weight: Number.NaN },
    ]) {
      await expect(createF64Engine({ ...system, blocks: [wrong, ...others] })).rejects.toThrow(ProblemError);
    }
  });

  it('is refused in the number of threads and of parameters', async () => {
    await expect(createF64Engine(system, { threads: 0 })).rejects.toThrow(/threads/);
    const engine = await createF64Engine(system);
    await expect(engine.loss(new Float64Array(3))).rejects.toThrow(/3 parameters, the system has 13/);
    await expect(engine.crossGradient(randomTheta(system, 1), new Float64Array(3))).rejects.toThrow(
      /3 param/,
    );
    expect(() => engine.factorize(new Float64Array(3), 2)).toThrow(ProblemError);
    await engine.dispose();
  });
});

describe('limits', () => {
  it('a Jacobian that is too large is refused by its size', async () => {
    const engine = await createF64Engine(system);
    await expect(engine.jacobian(randomTheta(system, 1), 1000)).rejects.toThrow(NotSupportedError);
    await engine.dispose();
  });

  it('memory that cannot grow is a SolveError', async () => {
    const memory = new LinearMemory((await kernelModule()).module);
    expect(() => memory.allocate(2 ** 33)).toThrow(SolveError);
    expect(() => memory.allocate(2 ** 33)).toThrow(/8\d\d\d MiB/);
  });

  it('a system without points has loss zero', async () => {
    const empty = system.blocks.map((block) => ({ ...block, points: [new Float64Array(0)], count: 0 }));
    const engine = await createF64Engine({ ...system, blocks: empty });
    const theta = randomTheta(system, 1);
    expect((await engine.lossAndGradient(theta)).loss).toBe(0);
    expect((await engine.gaussNewton(theta)).matrix.every((entry) => entry === 0)).toBe(true);
    expect(await engine.residuals(theta)).toHaveLength(0);
    await engine.dispose();
  });

  it('a loss that is not finite is returned as it is', async () => {
    const engine = await createF64Engine(system);
    const theta = randomTheta(system, 1);
    theta[4] = Number.NaN;
    expect((await engine.loss(theta)).loss).toBeNaN();
    expect((await engine.lossAndGradient(theta)).loss).toBeNaN();
    await engine.dispose();
  });
});
