/**
 * The float64 engine measured: products against arithmetic in registers and a plain loop, then whole
 * evaluations of Burgers' equation on one thread and on two. Run with `npx tsx bench/kernels.ts`.
 */
import { createF64Engine } from '../src/engine/f64/index.ts';
import { kernelModule } from '../src/engine/f64/kernel-module.ts';
import { LinearMemory } from '../src/engine/f64/linear-memory.ts';
import { FoldedTriangle } from '../src/engine/f64/orthogonal-factor.ts';
import { burgers, randomColumn, randomTheta } from '../tests/engine/f64/systems.ts';

/** The shortest of several runs, in milliseconds: other work on the machine only ever adds. */
async function fastest(run: () => unknown, repeats = 15): Promise<number> {
  for (let i = 0; i < 3; i++) await run();
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const { module, backend } = await kernelModule();
const memory = new LinearMemory(module);
const { kernels } = memory;
console.log(backend);

const repeats = 1e5;
const factors = memory.allocateFloats(randomColumn(16, 0, 1 - 1e-9, 1));
const yardstick =
  (repeats * kernels.peakFlops()) / (await fastest(() => kernels.peak(repeats, factors))) / 1e6;
console.log(`registers alone                    ${yardstick.toFixed(1)} GFLOP/s`);

async function rate(name: string, flops: number, run: () => void): Promise<number> {
  const gigaflops = flops / (await fastest(run)) / 1e6;
  console.log(
    `${name.padEnd(34)} ${gigaflops.toFixed(1)} GFLOP/s, ${((100 * gigaflops) / yardstick).toFixed(0)}% of that`,
  );
  return gigaflops;
}

const capacity = 256;
const mark = memory.mark();
let update = 0;
for (const size of [200, 924, 1400]) {
  const rows = memory.allocateFloats(randomColumn(size * capacity, 1));
  const matrix = memory.allocateFloats(new Float64Array(size * size));
  update = await rate(`rank-${capacity} update, order ${size}`, capacity * size * size, () =>
    kernels.rankUpdate(rows, capacity, capacity, matrix, size),
  );
  memory.release(mark);
}
for (const size of [200, 500, 924, 1400]) {
  const source = randomColumn(size * capacity, 1);
  const rows = memory.allocateFloats(source);
  const triangle = new FoldedTriangle(memory, size - 1);
  await rate(`fold of ${capacity} rows, order ${size}`, 2 * capacity * size * size, () => {
    memory.floats.set(source, rows / 8);
    triangle.fold(rows, capacity, capacity);
  });
  memory.release(mark);
}
for (const width of [16, 20, 40, 64]) {
  const columns = 256;
  const weights = memory.allocateFloats(randomColumn(width * width, 2));
  const packed = memory.allocate(32 * Math.ceil(width / 4) * width);
  kernels.packMatrix(weights, packed, width, width, width, 1);
  const x = memory.allocateFloats(randomColumn(width * columns, 3));
  const y = memory.allocate(8 * width * columns);
  const flops = 2 * width * width * columns;
  const calls = Math.ceil(2e7 / flops);
  await rate(`layer ${width} × ${width}, ${columns} columns`, calls * flops, () => {
    for (let i = 0; i < calls; i++) kernels.product(packed, x, y, width, width, columns / 4, 0, 0);
  });
  await rate(`gradient of layer ${width} × ${width}`, calls * flops, () => {
    for (let i = 0; i < calls; i++) kernels.weightGradient(x, x, y, width, width, columns / 4);
  });
  memory.release(mark);
}

const order = 200;
const rows = randomColumn(order * capacity, 1);
const product = new Float64Array(order * order);
const plain = await fastest(() => {
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let n = 0; n < capacity; n++) sum += rows[i * capacity + n] * rows[j * capacity + n];
      product[i * order + j] += sum;
    }
  }
});
const loop = (capacity * order * order) / plain / 1e6;
console.log(
  `Float64Array loop                  ${loop.toFixed(1)} GFLOP/s: the kernels are ${(update / loop).toFixed(1)} times as fast`,
);

const system = burgers({ interior: 2540, condition: 120, width: 20, depth: 3 });
const theta = randomTheta(system, 3);
const single = new Map<string, number>();
console.log("Burgers' equation, 2→20×3→1 tanh, 2540 + 240 points:");
for (const threads of [1, 2]) {
  const engine = await createF64Engine(system, { threads });
  const measure = async (name: string, run: () => unknown, count: number): Promise<void> => {
    const time = await fastest(run, count);
    single.set(name, single.get(name) ?? time);
    const ratio = (single.get(name)! / time).toFixed(2);
    console.log(
      `${threads} thread(s)  ${name.padEnd(16)} ${time.toFixed(2)} ms, ${ratio} times one thread's rate`,
    );
  };
  await measure('loss', () => engine.loss(theta), 60);
  await measure('lossAndGradient', () => engine.lossAndGradient(theta), 60);
  await measure('gaussNewton', () => engine.gaussNewton(theta), 20);
  await measure('orthogonalFactor', () => engine.orthogonalFactor(theta), 10);
  if (threads === 1) {
    const { matrix, vector } = await engine.gaussNewton(theta);
    for (let i = 0; i < engine.size; i++) matrix[i * (engine.size + 1)] += 1e-4;
    await measure('factorize', () => engine.factorize(matrix, engine.size), 10);
    const factor = engine.factorize(matrix, engine.size)!;
    await measure('solve', () => factor.solve(vector), 10);
    const triangle = await engine.orthogonalFactor(theta);
    const diagonal = new Float64Array(engine.size).fill(1e-2);
    await measure('foldDiagonal', () => engine.foldDiagonal(triangle.factor, triangle.vector, diagonal), 10);
  }
  await engine.dispose();
}
