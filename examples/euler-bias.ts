/**
 * Daily data made by Euler's method obey x[n+1] = x[n] + f(x[n]), not x' = f(x): which model finds the rates that made
 * them, and by how much does the other one miss them? Run: npx tsx examples/euler-bias.ts
 */
import {
  fitEulerMap,
  iterateEulerMap,
  type ProblemDefinition,
  problem,
  reference,
  shoot,
  withObservedValues,
} from 'ansatz';

const rates: Record<string, number> = { beta: 1.1, gamma: 0.5 };
const names = ['S', 'I', 'R'];
const sir: ProblemDefinition = {
  name: 'sir',
  domain: { t: [0, 29] },
  fields: names,
  equations: ['dS/dt = -beta*S*I', 'dI/dt = beta*S*I - gamma*I', 'dR/dt = gamma*I'],
  conditions: ['S = 0.95', 'I = 0.05', 'R = 0'].map((equation) => ({ on: 't = 0', equation })),
};
const known = problem({ ...sir, constants: rates });
const flow = await reference(known);
if (!flow.available) throw new Error(flow.reason);

for (const last of [9, 29]) {
  const days = Array.from({ length: last + 1 }, (_, t) => t);
  const unknown = { initial: 0.7, min: 0, max: 10 };
  const empty = problem({
    ...sir,
    unknowns: { beta: unknown, gamma: unknown },
    data: [
      {
        rows: days.map((t) => ({ t, S: 0, I: 0, R: 0 })),
        at: { t: 't' },
        observe: { S: 'S', I: 'I', R: 'R' },
      },
    ],
  });
  const exact = flow.evaluate(Float64Array.from(days));
  const made: Record<string, Record<string, ArrayLike<number>>> = {
    "Euler's method, one day a step": iterateEulerMap(known, { step: 1 }).fields,
    "Euler's method, a tenth of a day": Object.fromEntries(
      Object.entries(iterateEulerMap(known, { step: 0.1 }).fields).map(([name, values]) => [
        name,
        values.filter((_, n) => n % 10 === 0),
      ]),
    ),
    'the exact flow': exact,
  };
  for (const [origin, columns] of Object.entries(made)) {
    const seen = withObservedValues(
      empty,
      names.map((name) => Float64Array.from(days, (t) => columns[name][t])),
    );
    const shot = shoot(seen);
    const fits: Record<string, Record<string, number>> = {
      differential: { beta: shot.estimates.beta.value, gamma: shot.estimates.gamma.value },
      difference: { ...fitEulerMap(seen, { step: 1 }).estimates },
    };
    for (const [model, found] of Object.entries(fits)) {
      const words = Object.entries(found).map(([name, value]) => {
        const miss = value / rates[name] - 1;
        const percent = Math.abs(miss) < 1e-6 ? miss.toExponential(0) : `${(100 * miss).toFixed(2)}%`;
        return `${name} ${value.toFixed(5)} (${percent})`;
      });
      const ratio = found.beta / found.gamma / (rates.beta / rates.gamma) - 1;
      console.log(
        `days 0 to ${last}, ${origin}, ${model} equation: ${words.join(', ')}, R0 ${(100 * ratio).toFixed(2)}%`,
      );
    }
  }
}
