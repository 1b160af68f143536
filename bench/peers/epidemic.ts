/**
 * What an epidemiologist asks of the influenza of 1978: fit, profile likelihood, parametric bootstrap, in one thread.
 *
 *   npx tsx bench/peers/epidemic.ts [--replicates 200] [--seed 0] [--repeats 20]
 */
import { parseArgs } from 'node:util';
import { bootstrap, profileLikelihood, shoot } from '../../src/index.ts';
import { benchmarkProblem } from '../comparison-grid.ts';
import { print } from '../measurement.ts';
import { medianOf } from '../timing.ts';

const { values } = parseArgs({
  options: {
    replicates: { type: 'string', default: '200' },
    seed: { type: 'string', default: '0' },
    repeats: { type: 'string', default: '20' },
  },
});
const replicates = Number(values.replicates);
const problem = await benchmarkProblem('influenza-1978');
/** Of fit and profiles, after the first. */
const profileRepeats = 7;
const seconds = (): number => performance.now() / 1000;

const begun = seconds();
const fit = shoot(problem);
const fitted = seconds();
const again = Array.from({ length: Number(values.repeats) }, () => {
  const start = seconds();
  shoot(problem);
  return seconds() - start;
});
const repeated = seconds();
const curves = profileLikelihood(problem, { fit, names: ['beta', 'gamma'] });
const profiled = seconds();
const profilesAgain = Array.from({ length: profileRepeats }, () => {
  const start = seconds();
  profileLikelihood(problem, { fit: shoot(problem), names: ['beta', 'gamma'] });
  return seconds() - start;
});
const bootstrapped = seconds();
const { intervals } = await bootstrap(problem, { replicates, seed: Number(values.seed), threads: 1 });
const ended = seconds();

const names = Object.keys(fit.estimates);
print({
  name: 'influenza-1978-uncertainty',
  system: 'Ansatz',
  metric: 'sum of squares',
  value: fit.sumOfSquares,
  unit: '',
  seconds: ended - begun,
  precision: 'float64',
  details: {
    estimates: Object.fromEntries(names.map((name) => [name, fit.estimates[name].value])),
    intervals: Object.fromEntries(curves.map(({ name, low, high }) => [name, [low, high]])),
    bootstrap: Object.fromEntries(names.map((name) => [name, [intervals[name].low, intervals[name].high]])),
    replicates,
    times: {
      'first fit': fitted - begun,
      'fit, once warm': medianOf(again),
      'fit and profile intervals': fitted - begun + profiled - repeated,
      'fit and profile intervals, once warm': medianOf(profilesAgain),
      [`${replicates} bootstrap replicates`]: ended - bootstrapped,
    },
  },
});
