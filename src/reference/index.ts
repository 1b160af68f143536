export type { IvpMethod, IvpOptions, IvpSolution, RightHandSide } from './ode/solve-ivp.ts';
export { ivpMethods, solveIvp } from './ode/solve-ivp.ts';
