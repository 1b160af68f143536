/** What the browser test loads into a page; no module of Node may stand here. */
import { createF64Engine } from '../../src/engine/f64/index.ts';
import { bootstrap } from '../../src/estimate/bootstrap.ts';
import { problem } from '../../src/problem/index.ts';
import { burgers, randomTheta } from '../engine/f64/systems.ts';

export interface EvaluationResult {
  readonly backend: string;
  readonly loss: number;
  /** ‖∂L/∂θ‖². */
  readonly gradient: number;
  /** trace(JᵀJ). */
  readonly trace: number;
}

export async function evaluation(create: typeof createF64Engine, threads: number): Promise<EvaluationResult> {
  const system = burgers({ interior: 500, condition: 30, width: 8, depth: 2 });
  const theta = randomTheta(system, 3);
  const engine = await create(system, { threads });
  const { loss, gradient } = await engine.lossAndGradient(theta);
  const { matrix } = await engine.gaussNewton(theta);
  await engine.dispose();
  return {
    backend: engine.backend,
    loss,
    gradient: gradient.reduce((sum, g) => sum + g * g, 0),
    trace: theta.reduce((sum, _, p) => sum + matrix[p * (theta.length + 1)], 0),
  };
}

/** The slope of a line through the origin, refitted to simulated data. */
export async function bootstrappedSlopes(threads: number): Promise<number[]> {
  const y = [2.3, 3.6, 6.5, 7.9, 9.8, 12.4];
  const line = problem({
    name: 'line',
    domain: { t: [0, 8] },
    fields: ['u'],
    unknowns: { a: { initial: 1 } },
    equations: ['du/dt = a'],
    conditions: [{ on: 't = 0', equation: 'u = 0' }],
    data: [{ rows: y.map((value, i) => ({ t: i + 1, y: value })), at: { t: 't' }, observe: { u: 'y' } }],
  });
  const { replicates } = await bootstrap(line, { replicates: 8, seed: 5, threads });
  return [...replicates.a];
}

Object.assign(globalThis, {
  evaluation: (threads: number) => evaluation(createF64Engine, threads),
  bootstrappedSlopes,
});
