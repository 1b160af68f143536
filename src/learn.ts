/** `ansatz/learn`: the modules of a course on neural networks. Runs in Node and in a browser. */
export { AnsatzError, InterruptedError, NotSupportedError, ProblemError, SolveError } from './errors.ts';
export * from './learn/index.ts';
