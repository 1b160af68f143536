import type { ResidualPoint } from './bounded-levenberg-marquardt.ts';
import { approximateDispersionInformation, dispersionCurvature } from './noise/negative-binomial.ts';
import type { NoiseDistribution } from './noise/noise-distribution.ts';
import type { Prediction } from './observed-trajectory.ts';

/** The likelihood of the data at one value of the unknowns and noise parameters. */
export interface LikelihoodPoint {
  readonly x: Float64Array;
  /** −ℓ; standard deviations that are not stated are at their maximum likelihood (profiled out). */
  readonly negativeLogLikelihood: number;
  /** ∂(−ℓ)/∂x. */
  readonly score: Float64Array;
  /** Expected Fisher information, (n, n) row-major. */
  readonly information: Float64Array;
  /** Σ weight·(predicted − observed)², each over the stated Gaussian standard deviation where there is one. */
  readonly sumOfSquares: number;
  /** By observation, (N). */
  readonly predicted: readonly Float64Array[];
  /** ∂predicted/∂unknown by observation, (N, unknowns) row-major. */
  readonly sensitivities: readonly Float64Array[];
  /** Every estimated noise parameter, by name; standard deviations at their maximum likelihood. */
  readonly noise: Readonly<Record<string, number>>;
  readonly trajectory: { at(t: number): Record<string, number> };
}

/** A point of the likelihood as a step of Fisher's scoring sees it, dispersions on a logarithmic scale. */
export interface ScoringPoint extends LikelihoodPoint, ResidualPoint {}

/** How one observation enters the likelihood. */
export interface LikelihoodTerm {
  readonly values: Float64Array;
  readonly distribution: NoiseDistribution;
  /** How often each value counts. */
  readonly factor: number;
  /** Of a residual in the sum of squares. */
  readonly unit: number;
  /** Position in x of its dispersion; −1 where it has none that is estimated. */
  readonly place: number;
}

/** What is the same at every point of a likelihood. */
export interface LikelihoodTerms {
  readonly terms: readonly LikelihoodTerm[];
  readonly unknowns: number;
  /** Number of observed values. */
  readonly count: number;
  /** Whether the maximum is one of least squares. */
  readonly leastSquares: boolean;
}

/** What is known at one. */
export interface LikelihoodState {
  readonly x: Float64Array;
  readonly prediction: Prediction;
  /** Predictions as means of their noise, by observation. */
  readonly means: readonly Float64Array[];
  /** The noise parameter of each observation; without meaning where its noise has none. */
  readonly parameters: readonly number[];
  readonly noise: Readonly<Record<string, number>>;
  readonly trajectory: () => { at(t: number): Record<string, number> };
}

export class EvaluatedPoint implements ScoringPoint {
  readonly x: Float64Array;
  readonly negativeLogLikelihood: number;
  readonly score: Float64Array;
  readonly sumOfSquares: number;
  readonly predicted: readonly Float64Array[];
  readonly sensitivities: readonly Float64Array[];
  readonly noise: Readonly<Record<string, number>>;
  readonly residuals: Float64Array;
  readonly jacobian: Float64Array;
  readonly merit: number | undefined;
  private expected: Float64Array | undefined;

  constructor(
    private readonly likelihood: LikelihoodTerms,
    private readonly state: LikelihoodState,
  ) {
    const { terms, unknowns, count, leastSquares } = likelihood;
    const { x, prediction, means, parameters } = state;
    const width = x.length;
    const dispersions = width - unknowns;
    this.x = x;
    this.noise = state.noise;
    this.predicted = prediction.predicted;
    this.sensitivities = prediction.sensitivities;
    this.score = new Float64Array(width);
    this.residuals = new Float64Array(count + dispersions);
    this.jacobian = new Float64Array((count + dispersions) * width);
    const observed = new Float64Array(dispersions);
    const expected = new Float64Array(dispersions);
    let negative = 0;
    let sumOfSquares = 0;
    let row = 0;
    terms.forEach(({ values, distribution, factor, unit, place }, o) => {
      const a = parameters[o];
      for (let i = 0; i < values.length; i++, row++) {
        const y = values[i];
        const m = means[o][i];
        const residual = unit * (this.predicted[o][i] - y);
        sumOfSquares += residual ** 2;
        negative -= factor * distribution.logDensity(y, m, a);
        const slope = -factor * distribution.score(y, m, a);
        const length = Math.sqrt(factor * distribution.information(m, a));
        this.residuals[row] = leastSquares ? residual : slope / length;
        const column = leastSquares ? unit : length;
        for (let k = 0; k < unknowns; k++) {
          const derivative = this.sensitivities[o][i * unknowns + k];
          this.score[k] += slope * derivative;
          this.jacobian[row * width + k] = column * derivative;
        }
        if (place < 0) continue;
        this.score[place] -= factor * distribution.parameterScore(y, m, a);
        observed[place - unknowns] += factor * dispersionCurvature(y, m, a);
        expected[place - unknowns] += factor * approximateDispersionInformation(m, a);
      }
    });
    for (let d = 0; d < dispersions; d++) {
      const place = unknowns + d;
      // Far from the maximum the likelihood may not even be concave in a dispersion.
      const curvature = observed[d] > 0.3 * expected[d] ? observed[d] : expected[d];
      const length = Math.sqrt(Math.max(curvature, Number.MIN_VALUE));
      this.jacobian[(count + d) * width + place] = length;
      this.residuals[count + d] = (x[place] * this.score[place]) / length;
    }
    this.negativeLogLikelihood = negative;
    this.sumOfSquares = sumOfSquares;
    this.merit = leastSquares ? undefined : 2 * negative;
  }

  /** Found when first asked for: a dispersion's is a sum over all counts. */
  get information(): Float64Array {
    this.expected ??= this.expectedInformation();
    return this.expected;
  }

  get trajectory(): { at(t: number): Record<string, number> } {
    return this.state.trajectory();
  }

  private expectedInformation(): Float64Array {
    const { terms, unknowns } = this.likelihood;
    const { means, parameters } = this.state;
    const width = this.x.length;
    const information = new Float64Array(width * width);
    terms.forEach(({ values, distribution, factor, place }, o) => {
      const derivatives = this.sensitivities[o];
      for (let i = 0; i < values.length; i++) {
        const own = factor * distribution.information(means[o][i], parameters[o]);
        for (let j = 0; j < unknowns; j++) {
          const left = own * derivatives[i * unknowns + j];
          for (let k = 0; k < unknowns; k++) {
            information[j * width + k] += left * derivatives[i * unknowns + k];
          }
        }
        if (place >= 0)
          information[place * width + place] +=
            factor * distribution.parameterInformation(means[o][i], parameters[o]);
      }
    });
    return information;
  }
}
