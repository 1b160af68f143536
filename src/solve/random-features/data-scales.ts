/** How fast the data of a problem vary along each coordinate: what is given says where to look for frequencies. */
import { subtract } from '../../expression/build.ts';
import { evaluateScalar } from '../../expression/evaluate.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Problem } from '../../problem/index.ts';

/** Chebyshev points along a coordinate, on a line and elsewhere: they tell frequencies up to half as many apart. */
const sampleCounts = [512, 160];

/** Places of the other coordinates, at irrational shares of them so that no wave has a zero at all of them. */
const places = [0.381966, 0.7320508, 0.1414214];

/** The root mean square that is left out. */
const tail = 1e-3;

/** Data of more Chebyshev polynomials, as a share of the points, have a kink or a jump, and no largest frequency. */
const mostPolynomials = 0.6;

/** Highest frequency, per normalised coordinate, of what has so many Chebyshev coefficients of any size: J_n(ω) falls off so. */
function frequencyOf(polynomials: number): number {
  return Math.max(1, polynomials - 2.5 * Math.cbrt(polynomials));
}

/** The degree beyond which Chebyshev's series of samples at his points holds next to nothing; 0 for a constant. */
function degreeOf(values: readonly number[]): number {
  const n = values.length;
  const squares = Array.from({ length: n }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i] * Math.cos((Math.PI * k * (i + 0.5)) / n);
    return (k === 0 ? 0.5 : 1) * sum * sum;
  });
  const total = squares.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return 0;
  let rest = 0;
  for (let k = n - 1; k > 0; k--) {
    rest += squares[k];
    if (rest > tail ** 2 * total) return k;
  }
  return 0;
}

/**
 * Per coordinate the largest angular frequency, per normalised coordinate, of the right-hand sides of conditions and
 * equations; undefined where none of them varies along it or one is not smooth. Fields count as zero: coefficients before
 * them are not looked at.
 */
export function dataScales(problem: Problem): (number | undefined)[] {
  const { coordinates, equations, conditions } = problem;
  const samples = sampleCounts[Math.min(coordinates.length, sampleCounts.length) - 1];
  const data: { readonly expression: Expression; readonly fixed: ReadonlyMap<number, number> }[] = [
    ...equations.map(({ left, right }) => ({ expression: subtract(left, right), fixed: new Map() })),
    ...conditions.flatMap((condition) =>
      condition.kind === 'planes'
        ? condition.planes.map(({ coordinate, value }) => ({
            expression: subtract(condition.left, condition.right),
            fixed: new Map([[coordinate, value]]),
          }))
        : [],
    ),
  ];
  return coordinates.map((_, axis) => {
    let degree = 0;
    for (const { expression, fixed } of data) {
      if (fixed.has(axis)) continue;
      for (const place of places) {
        const point = coordinates.map(
          ({ low, high }, i) => fixed.get(i) ?? low + (high - low) * ((place * (i + 1)) % 1),
        );
        const { low, high } = coordinates[axis];
        const values = Array.from({ length: samples }, (__, k) => {
          point[axis] = (low + high) / 2 + ((high - low) / 2) * Math.cos((Math.PI * (k + 0.5)) / samples);
          return evaluateScalar(expression, (leaf) => (leaf.kind === 'coordinate' ? point[leaf.index] : 0));
        });
        if (values.every(Number.isFinite)) degree = Math.max(degree, degreeOf(values));
      }
    }
    return degree === 0 || degree > mostPolynomials * samples ? undefined : frequencyOf(degree);
  });
}
