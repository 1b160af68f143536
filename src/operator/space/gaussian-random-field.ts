/**
 * Gaussian random fields. Smooth ones are Chebyshev series whose values at the nodes have the kernel's covariance to
 * rounding, rough ones splines through values on a grid with exactly this covariance, periodic ones Fourier series.
 */
import { NotSupportedError } from '../../errors.ts';
import type { Coordinate, FieldSpace, InputFunction } from '../../problem/problem.ts';
import { equidistant, gridPoints } from '../../problem/sensors.ts';
import type { RandomGenerator } from '../../random/generator.ts';
import type { Basis } from './basis.ts';
import { ChebyshevBasis, chebyshevCoefficients, chebyshevNodes } from './chebyshev-basis.ts';
import { type CovarianceFactor, choleskyFactor, combination, spectralFactor } from './covariance-factor.ts';
import { FourierBasis } from './fourier-basis.ts';
import { circularMaternDensity, circularRbfSpectrum, matern, rbf } from './kernel.ts';
import { SeriesSample } from './series-sample.ts';
import { SplineBasis } from './spline-basis.ts';

/** A field without its mean: a series with random coefficients. */
export interface RandomSeries {
  readonly bases: readonly Basis[];
  coefficients(random: RandomGenerator): Float64Array;
}

/** Coefficients whose standard deviation is a smaller share of the largest one are left out. */
const negligible = 3e-9;
const mostNodes = 256;
/** Of splines: along the one coordinate. */
const mostKnots = 257;
/** Of rough fields in the plane: along each coordinate. */
const planeNodes = 24;
const mostWaves = 48;

const normals = (random: RandomGenerator, count: number): Float64Array =>
  Float64Array.from({ length: count }, () => random.normal());

export function gaussianRandomField(space: FieldSpace, input: InputFunction): RandomSeries {
  const { coordinates } = input;
  if (space.kernel === 'periodic') return periodicField(space, coordinates);
  if (coordinates.length === 1) {
    const smooth = space.kernel === 'rbf' ? chebyshevFactor(space, coordinates[0], 0) : undefined;
    return smooth === undefined ? roughField(space, input) : tensorField([smooth], space.variance);
  }
  if (space.kernel === 'matern') return roughPlane(space, coordinates);
  return tensorField(
    coordinates.map((coordinate, axis) => {
      const factor = chebyshevFactor(space, coordinate, axis);
      if (factor !== undefined) return factor;
      throw new NotSupportedError(
        `a field of length scale ${space.lengthScale[axis]} along ${coordinate.name} needs more than ${mostNodes} nodes`,
        { path: `inputs.${input.name}.lengthScale`, hint: 'give a larger one' },
      );
    }),
    space.variance,
  );
}

interface AxisFactor {
  readonly basis: Basis;
  /** (coefficients, modes): of a field of variance 1. */
  readonly factor: CovarianceFactor;
}

/** Undefined where the field is too rough for polynomials of degree below the most. */
function chebyshevFactor(
  { lengthScale, terms }: FieldSpace,
  coordinate: Coordinate,
  axis: number,
): AxisFactor | undefined {
  const length = (coordinate.high - coordinate.low) / lengthScale[axis];
  for (
    let n = terms ?? Math.ceil(20 + 2 * length);
    n <= Math.max(mostNodes, terms ?? 0);
    n = Math.ceil(1.5 * n)
  ) {
    const nodes = chebyshevNodes(coordinate, Math.max(n, 2));
    const covariance = nodes.map((x) => nodes.map((y) => rbf((x - y) / lengthScale[axis])));
    const values = spectralFactor(covariance);
    const modes = values[0].length;
    const columns = Array.from({ length: modes }, (_, m) =>
      chebyshevCoefficients(values.map((row) => row[m])),
    );
    const rows = nodes.map((_, k) => Float64Array.from(columns, (column) => column[k]));
    const deviations = rows.map((row) => Math.hypot(...row));
    const limit = negligible * Math.max(...deviations);
    const last = deviations.findLastIndex((deviation) => deviation > limit);
    if (terms === undefined && last > 0.9 * n) continue;
    return { basis: new ChebyshevBasis(coordinate, last + 1), factor: rows.slice(0, last + 1) };
  }
  return undefined;
}

/** Independent along each axis: C = F_x Ξ F_yᵀ. */
function tensorField(axes: readonly AxisFactor[], variance: number): RandomSeries {
  const deviation = Math.sqrt(variance);
  const [x, y] = axes;
  return {
    bases: axes.map(({ basis }) => basis),
    coefficients: (random) => {
      const modes = x.factor[0].length;
      if (y === undefined) return combination(x.factor, normals(random, modes)).map((c) => deviation * c);
      const half = Array.from({ length: modes }, () =>
        combination(y.factor, normals(random, y.factor[0].length)),
      );
      const columns = Array.from({ length: y.basis.count }, (_, q) =>
        combination(
          x.factor,
          half.map((row) => row[q]),
        ),
      );
      return Float64Array.from(
        { length: x.basis.count * y.basis.count },
        (_, i) => deviation * columns[i % y.basis.count][Math.floor(i / y.basis.count)],
      );
    },
  };
}

function roughField(
  space: FieldSpace,
  { name, coordinates: [coordinate], sensorSides }: InputFunction,
): RandomSeries {
  const [lengthScale] = space.lengthScale;
  const needed = Math.ceil((8 * (coordinate.high - coordinate.low)) / lengthScale) + 1;
  // Knots at the sensors where these are enough: the function is then what the sensors see of it.
  if (space.terms === undefined && needed > 3 * mostKnots)
    throw new NotSupportedError(
      `a field of length scale ${lengthScale} along ${coordinate.name} needs about ${needed} knots`,
      { path: `inputs.${name}.lengthScale`, hint: 'give a larger one, or the knots as `terms`' },
    );
  const count = space.terms ?? Math.min(mostKnots, Math.max(33, needed, sensorSides?.[0] ?? 0));
  const knots = equidistant(coordinate, Math.max(count, 4));
  const correlation = space.kernel === 'rbf' ? rbf : matern(space.smoothness!);
  const covariance = knots.map((x) =>
    knots.map((y) => space.variance * correlation(Math.abs(x - y) / lengthScale)),
  );
  const factor = space.kernel === 'rbf' ? spectralFactor(covariance) : choleskyFactor(covariance);
  const modes = factor[0].length;
  return {
    // Between knots a field that has no derivative is nearer to a broken line than to a cubic.
    bases: [new SplineBasis(knots, space.smoothness === 0.5 ? 1 : 3)],
    coefficients: (random) => combination(factor, normals(random, modes)),
  };
}

function roughPlane(space: FieldSpace, coordinates: readonly Coordinate[]): RandomSeries {
  const n = space.terms ?? planeNodes;
  const axes = coordinates.map((coordinate) => chebyshevNodes(coordinate, n));
  const points = gridPoints(axes);
  const correlation = matern(space.smoothness!);
  const [a, b] = space.lengthScale;
  const rows = Array.from({ length: n * n }, (_, i) => [points[2 * i] / a, points[2 * i + 1] / b]);
  const factor = choleskyFactor(
    rows.map(([x, y]) => rows.map(([u, v]) => space.variance * correlation(Math.hypot(x - u, y - v)))),
  );
  return {
    bases: coordinates.map((coordinate) => new ChebyshevBasis(coordinate, n)),
    coefficients: (random) =>
      alongAxes(
        combination(factor, normals(random, n * n)),
        [n, n],
        [chebyshevCoefficients, chebyshevCoefficients],
      ),
  };
}

function periodicField(space: FieldSpace, coordinates: readonly Coordinate[]): RandomSeries {
  const lengths = coordinates.map(({ low, high }) => high - low);
  const { smoothness, lengthScale, centered, variance, terms } = space;
  const spectra = lengths.map((length, axis) =>
    smoothness === undefined
      ? circularRbfSpectrum(length, lengthScale[axis])
      : Array.from({ length: (terms ?? mostWaves) + 1 }, (_, k) =>
          circularMaternDensity([k], [length], [lengthScale[axis]], smoothness),
        ),
  );
  const waves = spectra.map((spectrum) => {
    const limit = negligible ** 2 * Math.max(...spectrum);
    const last = spectrum.findLastIndex((share) => share > limit);
    return terms ?? Math.min(last, smoothness === undefined ? Number.POSITIVE_INFINITY : mostWaves);
  });
  const bases = waves.map((count, axis) => new FourierBasis(coordinates[axis], count));
  const shares = gridPoints(
    bases.map(({ count }) => Array.from({ length: count }, (_, i) => Math.ceil(i / 2))),
  );
  const d = bases.length;
  const deviations = Float64Array.from({ length: shares.length / d }, (_, i) => {
    const k = [...shares.subarray(i * d, (i + 1) * d)];
    if (centered && k.every((wave) => wave === 0)) return 0;
    if (smoothness !== undefined)
      return (
        circularMaternDensity(k, lengths, lengthScale, smoothness) * 2 ** k.filter((wave) => wave > 0).length
      );
    return k.reduce((product, wave, axis) => product * (spectra[axis][wave] ?? 0), 1);
  }).map(Math.sqrt);
  // Each wave has a cosine and a sine, which add to its share at every point: cos² + sin² = 1.
  const total = deviations.reduce((sum, s, i) => {
    const sines = [...shares.subarray(i * d, (i + 1) * d)].filter((wave) => wave > 0).length;
    return sum + (s * s) / 2 ** sines;
  }, 0);
  const factor = Math.sqrt(variance / total);
  return {
    bases,
    coefficients: (random) => deviations.map((deviation) => deviation * factor * random.normal()),
  };
}

/** Transforms a grid of values, row-major, along each of its axes. */
export function alongAxes(
  values: Float64Array,
  sides: readonly number[],
  transforms: readonly ((line: Float64Array) => ArrayLike<number>)[],
): Float64Array {
  if (sides.length === 1) return Float64Array.from(transforms[0](values));
  const [rows, columns] = sides;
  const first = Array.from({ length: rows }, (_, i) =>
    transforms[1](values.slice(i * columns, (i + 1) * columns)),
  );
  const across = first[0].length;
  const second = Array.from({ length: across }, (_, j) =>
    transforms[0](Float64Array.from(first, (row) => row[j])),
  );
  return Float64Array.from(
    { length: second[0].length * across },
    (_, k) => second[k % across][Math.floor(k / across)],
  );
}

export function seriesSample({ bases, coefficients }: RandomSeries, random: RandomGenerator): SeriesSample {
  return new SeriesSample(bases, coefficients(random));
}
