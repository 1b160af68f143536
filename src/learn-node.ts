/** `ansatz/learn/node`: what reads files. Everything of `ansatz/learn` is here as well. */
export * from './learn/files/index.ts';
export * from './learn.ts';
