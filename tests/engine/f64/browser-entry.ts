/** What the browser test loads into a page; no module of Node may stand here. */
import { createF64Engine } from '../../../src/engine/f64/index.ts';
import { burgers, randomTheta } from './systems.ts';

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

Object.assign(globalThis, { evaluation: (threads: number) => evaluation(createF64Engine, threads) });
