/**
 * Ansatz: differential equations solved with neural networks, checked against classical solvers.
 *
 * This entry runs in Node and in a browser; `ansatz/node` adds what needs files.
 */
export * from './epidemiology/index.ts';
export { AnsatzError, InterruptedError, NotSupportedError, ProblemError, SolveError } from './errors.ts';
export * from './estimate/index.ts';
export {
  type BoundaryNodes,
  type BoundaryPart,
  type BoundaryPoints,
  type BoundaryProjection,
  type Sampling,
  type Shape,
  type ShapeDefinition,
  shapeOf,
} from './geometry/shape.ts';
export * from './operator/index.ts';
export {
  type InputFunction,
  type InputSpace,
  type Problem,
  type ProblemDefinition,
  type ProblemOptions,
  problem,
  problemJsonSchema,
  type SolveSettings,
} from './problem/index.ts';
export { type RandomGenerator, randomGenerator } from './random/generator.ts';
export * from './reference/index.ts';
export { type ForecastFrameOptions, forecastFrame } from './report/contents/forecast-frame.ts';
export { renderReport } from './report/html-report.ts';
export type { ForecastAnimation, ForecastFrame, ReportData } from './report/report-data.ts';
export { reportOfOperator } from './report/report-of-operator.ts';
export { reportOfOutbreak } from './report/report-of-outbreak.ts';
export { reportOf } from './report/report-of-solution.ts';
export type {
  AnimatedPanel,
  ImagePanel,
  MapPanel,
  MatrixPanel,
  NamedCurve,
  PlotPanel,
  ReportSection,
  SectionFigure,
  SectionFormula,
  SectionPanel,
  SectionTable,
} from './report/report-section.ts';
export * from './solve/index.ts';
