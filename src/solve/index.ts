export { earlyStopping, type TrainingCallback, type TrainingState } from './callbacks.ts';
export type { FieldError } from './error-norms.ts';
export type { HistoryEntry, HistoryRecord } from './history.ts';
export type { RunRecord } from './run-record.ts';
export { type ResolvedSettings, resolveSettings } from './settings.ts';
export { type Point, Solution } from './solution.ts';
export { type SolveOptions, solve } from './solve.ts';
export type { StoredSolution } from './stored-format.ts';
export { loadSolution, saveSolution } from './stored-solution.ts';
