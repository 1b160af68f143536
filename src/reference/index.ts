export type { IvpMethod, IvpOptions, IvpSolution, RightHandSide } from './ode/solve-ivp.ts';
export { ivpMethods, solveIvp } from './ode/solve-ivp.ts';
export { reference } from './reference.ts';
export type {
  AvailableReference,
  ReferenceOptions,
  ReferenceResult,
  UnavailableReference,
} from './reference-result.ts';
