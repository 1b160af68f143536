/**
 * Burgers' loss and gradient in jax-js on WebAssembly, compiled, truncated Taylor series carried by hand.
 *
 *   npx tsx bench/peers/jax-js.ts --case FILE [--seconds 5] [--float32] [--mode stacked|apart]
 *
 * `stacked`: the coefficients of all points are rows of one product; `apart`: a product for each coefficient.
 * The library lies in a folder of its own, where `setup.ts` has put it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { print } from '../measurement.ts';
import { timed } from '../timing.ts';

/** What is used of an array of jax-js: every use takes ownership, `ref` keeps the array for a further one. */
interface Column {
  readonly ref: Column;
  add(other: Column | number): Column;
  sub(other: Column | number): Column;
  mul(other: Column | number): Column;
  reshape(shape: number[]): Column;
  data(): Promise<Float32Array | Float64Array>;
}
interface JaxJs {
  init(...devices: string[]): Promise<string[]>;
  defaultDevice(device: string): void;
  jit<F>(f: F): F;
  valueAndGrad(
    f: (layers: Column[], points: Column[]) => Column,
  ): (layers: Column[], points: Column[]) => [Column, Column[]];
  blockUntilReady<T>(x: T): Promise<T>;
  readonly numpy: {
    readonly float32: unknown;
    readonly float64: unknown;
    array(data: Float32Array | Float64Array, options?: { dtype: unknown }): Column;
    matmul(a: Column, b: Column): Column;
    tanh(a: Column): Column;
    sin(a: Column): Column;
    square(a: Column): Column;
    mean(a: Column): Column;
    concatenate(parts: Column[], axis: number): Column;
    split(a: Column, parts: number, axis: number): Column[];
  };
}

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    float32: { type: 'boolean', default: false },
    mode: { type: 'string', default: 'stacked' },
  },
});
// jax-js asks whether float64 data are a Float16Array, which Node has from version 24 on.
(globalThis as { Float16Array?: unknown }).Float16Array ??= class {};
const folder = join(import.meta.dirname, '.jax-js');
const library = createRequire(join(folder, 'package.json')).resolve('@jax-js/jax');
const jax = (await import(library.replace(/\.cjs$/, '.js'))) as JaxJs;
const { version } = JSON.parse(readFileSync(join(library, '../../package.json'), 'utf8')) as {
  version: string;
};
const np = jax.numpy;
await jax.init('wasm');
jax.defaultDevice('wasm');

const begun = performance.now();
const given = JSON.parse(readFileSync(values.case!, 'utf8')) as Record<
  'widths' | 'interior' | 'initial' | 'boundary' | 'theta',
  number[]
>;
const dtype = values.float32 ? np.float32 : np.float64;
const array = (data: number[], shape: number[]): Column =>
  np.array(values.float32 ? Float32Array.from(data) : Float64Array.from(data), { dtype }).reshape(shape);

const layers: Column[] = [];
let start = 0;
given.widths.slice(1).forEach((outputs, l) => {
  const inputs = given.widths[l];
  layers.push(array(given.theta.slice(start, start + inputs * outputs), [inputs, outputs]));
  start += inputs * outputs;
  layers.push(array(given.theta.slice(start, start + outputs), [1, outputs]));
  start += outputs;
});
const depth = given.widths.length - 1;
const count = given.interior.length / 2;
const repeated = (row: number[]): number[] => Array.from({ length: count }, () => row).flat();
const jet = [given.interior, repeated([1, 0]), repeated([0, 1]), repeated([0, 0])];
const sine = given.initial.filter((_, i) => i % 2 === 0).map((x) => -Math.sin(Math.PI * x));
const points = [
  ...(values.mode === 'stacked'
    ? [array(jet.flat(), [4 * count, 2])]
    : jet.map((part) => array(part, [count, 2]))),
  array(given.initial, [given.initial.length / 2, 2]),
  array(given.boundary, [given.boundary.length / 2, 2]),
  array(sine, [sine.length, 1]),
];

function network(parameters: Column[], x: Column): Column {
  let y = x;
  for (let l = 0; l < depth; l++) {
    y = np.matmul(y, parameters[2 * l].ref).add(parameters[2 * l + 1].ref);
    if (l < depth - 1) y = np.tanh(y);
  }
  return y;
}

/** u, u_x, u_t, u_xx. */
function taylor(parameters: Column[], inputs: Column[]): Column[] {
  let coefficients = inputs;
  for (let l = 0; l < depth; l++) {
    const weights = parameters[2 * l];
    const [z0, zx, zt, zxx] =
      values.mode === 'stacked'
        ? np.split(np.matmul(coefficients[0], weights.ref), 4, 0)
        : coefficients.map((part) => np.matmul(part, weights.ref));
    const z = z0.add(parameters[2 * l + 1].ref);
    if (l === depth - 1) return [z, zx, zt, zxx];
    const y = np.tanh(z);
    const slope = np.square(y.ref).mul(-1).add(1);
    const bend = y.ref.mul(slope.ref).mul(np.square(zx.ref)).mul(2);
    const next = [y, slope.ref.mul(zx), slope.ref.mul(zt), slope.mul(zxx).sub(bend)];
    coefficients = values.mode === 'stacked' ? [np.concatenate(next, 0)] : next;
  }
  return coefficients;
}

function loss(parameters: Column[], given: Column[]): Column {
  const interior = given.slice(0, -3);
  const [initial, boundary, target] = given.slice(-3);
  const [u, ux, ut, uxx] = taylor(parameters, interior);
  const equation = ut.add(u.mul(ux)).sub(uxx.mul(0.01 / Math.PI));
  const atStart = network(parameters, initial).sub(target);
  const atBoundary = network(parameters, boundary);
  const meanSquare = (r: Column): Column => np.mean(np.square(r));
  return meanSquare(equation).add(meanSquare(atStart)).add(meanSquare(atBoundary));
}

const valueAndGradient = jax.jit(jax.valueAndGrad(loss));
const keep = (columns: Column[]): Column[] => columns.map((column) => column.ref);
const evaluate = async (): Promise<{ loss: number; gradient: (Float32Array | Float64Array)[] }> => {
  const [value, gradient] = valueAndGradient(keep(layers), keep(points));
  // Read back, as an optimizer does; that also frees the arrays.
  const numbers = await Promise.all(gradient.map((part) => part.data()));
  return { loss: (await value.data())[0], gradient: numbers };
};
const first = await evaluate();
const timing = await timed(evaluate, Number(values.seconds));
print({
  name: 'burgers-gradient',
  system: `jax-js, ${values.mode}`,
  metric: 'loss and gradient',
  value: timing.shortest,
  unit: 'ms',
  seconds: (performance.now() - begun) / 1000,
  precision: values.float32 ? 'float32' : 'float64',
  details: {
    median: timing.median,
    runs: timing.runs,
    loss: first.loss,
    gradientNorm: Math.sqrt(first.gradient.flatMap((part) => [...part]).reduce((s, g) => s + g * g, 0)),
  },
  versions: { '@jax-js/jax': version },
});
process.exit(0);
