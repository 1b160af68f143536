/** What the compiled kernels offer. Arguments named after matrices are addresses in the module's memory. */
export interface Kernels {
  heapBase(): number;
  packMatrix(
    source: number,
    target: number,
    rows: number,
    depth: number,
    rowStride: number,
    depthStride: number,
  ): void;
  product(
    a: number,
    b: number,
    c: number,
    rows: number,
    depth: number,
    panels: number,
    bias: number,
    biasPeriod: number,
  ): void;
  weightGradient(x: number, y: number, g: number, inputs: number, outputs: number, panels: number): void;
  biasGradient(y: number, g: number, outputs: number, panels: number, period: number): void;
  jacobianRows(
    x: number,
    y: number,
    inputs: number,
    outputs: number,
    components: number,
    pointPanels: number,
    jacobian: number,
    capacity: number,
    first: number,
    accumulate: boolean,
  ): void;
  clearRows(jacobian: number, capacity: number, first: number, count: number, rows: number): void;
  columnRows(
    source: number,
    factor: number,
    rows: number,
    jacobian: number,
    capacity: number,
    parameter: number,
    accumulate: boolean,
  ): void;
  rankUpdate(panels: number, capacity: number, rows: number, c: number, size: number): void;
  rankUpdateListed(
    panels: number,
    capacity: number,
    rows: number,
    c: number,
    size: number,
    list: number,
    count: number,
  ): void;
  rankDowndateListed(
    panels: number,
    capacity: number,
    rows: number,
    c: number,
    size: number,
    list: number,
    count: number,
  ): void;
  vectorUpdate(panels: number, capacity: number, rows: number, rho: number, v: number, size: number): void;
  vectorUpdateListed(
    panels: number,
    capacity: number,
    rows: number,
    rho: number,
    v: number,
    list: number,
    count: number,
  ): void;
  foldRows(
    r: number,
    size: number,
    b: number,
    capacity: number,
    rows: number,
    first: number,
    work: number,
  ): void;
  foldWorkspace(): number;
  cholesky(a: number, size: number, work: number): number;
  choleskyWorkspace(size: number): number;
  solveFactored(l: number, size: number, x: number): void;
  scatterColumn(source: number, target: number, step: number, count: number): void;
  scatterConstant(value: number, target: number, step: number, count: number): void;
  scatterProduct(a: number, b: number, target: number, step: number, count: number): void;
  gatherColumn(source: number, step: number, target: number, count: number): void;
  scaledProduct(scale: number, a: number, b: number, target: number, count: number): void;
  dot(a: number, b: number, count: number): number;
  weightedSquare(r: number, w: number, count: number): number;
  baseFunction(code: number, source: number, target: number, second: number, bytes: number): void;
  baseFunctionRuns(
    code: number,
    source: number,
    sourceStep: number,
    target: number,
    targetStep: number,
    second: number,
    secondStep: number,
    bytes: number,
    runs: number,
  ): void;
  runProgram(code: number, count: number, registers: number, length: number): void;
  peak(repeats: number, factors: number): number;
  peakFlops(): number;
}
