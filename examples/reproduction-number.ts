/**
 * The reproduction number of an outbreak with an intervention, day by day: the transmission rate as a network and
 * as a spline, beside the truth. Run: npx tsx examples/reproduction-number.ts
 */
import { problem, reference, simulateObservations, solve, timeVarying, withObservedValues } from 'ansatz';

const model = {
  domain: { t: [0, 60] as [number, number] },
  constants: { N: 1e5, gamma: 0.2 },
  flows: ['S -> I: beta*S*I/N', 'I -> : gamma*I'],
  conditions: [
    { on: 't = 0', equation: 'S = N - 10' },
    { on: 't = 0', equation: 'I = 10' },
  ],
};

// The rate falls to a third within a few days.
const actual = problem({
  ...model,
  name: 'outbreak',
  functions: { beta: '0.16 + 0.34/(1 + exp((t - 24)/1.5))' },
});
const integrated = await reference(actual);
if (!integrated.available) throw new Error(integrated.reason);
const days = Float64Array.from({ length: 61 }, (_, day) => day);
const { S, I } = integrated.evaluate(days);
const beta = days.map((t) => 0.16 + 0.34 / (1 + Math.exp((t - 24) / 1.5)));
const Rt = beta.map((rate, n) => (rate * S[n]) / (0.2 * 1e5));

// Prevalence with noise of 3% of the peak is all that is seen.
const noise = 0.03 * Math.max(...I);
const observed = problem({
  ...model,
  name: 'outbreak-observed',
  // The exponential of an unknown function is positive whatever the function is.
  fields: { logBeta: { of: ['t'], unknown: true } },
  functions: { beta: 'exp(logBeta)' },
  data: [
    {
      rows: Array.from(days, (day, n) => ({ day, infected: I[n] })),
      at: { t: 'day' },
      observe: { I: 'infected' },
      noise,
    },
  ],
});
const outbreak = withObservedValues(observed, simulateObservations(observed, [I], {}, 1));

const network = await solve(outbreak, { seed: 1, network: '10x2', timeLimit: 30 });
const spline = timeVarying(outbreak, { times: days, report: { beta: 'beta', Rt: 'beta*S/(gamma*N)' } });
const byNetwork = {
  beta: network.evaluate('beta', days),
  Rt: network.evaluate('beta*S/(gamma*N)', days),
};

console.log('day   R(t)   network   spline   95% band');
for (const n of [0, 6, 12, 18, 21, 24, 27, 30, 36, 42, 48, 54, 60]) {
  const { value, low, high } = spline.curves.Rt;
  const numbers = [Rt[n], byNetwork.Rt[n], value[n]].map((x) => x.toFixed(2).padStart(7)).join('  ');
  console.log(`${String(n).padStart(3)}${numbers}   ${low[n].toFixed(2)} to ${high[n].toFixed(2)}`);
}

/** Where at least a tenth of the peak is infected, the data say something of the rate. */
const informed = [...days.keys()].filter((n) => I[n] > 0.1 * Math.max(...I));
const error = (found: Float64Array, truth: Float64Array): string => {
  const square = informed.reduce((sum, n) => sum + (found[n] - truth[n]) ** 2, 0);
  const total = informed.reduce((sum, n) => sum + truth[n] ** 2, 0);
  return `${(100 * Math.sqrt(square / total)).toFixed(1)}%`;
};
const inside = informed.filter(
  (n) => Rt[n] >= spline.curves.Rt.low[n] && Rt[n] <= spline.curves.Rt.high[n],
).length;
console.log(`\nrelative error on days ${informed[0]} to ${informed[informed.length - 1]}`);
console.log(
  `network: beta(t) ${error(byNetwork.beta, beta)}, R(t) ${error(byNetwork.Rt, Rt)}, ${network.run.seconds.toFixed(1)} s`,
);
console.log(
  `spline:  beta(t) ${error(spline.curves.beta.value, beta)}, R(t) ${error(spline.curves.Rt.value, Rt)}, ` +
    `${inside} of ${informed.length} days in the band`,
);
