export type { Factorization } from './cholesky.ts';
export {
  createF64Engine,
  type F64Engine,
  type F64EngineOptions,
  type WeightedJacobian,
} from './f64-engine.ts';
export { probeF64 } from './probe.ts';
