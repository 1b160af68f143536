/** A problem, read and checked: what every other room works on. Made by `problem()`. */
import type { Expression } from '../expression/expression.ts';
import type { BoundaryPart, Shape } from '../geometry/shape.ts';
import type { ProblemDefinition } from './definition.ts';
import type { NoiseModel } from './noise.ts';

export interface Coordinate {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** The space where it is no box. */
export interface Space {
  readonly shape: Shape;
  /** Positions of its coordinates among the problem's. */
  readonly coordinates: readonly number[];
}

/** A named part of space, for indicators, interfaces and fields in pieces. */
export interface Region extends Space {
  readonly name: string;
  /** 1 inside and on its boundary, 0 outside, in the problem's coordinates. */
  readonly indicator: Expression;
}

/** A part of a field that is a smooth function of its own. */
export interface FieldPiece {
  /** Of the function; no field of the problem has such a name. */
  readonly name: string;
  /** Undefined: what the other regions leave of the domain. */
  readonly region: Region | undefined;
}

export interface Field {
  readonly name: string;
  /** Positions of the coordinates it depends on. */
  readonly of: readonly number[];
  /** True for a coefficient that has no equation of its own and is found from data. */
  readonly unknown: boolean;
  /** Weight of its smoothness penalty where given; see `smoothnessBlocks`. */
  readonly smooth?: number;
  /**
   * Regions in each of which the field is a smooth function of its own, with one more for what they leave of the
   * domain where they leave any; see `pieces.ts`. Where they overlap the first one counts.
   */
  readonly pieces?: readonly FieldPiece[];
  /** True for the integral over time of what an observation accumulates: it is added, not declared. */
  readonly accumulated?: boolean;
}

/** A number that is drawn, uniform in [low, high]. */
export interface DrawnNumber {
  readonly low: number;
  readonly high: number;
}

/** A Gaussian random field. */
export interface FieldSpace {
  readonly kind: 'gaussian-random-field';
  readonly kernel: 'rbf' | 'matern' | 'periodic';
  /** One for each coordinate. */
  readonly lengthScale: readonly number[];
  /** Of a Matérn kernel, or of a periodic one where it is that of the Matérn field on the circle. */
  readonly smoothness: number | undefined;
  readonly variance: number;
  readonly mean: Expression;
  readonly centered: boolean;
  readonly minimum: number | undefined;
  /** Nodes along each coordinate; undefined: as many as the kernel needs. */
  readonly terms: number | undefined;
}

/** Series with random coefficients, or splines with random values at their knots. */
export interface SeriesSpace {
  readonly kind: 'chebyshev' | 'power-series' | 'spline';
  readonly terms: number;
  readonly amplitude: number;
}

/** Combinations of given functions. */
export interface CombinationSpace {
  readonly kind: 'functions';
  /** In the problem's coordinates; parameters stand in them as unknowns. */
  readonly expressions: readonly Expression[];
  readonly coefficients: DrawnNumber;
  readonly parameters: ReadonlyMap<string, DrawnNumber>;
}

/** A number. */
export interface NumberSpace extends DrawnNumber {
  readonly kind: 'uniform';
}

/** Where draws of an input function come from. */
export type InputSpace = FieldSpace | SeriesSpace | CombinationSpace | NumberSpace;

/** An input function: in equations and conditions it is a leaf of kind `field` with its name. */
export interface InputFunction {
  readonly name: string;
  /** Positions of the coordinates it depends on, ascending; none: it is a number. */
  readonly of: readonly number[];
  /** Those coordinates. */
  readonly coordinates: readonly Coordinate[];
  readonly space: InputSpace;
  /** (sensorCount, number of its coordinates), row-major. */
  readonly sensors: Float64Array;
  readonly sensorCount: number;
  /** Sensors along each coordinate where they are an equidistant grid, the last coordinate running fastest. */
  readonly sensorSides: readonly number[] | undefined;
}

/** What was given for an input function, as an expression in the problem's coordinates. */
export interface GivenInput {
  readonly of: readonly number[];
  readonly expression: Expression;
}

/** A scalar to be estimated. */
export interface Unknown {
  readonly name: string;
  readonly initial: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly scale: number | undefined;
}

export interface Equation {
  /** `equations[0]`. */
  readonly path: string;
  readonly text: string;
  readonly left: Expression;
  readonly right: Expression;
  readonly weight: number;
  /** Where given, the equation holds only at points where this is not zero. */
  readonly where: Expression | undefined;
}

/** The part of the domain on which a coordinate has one value. */
export interface Plane {
  /** Position of the coordinate. */
  readonly coordinate: number;
  readonly value: number;
  /** −1 on the lower face, +1 on the upper face, 0 on a plane inside. */
  readonly outward: -1 | 0 | 1;
}

export interface PlaneCondition {
  readonly kind: 'planes';
  readonly path: string;
  readonly text: string;
  readonly planes: readonly Plane[];
  readonly left: Expression;
  readonly right: Expression;
  readonly weight: number;
  /** Built into the solution: see `hardAnsatz`. */
  readonly hard?: boolean;
}

export interface PointCondition {
  readonly kind: 'points';
  readonly path: string;
  readonly text: string;
  /** (N, d), row-major. */
  readonly points: Float64Array;
  readonly count: number;
  readonly left: Expression;
  readonly right: Expression;
  readonly weight: number;
  /** Built into the solution: see `hardAnsatz`. */
  readonly hard?: boolean;
}

/** On parts of the boundary of a space that is no box, at all values of the other coordinates. */
export interface BoundaryCondition {
  readonly kind: 'parts';
  readonly path: string;
  readonly text: string;
  readonly parts: readonly BoundaryPart[];
  readonly left: Expression;
  readonly right: Expression;
  readonly weight: number;
  /** Built into the solution: see `hardAnsatz`. */
  readonly hard?: boolean;
}

/** What a discontinuous part of an interface condition is on one side of the interface. */
export interface Trace {
  /** Column by which it stands in the condition. */
  readonly column: string;
  /** In coordinates alone. */
  readonly expression: Expression;
  /** 0: on the side of the region, 1: beyond its boundary. */
  readonly side: 0 | 1;
}

/**
 * Where the boundary of a region lies inside the domain. Fields of side 0 are those inside the region, fields of
 * side 1 those beyond its boundary; the normal points out of the region.
 */
export interface InterfaceCondition {
  readonly kind: 'interface';
  readonly path: string;
  readonly text: string;
  readonly region: Region;
  /** The region beyond, where one was named. */
  readonly other: Region | undefined;
  /** Parts of the region's boundary, as far as they lie inside the domain. */
  readonly parts: readonly BoundaryPart[];
  readonly traces: readonly Trace[];
  readonly left: Expression;
  readonly right: Expression;
  readonly weight: number;
  /** Built into the solution: see `hardAnsatz`. */
  readonly hard?: boolean;
}

/** Every field that depends on the coordinate, and its derivatives along it, agree on both faces. */
export interface PeriodicCondition {
  readonly kind: 'periodic';
  readonly path: string;
  readonly text: string;
  readonly coordinate: number;
  /** Derivatives along the coordinate up to this order agree. */
  readonly order: number;
  readonly weight: number;
}

/**
 * A condition. In the expressions of conditions on planes, parts and interfaces the normal's components are the
 * columns `normal:<coordinate>` (see `ColumnNode`).
 */
export type Condition =
  | PlaneCondition
  | PointCondition
  | PeriodicCondition
  | BoundaryCondition
  | InterfaceCondition;

/** One observed quantity: expression = value at each point, up to noise. */
export interface Observation {
  /** `data[0].observe.I`. */
  readonly path: string;
  /** What is observed, as written. */
  readonly text: string;
  /** Where it is accumulated over time, the difference of the accumulated field's sides 0 and 1. */
  readonly expression: Expression;
  /** (N, d), row-major: what side 0 of the expression's fields is taken at. */
  readonly points: Float64Array;
  /** (N, d): where the spans begin over which it is accumulated, side 1 of the expression's fields. */
  readonly before: Float64Array | undefined;
  /** The span of time over which it is accumulated. */
  readonly over: number | undefined;
  /** (N). */
  readonly values: Float64Array;
  readonly count: number;
  /** Rows whose cell was empty: not observed there. */
  readonly missing: number;
  readonly weight: number;
  readonly noise: NoiseModel;
}

export interface NamedExpression {
  readonly name: string;
  readonly text: string;
  readonly expression: Expression;
}

export interface Problem {
  readonly name: string;
  /** The problem as it was written, checked against the schema. */
  readonly definition: ProblemDefinition;
  readonly coordinates: readonly Coordinate[];
  /** Position of time among the coordinates, or null. */
  readonly time: number | null;
  /** Undefined where the domain is the box of the coordinates' intervals. */
  readonly space: Space | undefined;
  /** Those declared, and the named parts of the geometry. */
  readonly regions: ReadonlyMap<string, Region>;
  readonly fields: readonly Field[];
  /** Input functions; where there are any it is an operator problem, and has a solution for every draw of them. */
  readonly inputs: readonly InputFunction[];
  /** Input functions that were given, as they stand in its expressions now; its texts still have their names. */
  readonly given?: ReadonlyMap<string, GivenInput>;
  readonly constants: ReadonlyMap<string, number>;
  readonly unknowns: readonly Unknown[];
  /** Named expressions. */
  readonly functions: ReadonlyMap<string, Expression>;
  readonly equations: readonly Equation[];
  readonly conditions: readonly Condition[];
  readonly observations: readonly Observation[];
  /** Exact solutions by field, where known. */
  readonly exact: ReadonlyMap<string, Expression>;
  readonly derived: readonly NamedExpression[];
}
