/** A negative log-likelihood of a few parameters within bounds. */
export interface LikelihoodFunction {
  readonly names: readonly string[];
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Throws SolveError where the likelihood has no value. */
  evaluate(x: Float64Array): LikelihoodValue;
}

export interface LikelihoodValue {
  readonly negativeLogLikelihood: number;
  /** Its gradient (n). */
  readonly score: Float64Array;
  /** Its second derivatives, or an approximation by which steps are taken, (n, n). */
  readonly information: Float64Array;
}

/** A number that depends on the parameters: one of them, or an expression in them. */
export interface Quantity {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  value(x: Float64Array): number;
  gradient(x: Float64Array): Float64Array;
  /** One over it, where that can be had without it: its profile stands in where the quantity is infinite. */
  readonly reciprocal?: Quantity;
}

/** A parameter as a quantity. */
export function parameter({ names, low, high }: LikelihoodFunction, j: number): Quantity {
  const gradient = Float64Array.from(names, (_, k) => (k === j ? 1 : 0));
  return { name: names[j], low: low[j], high: high[j], value: (x) => x[j], gradient: () => gradient };
}
