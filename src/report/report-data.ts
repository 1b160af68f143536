/**
 * What a report shows: plain data alone, so that any solver can fill it in and a report can be made again
 * from a stored run. Only `title` and `settings` are required; what is absent leaves no trace in the report.
 *
 * Text is plain text unless its name ends in `tex`, where it is LaTeX mathematics without delimiters. A
 * number that is not finite stands for a value that does not exist: a gap in a line or a heat map.
 */

import type { GeometryView } from './geometry-view.ts';
import type { Curve, Grid, Label, Marks, Quantity, Series } from './quantities.ts';
import type { ReportSection } from './report-section.ts';

export type { Curve, Grid, Label, Marks, Quantity, Series } from './quantities.ts';

/** An equation, a condition or a description of data, as mathematics. */
export interface Statement {
  readonly tex: string;
  /** Plain text shown where the mathematics cannot be typeset; default: the TeX itself. */
  readonly text?: string;
  /** A remark behind it: "weight 10", "built into the network", "14 rows of influenza-1978.csv". */
  readonly note?: string;
}

export interface ProblemDescription {
  readonly name?: string;
  readonly description?: string;
  /** Citation of where the problem comes from. */
  readonly source?: string;
  readonly domain?: readonly Statement[];
  readonly equations?: readonly Statement[];
  /** Functions that are left open, and where they are drawn from. */
  readonly inputs?: readonly Statement[];
  readonly conditions?: readonly Statement[];
  /** What was observed, and where. */
  readonly data?: readonly Statement[];
  readonly constants?: readonly (Quantity & { readonly value: number })[];
  readonly unknowns?: readonly (Quantity & {
    readonly initial: number;
    readonly min?: number;
    readonly max?: number;
  })[];
}

/** All that is needed to make the same run again, and how it ended. */
export interface RunSettings {
  readonly engine: string;
  readonly optimizer: string;
  readonly seed: number;
  /** What did the arithmetic: 'wasm-simd (2 threads)', 'tensorflow', … */
  readonly backend?: string;
  readonly precision?: 'float32' | 'float64';
  /** The network in words: "20 × 4, tanh, 1,761 parameters". */
  readonly network?: string;
  /** The training points in words or as a count. */
  readonly points?: string | number;
  /** The command line that makes this report. */
  readonly command?: string;
  /** Version by part: { ansatz: '0.1.0', node: '20.11.0' }. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly seconds?: number;
  readonly iterations?: number;
  readonly loss?: number;
  /** Why the run ended: 'target', 'iterations', 'time-limit', … */
  readonly stopped?: string;
  /** When it was run, as it shall be read. */
  readonly date?: string;
  /** Anything else, in order. */
  readonly other?: readonly { readonly name: string; readonly value: string | number }[];
}

/** A value with its interval. A bound that is absent or infinite was not found on that side. */
export interface Estimate {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface EstimateMethod {
  readonly name: string;
  /** How its intervals were found: "profile likelihood", "bootstrap, 200 resamples". */
  readonly interval?: string;
  /** Level of its intervals where it differs from the table's. */
  readonly level?: number;
  /** Sum of squared differences from the data at its estimates. */
  readonly sumOfSquares?: number;
}

export interface EstimateRow extends Quantity {
  /** True for what follows from the unknowns, such as R0. */
  readonly derived?: boolean;
  /** One per method, in the methods' order; null where a method has none. */
  readonly values: readonly (Estimate | null)[];
}

export interface EstimateTable {
  /** Level of the intervals, in (0, 1). */
  readonly level: number;
  readonly methods: readonly EstimateMethod[];
  readonly rows: readonly EstimateRow[];
}

export interface ErrorRow extends Label {
  /** ‖u − u*‖₂ / ‖u*‖₂ over the comparison points; null where nothing can be compared with. */
  readonly relativeL2: number | null;
  /** max |u − u*|, in the field's unit; null likewise. */
  readonly maximum?: number | null;
  /** What the field was compared with: 'exact', 'Dormand–Prince 5(4)', … */
  readonly against?: string;
  /** The reference's estimate of its own error, as a relative L2 norm. */
  readonly referenceError?: number;
  /** Operator problems: median and worst relative L2 over this many functions never trained on. */
  readonly median?: number;
  readonly worst?: number;
  readonly functions?: number;
  /** Why there is no comparison. */
  readonly reason?: string;
}

export interface Trajectory extends Quantity {
  readonly solution: Curve;
  readonly reference?: Curve;
  /** Pointwise interval; `at` has the length of both bounds. */
  readonly band?: { readonly at: Series; readonly low: Series; readonly high: Series };
  /** Where further observations are expected, noise included; it holds the band. */
  readonly prediction?: { readonly at: Series; readonly low: Series; readonly high: Series };
  /** Observations of this field. */
  readonly data?: Curve;
  /** Observations that were not fitted to: held out, or made later. */
  readonly later?: Curve;
}

/** Fields over one coordinate: an ODE system, or a boundary value problem on an interval. */
export interface TrajectoryFit {
  readonly coordinate: Quantity;
  readonly fields: readonly Trajectory[];
  /** What the reference is: 'Dormand–Prince 5(4)'; default "reference". */
  readonly referenceName?: string;
  /** What the band is: "95% confidence band"; default "band". */
  readonly bandName?: string;
  /** What the prediction is; default "prediction band". */
  readonly predictionName?: string;
  /** What the solid line is; default "network". */
  readonly solutionName?: string;
  /** Where the forecast begins, marked by a line. */
  readonly forecastFrom?: number;
}

/** What is forecast once the data reach up to `from`. */
export interface ForecastFrame {
  /** Shown beside the slider: "day 3". */
  readonly label: string;
  readonly from: number;
  /** `data` are those seen by then, `later` those to come. */
  readonly fields: readonly Trajectory[];
}

/** A forecast made again as data arrive. */
export interface ForecastAnimation {
  readonly coordinate: Quantity;
  /** In order, all with the same fields. */
  readonly frames: readonly ForecastFrame[];
  readonly bandName?: string;
  readonly referenceName?: string;
}

/** A profile: the deviance where one unknown is held and the others are fitted anew. */
export interface Profile extends Quantity {
  /** The quantity's values, ascending. */
  readonly values: Series;
  /** Twice the logarithm of the likelihood ratio, at each value. */
  readonly deviance: Series;
  /** Deviance at which the interval ends. */
  readonly threshold: number;
  /** The estimate. */
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
  /** What the curve says of identifiability, in a sentence. */
  readonly words?: string;
}

export interface ProfileSet {
  readonly level: number;
  readonly profiles: readonly Profile[];
}

/** The effective reproduction number over time. */
export interface ReproductionNumber {
  readonly coordinate: Quantity;
  readonly curve: Curve;
  readonly band?: { readonly at: Series; readonly low: Series; readonly high: Series };
  readonly bandName?: string;
}

/** The estimates under several assumptions about what is not estimated. */
export interface AssumptionTable {
  readonly level: number;
  readonly quantities: readonly Quantity[];
  readonly rows: readonly {
    /** "negative binomial noise, I(0) = 1". */
    readonly assumption: string;
    /** One for each quantity. */
    readonly values: readonly (Estimate | null)[];
    readonly aic?: number;
    readonly sumOfSquares?: number;
    /** Why there are none. */
    readonly failure?: string;
  }[];
}

export interface Surface extends Quantity {
  /** (vertical.length, horizontal.length), row-major. */
  readonly solution: Series;
  /** On the same grid. */
  readonly reference?: Series;
}

/** A coordinate held at one value, where a figure shows fewer coordinates than the domain has. */
export interface FixedCoordinate {
  readonly name: string;
  readonly value: number;
}

/** Fields over two coordinates: one space and time, or two space coordinates. */
export interface SurfaceFit {
  /** The coordinate along the horizontal axis (time, by custom), then the vertical one. */
  readonly coordinates: readonly [Quantity, Quantity];
  readonly grid: Grid;
  readonly fields: readonly Surface[];
  readonly referenceName?: string;
  /** Further coordinates of the domain, and the values at which they are held. */
  readonly fixed?: readonly FixedCoordinate[];
  /** True where both coordinates have the same scale, as in space; default false. */
  readonly equalScale?: boolean;
  /** Points on all maps: observations. */
  readonly marks?: Marks;
  /**
   * Cuts at fixed values of one coordinate (0: the horizontal one), each moved to the nearest grid line.
   * Default: five cuts along the horizontal coordinate from its first to its last value.
   */
  readonly slices?: { readonly coordinate: 0 | 1; readonly at: readonly number[] };
}

/** One part of a run: 'adam', then 'lbfgs'. */
export interface Phase {
  readonly name: string;
  /** Iteration at which it begins. */
  readonly start: number;
}

export interface LossHistory {
  readonly iterations: Series;
  readonly total: Series;
  /** Each block's share of the loss, its weight included unless `unweighted`. */
  readonly terms?: readonly (Label & { readonly values: Series })[];
  /** True where the terms are mean squares before weighting: the total is then not their sum. */
  readonly unweighted?: boolean;
  readonly phases?: readonly Phase[];
}

export interface ParameterPath extends Quantity {
  readonly values: Series;
  /** The estimate by another method, or the value that made the data. */
  readonly reference?: number;
}

export interface ParameterHistory {
  readonly iterations: Series;
  readonly parameters: readonly ParameterPath[];
  readonly phases?: readonly Phase[];
  /** What the references are: "shooting with Dormand–Prince", "true value". */
  readonly referenceName?: string;
}

/** Residual of an equation, unweighted, left minus right side. */
export type EquationResidual =
  | (Label & { readonly coordinate: Quantity; readonly curve: Curve })
  | (Label & {
      readonly coordinates: readonly [Quantity, Quantity];
      readonly grid: Grid;
      /** As in `SurfaceFit`. */
      readonly fixed?: readonly FixedCoordinate[];
      readonly equalScale?: boolean;
      /** (vertical.length, horizontal.length), row-major. */
      readonly values: Series;
    });

/** How far a condition is from holding, in the units of its terms, at points never trained on. */
export interface ConditionError extends Label {
  /** Where it is to hold. */
  readonly place: string;
  /** True where it holds by construction. */
  readonly builtIn?: boolean;
  /** Root mean square and maximum of left minus right side. */
  readonly mean: number;
  readonly maximum: number;
}

export interface Note {
  readonly kind: 'warning' | 'note';
  readonly text: string;
}

export interface ReportData {
  readonly title: string;
  readonly settings: RunSettings;
  readonly problem?: ProblemDescription;
  readonly notes?: readonly Note[];
  readonly estimates?: EstimateTable;
  readonly errors?: readonly ErrorRow[];
  readonly trajectories?: TrajectoryFit;
  readonly forecasts?: ForecastAnimation;
  readonly profiles?: ProfileSet;
  readonly reproduction?: ReproductionNumber;
  readonly assumptions?: AssumptionTable;
  readonly geometry?: GeometryView;
  readonly surfaces?: SurfaceFit;
  /** The same fields over other planes or at other times. */
  readonly planes?: readonly SurfaceFit[];
  readonly conditions?: readonly ConditionError[];
  readonly parameters?: ParameterHistory;
  readonly history?: LossHistory;
  readonly residuals?: readonly EquationResidual[];
  /** What an author adds, behind the solution. */
  readonly sections?: readonly ReportSection[];
}
