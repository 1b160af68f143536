/** Sequences: epidemic curves drawn from a model, and windows of a series that one has. */
import { ProblemError } from '../../errors.ts';
import { randomGenerator, streamSeed } from '../../random/generator.ts';

export interface Sequences {
  /** (count, length), row-major. */
  readonly values: Float64Array;
  readonly count: number;
  readonly length: number;
}

/** A sequence in two parts: what is seen, and what follows. */
export interface Windows {
  /** (count, length), row-major. */
  readonly seen: Float64Array;
  /** (count, horizon), row-major. */
  readonly following: Float64Array;
  readonly count: number;
}

export interface EpidemicOptions {
  readonly count: number;
  /** Days of each, the first being day 0. */
  readonly days: number;
  readonly seed: number;
  /** Default 763. */
  readonly population?: number;
  /** Infected people on day 0, drawn uniformly from these whole numbers, both included; default 1 to 10. */
  readonly initial?: readonly [number, number];
  /** Uniform range of the basic reproduction number β/γ; default 1.3 to 6. */
  readonly reproduction?: readonly [number, number];
  /** Uniform range of the infectious period 1/γ in days; default 1 to 5. */
  readonly period?: readonly [number, number];
  /** Counts have the variance `dispersion` times their mean; default 3. */
  readonly dispersion?: number;
}

export interface EpidemicCurves extends Sequences {
  /** The same without noise, (count, days). */
  readonly expected: Float64Array;
  /** Of each, (count); per day. */
  readonly transmission: Float64Array;
  readonly recovery: Float64Array;
}

const stepsPerDay = 8;

/** Infected people day by day, by the classical Runge–Kutta method. */
function infectedCurve(
  population: number,
  initial: number,
  beta: number,
  gamma: number,
  days: number,
): Float64Array {
  const rates = (s: number, i: number): readonly [number, number] => {
    const infections = (beta * s * i) / population;
    return [-infections, infections - gamma * i];
  };
  let [s, i] = [population - initial, initial];
  const h = 1 / stepsPerDay;
  return Float64Array.from({ length: days }, (_, day) => {
    for (let k = 0; day > 0 && k < stepsPerDay; k++) {
      const [s1, i1] = rates(s, i);
      const [s2, i2] = rates(s + (h / 2) * s1, i + (h / 2) * i1);
      const [s3, i3] = rates(s + (h / 2) * s2, i + (h / 2) * i2);
      const [s4, i4] = rates(s + h * s3, i + h * i3);
      s += (h / 6) * (s1 + 2 * s2 + 2 * s3 + s4);
      i += (h / 6) * (i1 + 2 * i2 + 2 * i3 + i4);
    }
    return i;
  });
}

/**
 * Numbers of infected people, day by day, of SIR epidemics of random rates,
 *
 *   S′ = −β S I/N,  I′ = β S I/N − γ I
 *
 * (Kermack & McKendrick, Proc. R. Soc. Lond. A 115 (1927)), counted with a normal error whose variance grows with the
 * count, rounded, and never below zero; day 0 is counted exactly. The n-th curve does not depend on how many are drawn.
 *
 * @throws ProblemError for numbers that make no epidemic
 */
export function epidemicCurves({
  count,
  days,
  seed,
  population = 763,
  initial = [1, 10],
  reproduction = [1.3, 6],
  period = [1, 5],
  dispersion = 3,
}: EpidemicOptions): EpidemicCurves {
  for (const [path, number] of Object.entries({ count, days }))
    if (!Number.isInteger(number) || number < 1)
      throw new ProblemError(`${number} ${path}`, { path, hint: 'give a whole number, 1 or more' });
  for (const [path, [low, high]] of Object.entries({ initial, reproduction, period }))
    if (!(low > 0 && high >= low))
      throw new ProblemError(`a range from ${low} to ${high}`, {
        path,
        hint: 'give positive numbers, the smaller one first',
      });
  if (!(dispersion >= 0))
    throw new ProblemError(`a dispersion of ${dispersion}`, { path: 'dispersion', hint: 'give 0 or more' });
  if (!(population > initial[1]))
    throw new ProblemError(`a population of ${population}`, {
      path: 'population',
      hint: 'more people than are infected at first',
    });
  const [values, expected] = [new Float64Array(count * days), new Float64Array(count * days)];
  const [transmission, recovery] = [new Float64Array(count), new Float64Array(count)];
  for (let n = 0; n < count; n++) {
    const random = randomGenerator(streamSeed(seed, n));
    const between = ([low, high]: readonly [number, number]): number => low + (high - low) * random.uniform();
    recovery[n] = 1 / between(period);
    transmission[n] = between(reproduction) * recovery[n];
    const infected = initial[0] + random.integer(initial[1] - initial[0] + 1);
    const curve = infectedCurve(population, infected, transmission[n], recovery[n], days);
    expected.set(curve, n * days);
    for (let day = 0; day < days; day++) {
      const error = Math.sqrt(dispersion * curve[day]) * random.normal();
      values[n * days + day] = day === 0 ? infected : Math.max(0, Math.round(curve[day] + error));
    }
  }
  return { values, expected, transmission, recovery, count, length: days };
}

/**
 * Every stretch of `length` values of a series with the `horizon` that follow it, from the first to the last that fits.
 *
 * @throws ProblemError where the series is too short
 */
export function slidingWindows(
  series: ArrayLike<number>,
  { length, horizon = 1 }: { readonly length: number; readonly horizon?: number },
): Windows {
  const count = series.length - length - horizon + 1;
  if (!(count >= 1 && length >= 1 && horizon >= 1))
    throw new ProblemError(`${series.length} values hold no window of ${length} and ${horizon} after it`, {
      path: 'series',
      hint: 'give a longer series, or shorter windows',
    });
  const [seen, following] = [new Float64Array(count * length), new Float64Array(count * horizon)];
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < length; k++) seen[n * length + k] = series[n + k];
    for (let k = 0; k < horizon; k++) following[n * horizon + k] = series[n + length + k];
  }
  return { seen, following, count };
}
