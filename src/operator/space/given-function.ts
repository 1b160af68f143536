/** Functions that a person gives for an input: as a text, a JavaScript function, a number, or values at its sensors. */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { number } from '../../expression/build.ts';
import { parseExpression } from '../../expression/parse.ts';
import type { InputFunction } from '../../problem/problem.ts';
import { equidistant, gridPoints } from '../../problem/sensors.ts';
import { randomGenerator } from '../../random/generator.ts';
import type { Basis } from './basis.ts';
import { ChebyshevBasis, chebyshevCoefficients, chebyshevNodes } from './chebyshev-basis.ts';
import { ExpressionSample } from './expression-sample.ts';
import { FourierBasis, fourierCoefficients } from './fourier-basis.ts';
import type { FunctionSample } from './function-sample.ts';
import { alongAxes } from './gaussian-random-field.ts';
import { SeriesSample } from './series-sample.ts';
import { SplineBasis } from './spline-basis.ts';

/** What stands for an input function; values at the sensors are in their order. */
export type GivenFunction =
  | FunctionSample
  | string
  | number
  | ((...coordinates: number[]) => number)
  | ArrayLike<number>;

/**
 * @param constants  that may stand in a text beside its coordinates
 * @throws ProblemError where it is no such function: values that are not as many as there are sensors or not
 * finite, a text in other names; NotSupportedError for values at scattered sensors in the plane
 */
export function sampleOf(
  input: InputFunction,
  given: GivenFunction,
  constants: ReadonlyMap<string, number> = new Map(),
): FunctionSample {
  const path = `inputs.${input.name}`;
  if (typeof given === 'number') {
    if (!Number.isFinite(given)) throw new ProblemError(`${given} is no value`, { path });
    return new ExpressionSample(number(given), input.of);
  }
  if (typeof given === 'string') return checked(textSample(input, given, constants, path), input, path);
  if (typeof given === 'function') return functionSample(input, given, path);
  if (typeof given === 'object' && given !== null) {
    if ('expression' in given) return ofDimension(given, input, path);
    if (typeof given.length === 'number') return sensorSample(input, given, path);
  }
  throw new ProblemError('this is no function', {
    path,
    hint: 'give an expression, a JavaScript function, a number, or values at the sensors',
  });
}

function ofDimension(
  sample: FunctionSample,
  { of, coordinates }: InputFunction,
  path: string,
): FunctionSample {
  if (sample.dimension === of.length) return sample;
  throw new ProblemError(`a function of ${sample.dimension} coordinates stands for one of ${of.length}`, {
    path,
    hint: `it depends on ${coordinates.map((c) => c.name).join(', ') || 'none'}`,
  });
}

function textSample(
  { coordinates, of }: InputFunction,
  text: string,
  constants: ReadonlyMap<string, number>,
  path: string,
): FunctionSample {
  const expression = parseExpression(
    text,
    {
      coordinates: coordinates.map(({ name }) => name),
      time: null,
      fields: new Map(),
      constants,
      unknowns: new Set(),
      functions: new Map(),
      boundary: false,
    },
    path,
  );
  return new ExpressionSample(
    expression,
    of.map((_, i) => i),
  );
}

const checkSides = [101, 21];

function checked(
  sample: FunctionSample,
  { coordinates, sensors }: InputFunction,
  path: string,
): FunctionSample {
  const grid = gridPoints(coordinates.map((c) => equidistant(c, checkSides[coordinates.length - 1])));
  for (const points of [grid, sensors])
    if (!sample.values(points).every(Number.isFinite))
      throw new ProblemError('the function has no finite value at some points of the domain', { path });
  return sample;
}

const resolution = 1e-12;
/** Of interpolated values at points between the nodes, in shares of the largest value. */
const acceptable = 1e-9;
const nodeCounts = [
  [17, 33, 65, 129, 257],
  [17, 33, 49],
];
const finestKnots = 257;

function functionSample(
  { coordinates }: InputFunction,
  given: (...coordinates: number[]) => number,
  path: string,
): FunctionSample {
  const d = coordinates.length;
  const at = (points: Float64Array): Float64Array =>
    Float64Array.from({ length: d === 0 ? 1 : points.length / d }, (_, n) => {
      const point = [...points.subarray(n * d, (n + 1) * d)];
      const value: unknown = given(...point);
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw new ProblemError(`the function is ${String(value)} at ${point.join(', ')}`, {
        path,
        hint: 'it has to be a finite number everywhere in the domain',
      });
    });
  if (d === 0) return new ExpressionSample(number(at(new Float64Array(0))[0]), []);
  const random = randomGenerator(1);
  const test = Float64Array.from({ length: 24 * d }, (_, k) => {
    const { low, high } = coordinates[k % d];
    return low + (high - low) * random.uniform();
  });
  const expected = at(test);
  let finest: FunctionSample | undefined;
  for (const n of nodeCounts[d - 1]) {
    const values = at(gridPoints(coordinates.map((c) => chebyshevNodes(c, n))));
    const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const coefficients = alongAxes(values, new Array(d).fill(n), new Array(d).fill(chebyshevCoefficients));
    const bases = coordinates.map((c) => new ChebyshevBasis(c, n));
    const kept = coefficients.map((c) => (Math.abs(c) > resolution * size ? c : 0));
    finest = new SeriesSample(bases, kept);
    const found = finest.values(test);
    if (found.every((value, i) => Math.abs(value - expected[i]) <= acceptable * size)) return finest;
  }
  if (d > 1) return finest!;
  const knots = equidistant(coordinates[0], finestKnots);
  return new SeriesSample([new SplineBasis(knots)], at(Float64Array.from(knots)));
}

function sensorSample(input: InputFunction, given: ArrayLike<number>, path: string): FunctionSample {
  const { sensors, sensorCount, sensorSides, coordinates, of, space } = input;
  if (given.length !== sensorCount)
    throw new ProblemError(
      `${given.length} value${given.length === 1 ? '' : 's'} for ${sensorCount} sensor${sensorCount === 1 ? '' : 's'}`,
      { path, hint: 'give one value for each sensor, in their order' },
    );
  const values = Float64Array.from(given);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ProblemError(`the value at sensor ${bad} is ${given[bad]}`, { path });
  if (of.length === 0 || sensorCount === 1) return new ExpressionSample(number(values[0]), of);
  if (sensorSides !== undefined) {
    const periodic = space.kind === 'gaussian-random-field' && space.kernel === 'periodic';
    const bases: Basis[] = coordinates.map((c, i) =>
      periodic
        ? new FourierBasis(c, Math.floor((sensorSides[i] - 1) / 2))
        : splineThrough(equidistant(c, sensorSides[i])),
    );
    if (!periodic) return new SeriesSample(bases, values);
    return new SeriesSample(
      bases,
      alongAxes(
        values,
        sensorSides,
        bases.map(() => fourierCoefficients),
      ),
    );
  }
  if (of.length > 1)
    throw new NotSupportedError('values at scattered sensors are not interpolated', {
      path,
      hint: 'give a grid of sensors, or the function as an expression or a JavaScript function',
    });
  const order = [...values.keys()].sort((a, b) => sensors[a] - sensors[b]);
  const basis = splineThrough(order.map((i) => sensors[i]));
  return new SeriesSample(
    [basis],
    Float64Array.from(order, (i) => values[i]),
  );
}

function splineThrough(knots: readonly number[]): SplineBasis {
  return new SplineBasis(knots, knots.length < 4 ? 1 : 3);
}
