/**
 * The classical fit of Ansatz: least squares by shooting, from the problem's initial guesses.
 *
 *   npx tsx bench/peers/shooting.ts influenza-1978|lorenz-inverse
 */
import { shoot } from '../../src/index.ts';
import { benchmarkProblem } from '../comparison-grid.ts';
import { print } from '../measurement.ts';

const name = process.argv[2];
const problem = await benchmarkProblem(name);
const begun = performance.now();
const { estimates, sumOfSquares, iterations } = shoot(problem);
const seconds = (performance.now() - begun) / 1000;
print({
  name,
  system: 'Ansatz shoot',
  metric: 'sum of squares',
  value: sumOfSquares,
  unit: '',
  seconds,
  precision: 'float64',
  details: {
    estimates: Object.fromEntries(Object.entries(estimates).map(([n, { value }]) => [n, value])),
    sumOfSquares,
    evaluations: iterations,
  },
});
