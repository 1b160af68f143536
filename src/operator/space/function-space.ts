/** Draws of input functions: the k-th is a function of seed and k alone. */
import { apply, multiply, number, sum } from '../../expression/build.ts';
import { substitute } from '../../expression/expression.ts';
import type {
  CombinationSpace,
  DrawnNumber,
  InputFunction,
  Problem,
  SeriesSpace,
} from '../../problem/problem.ts';
import { equidistant, gridPoints } from '../../problem/sensors.ts';
import { type RandomGenerator, randomGenerator, streamSeed } from '../../random/generator.ts';
import { ChebyshevBasis } from './chebyshev-basis.ts';
import { ExpressionSample, SumSample } from './expression-sample.ts';
import type { FunctionSample } from './function-sample.ts';
import { gaussianRandomField, type RandomSeries, seriesSample } from './gaussian-random-field.ts';
import { PowerBasis } from './power-basis.ts';
import { SplineBasis } from './spline-basis.ts';

/** Where functions are drawn from. */
export type FunctionSpace = (random: RandomGenerator) => FunctionSample;

const spaces = new WeakMap<InputFunction, FunctionSpace>();

/** The space of an input function; what draws have in common is computed once. */
export function functionSpace(input: InputFunction): FunctionSpace {
  const known = spaces.get(input) ?? spaceOf(input);
  spaces.set(input, known);
  return known;
}

const drawn = ({ low, high }: DrawnNumber, random: RandomGenerator): number =>
  low + (high - low) * random.uniform();

function spaceOf(input: InputFunction): FunctionSpace {
  const { space, of } = input;
  switch (space.kind) {
    case 'uniform':
      return (random) => new ExpressionSample(number(drawn(space, random)), []);
    case 'functions':
      return (random) => combination(space, of, random);
    case 'gaussian-random-field': {
      const series = gaussianRandomField(space, input);
      const mean = new ExpressionSample(space.mean, of);
      const isZero = space.mean.kind === 'number' && space.mean.value === 0;
      return (random) => {
        const field = seriesSample(series, random);
        const whole = isZero ? field : new SumSample([field, mean]);
        return space.minimum === undefined ? whole : raised(whole, input, space.minimum);
      };
    }
    default: {
      const series = uniformSeries(space, input);
      return (random) => seriesSample(series, random);
    }
  }
}

function uniformSeries(
  { kind, terms, amplitude }: SeriesSpace,
  { coordinates }: InputFunction,
): RandomSeries {
  const bases = coordinates.map((coordinate) => {
    if (kind === 'spline') return new SplineBasis(equidistant(coordinate, terms));
    return kind === 'chebyshev' ? new ChebyshevBasis(coordinate, terms) : new PowerBasis(coordinate, terms);
  });
  const count = bases.reduce((product, basis) => product * basis.count, 1);
  return {
    bases,
    coefficients: (random) =>
      Float64Array.from({ length: count }, () => drawn({ low: -amplitude, high: amplitude }, random)),
  };
}

function combination(
  { expressions, coefficients, parameters }: CombinationSpace,
  of: readonly number[],
  random: RandomGenerator,
): FunctionSample {
  const values = new Map([...parameters].map(([name, range]) => [name, number(drawn(range, random))]));
  const terms = expressions.map((expression) =>
    multiply(
      number(drawn(coefficients, random)),
      substitute(expression, (leaf) => (leaf.kind === 'unknown' ? values.get(leaf.name)! : leaf), apply),
    ),
  );
  return new ExpressionSample(sum(terms), of);
}

/** Points along each coordinate among which the least value is looked for. */
const searchSides = [2001, 101];

/** The function with a constant added, by which its least value is the one given. */
function raised(sample: FunctionSample, { coordinates, of }: InputFunction, minimum: number): FunctionSample {
  const side = searchSides[coordinates.length - 1];
  const least = sample
    .values(gridPoints(coordinates.map((c) => equidistant(c, side))))
    .reduce((a, b) => Math.min(a, b));
  return new SumSample([sample, new ExpressionSample(number(minimum - least), of)]);
}

/**
 * The draw of that number, from 0 on, of one input function.
 *
 * @param part  what tells apart the input functions of a problem: their positions in it
 */
export function drawInput(input: InputFunction, seed: number, index: number, part = 0): FunctionSample {
  return functionSpace(input)(randomGenerator(streamSeed(seed, index, part)));
}

/** One draw of every input function of an operator problem, by their names. */
export function drawInputs(
  problem: Pick<Problem, 'inputs'>,
  seed: number,
  index: number,
): Record<string, FunctionSample> {
  return Object.fromEntries(
    problem.inputs.map((input, part) => [input.name, drawInput(input, seed, index, part)]),
  );
}

/** What the sensors see, (sensorCount). */
export function sensorValues(input: InputFunction, sample: FunctionSample): Float64Array {
  return sample.values(input.sensors);
}
