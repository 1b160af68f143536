/** What needs files: problem files, reports on disk. Everything of `ansatz` is here as well. */
export { catalogue, resolveProblemFile } from './cli/catalogue.ts';
export { operatorDataInFile, readOperatorData, writeOperatorData } from './cli/operator-data-file.ts';
export { loadOperator, saveOperator } from './cli/operator-file.ts';
export { loadProblem } from './cli/problem-file.ts';
export * from './index.ts';
export { writeReport } from './report/report-file.ts';
