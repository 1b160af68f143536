export { hardAnsatz } from './ansatz.ts';
