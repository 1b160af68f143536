import { describe, expect, it } from 'vitest';
import { InterruptedError, ProblemError } from '../../src/errors.ts';
import { estimate, shoot } from '../../src/estimate/index.ts';
import { scatteredStarts, withStart } from '../../src/estimate/starting-values.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';

/** Boys in bed in an English boarding school: British Medical Journal, 4 March 1978, p. 587. */
const inBed = [3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4];

const influenza = problem({
  name: 'influenza-1978',
  domain: { t: [0, 13] },
  fields: ['S', 'I', 'R'],
  constants: { N: 763 },
  unknowns: { beta: { initial: 1, min: 0 }, gamma: { initial: 1, min: 0 } },
  equations: ['dS/dt = -beta*S*I/N', 'dI/dt = beta*S*I/N - gamma*I', 'dR/dt = gamma*I'],
  conditions: [
    { on: 't = 0', equation: 'S = 760' },
    { on: 't = 0', equation: 'I = 3' },
    { on: 't = 0', equation: 'R = 0' },
  ],
  data: [{ rows: inBed.map((boys, day) => ({ day, boys })), at: { t: 'day' }, observe: { I: 'boys' } }],
  derived: { R0: 'beta/gamma' },
});

const network = { threads: 1 };

/** u = 1/(1 − a t): explodes before t = 1 where a > 1. */
const explosive: ProblemDefinition = {
  name: 'explosive',
  domain: { t: [0, 1] },
  fields: ['u'],
  unknowns: { a: { initial: 0.4, min: 0 } },
  equations: ['du/dt = a*u^2'],
  conditions: [{ on: 't = 0', equation: 'u = 1' }],
  data: [
    {
      rows: [0.2, 0.4, 0.6, 0.8, 1].map((t, i) => ({ t, u: 1 / (1 - 0.5 * t) + 0.01 * (-1) ** i })),
      at: { t: 't' },
      observe: { u: 'u' },
    },
  ],
};

describe('estimation by a network and by shooting', () => {
  // Independent: SciPy 1.17.1, least_squares over solve_ivp(DOP853, rtol=1e-11).
  const expectOptimum = (result: Awaited<ReturnType<typeof estimate>>): void => {
    expect(result.parameters.beta.value).toBeCloseTo(1.69979939, 5);
    expect(result.parameters.gamma.value).toBeCloseTo(0.4468659, 5);
    expect(result.sumOfSquares).toBeCloseTo(3874.3573, 2);
    expect(result.derived.R0.value).toBeCloseTo(3.803824, 4);
    expect(result.parameters.beta.low).toBeCloseTo(1.634914, 4);
  };

  it('agree on the optimum', async () => {
    const both = await estimate(influenza, { seed: 1, network });
    expectOptimum(both);
    expect(both.stages.slice(0, 3).map(({ stage }) => stage)).toEqual([
      'network',
      'shooting from the network',
      'shooting from the start',
    ]);
    expect(both.stages[2].distance).toBeLessThan(1e-3);
    expect(both.agreement).toMatch(/same values/);
    const shooting = await estimate(influenza, { method: 'shooting' });
    expectOptimum(shooting);
    expect(shooting.aic).toBeCloseTo(both.aic!, 6);
    const pinn = await estimate(influenza, { method: 'pinn', seed: 1, network, timeLimit: 20 });
    expect(pinn.parameters.beta.value).toBeCloseTo(1.6998, 3);
    expect(pinn.parameters.gamma.value).toBeCloseTo(0.44687, 3);
    expect(pinn.from).toBe('network');
    expect(pinn.stages[1].distance).toBeLessThan(0.05);
    expect(pinn.agreement).toMatch(/the estimates are those of the network; .*shooting from the network/);
    // Three parameters, one of them the noise's: 2k + n (1 + ln 2π + ln(SS/n)).
    const n = inBed.length;
    expect(both.aic).toBeCloseTo(6 + n * (1 + Math.log((2 * Math.PI * both.sumOfSquares!) / n)), 6);
  });

  it('find it together from a start that leads shooting astray', async () => {
    // Everybody is infected at once: the sum of squares is flat in β beyond.
    const start = { beta: 15.4, gamma: 0.0908 };
    expect(shoot(influenza, { start, maxIterations: 40 }).sumOfSquares).toBeGreaterThan(1e5);
    expectOptimum(await estimate(influenza, { start, seed: 2, network }));
  });

  it('look for further maxima of the likelihood, and name those they find', async () => {
    // Two latent periods explain the counts: an hour, which is nearly SIR, and more than a day.
    const seir = problem({
      name: 'SEIR',
      domain: { t: [0, 13] },
      constants: { N: 763 },
      unknowns: {
        beta: { initial: 2, min: 0 },
        sigma: { initial: 2, min: 0 },
        gamma: { initial: 0.5, min: 0 },
      },
      flows: ['S -> E: beta*S*I/N', 'E -> I: sigma*E', 'I -> R: gamma*I'],
      conditions: ['S = 760', 'E = 0', 'I = 3', 'R = 0'].map((equation) => ({ on: 't = 0', equation })),
      data: influenza.definition.data,
    });
    const { estimates, sumOfSquares } = shoot(seir);
    expect(estimates.sigma.value).toBeGreaterThan(10);
    const result = await estimate(seir, { network });
    expect(result.parameters.sigma.value).toBeCloseTo(0.7694, 3);
    expect(result.sumOfSquares).toBeLessThan(0.9 * sumOfSquares);
    expect(result.agreement).toMatch(/another maximum, .* lies at beta = 1\.817, sigma = 19\.37/);
  });

  it('repeat with the same seed', async () => {
    const options = { seed: 5, network, start: { beta: 5, gamma: 2 } };
    const [first, second] = [await estimate(influenza, options), await estimate(influenza, options)];
    expect(second.stages[0].values).toEqual(first.stages[0].values);
    expect(second.parameters).toEqual(first.parameters);
  });

  it('go on where one of the ways fails, and say why', async () => {
    const result = await estimate(problem(explosive), { start: { a: 3 }, seed: 1, network });
    expect(result.parameters.a.value).toBeCloseTo(shoot(problem(explosive)).estimates.a.value, 6);
    const fromStart = result.stages.find(({ stage }) => stage === 'shooting from the start')!;
    expect(fromStart.failure).toMatch(/t = 0\.3/);
    expect(result.agreement).toMatch(/shooting from the start failed/);
  });

  it('leave the network alone where there is no initial value problem', async () => {
    const rows = [0.1, 0.3, 0.5, 0.7, 0.9].map((x) => ({ x, u: x * (1 - x) }));
    const result = await estimate(
      problem({
        name: 'load',
        domain: { x: [0, 1] },
        fields: ['u'],
        unknowns: { load: { initial: 1 } },
        equations: ["u'' = -load"],
        conditions: [{ on: 'boundary', equation: 'u = 0' }],
        data: [{ rows, at: { x: 'x' }, observe: { u: 'u' } }],
      }),
      { network, timeLimit: 2 },
    );
    expect(result.parameters.load.value).toBeCloseTo(2, 3);
    expect(result.parameters.load.low).toBeNull();
    expect(result.stages[0].failure).toMatch(/no intervals/);
    expect(result.solution).toBeDefined();
  });

  it('refuse starts that cannot be, and end when they are told to', async () => {
    await expect(estimate(influenza, { start: { beta: -1 } })).rejects.toThrow(ProblemError);
    await expect(estimate(influenza, { start: { alpha: 1 } })).rejects.toThrow(/unknowns are beta, gamma/);
    const signal = AbortSignal.abort();
    await expect(estimate(influenza, { signal, network })).rejects.toThrow(InterruptedError);
    await expect(estimate(influenza, { signal, method: 'shooting' })).rejects.toThrow(InterruptedError);
  });
});

describe('starting values', () => {
  it('stand in the problem and in its definition', () => {
    const moved = withStart(influenza, { beta: 4 });
    expect(moved.unknowns.map(({ initial }) => initial)).toEqual([4, 1]);
    expect(problem(moved.definition).unknowns).toEqual(moved.unknowns);
    expect(influenza.unknowns[0].initial).toBe(1);
  });

  it('are scattered evenly on a logarithmic scale, within the bounds', () => {
    const starts = scatteredStarts(influenza, { count: 400, spread: 10, seed: 3 });
    const logs = starts.map(({ beta }) => Math.log10(beta));
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...logs)).toBeLessThanOrEqual(1);
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    expect(Math.abs(mean)).toBeLessThan((4 * (1 / Math.sqrt(3))) / Math.sqrt(400));
    expect(logs.filter((value) => value < 0).length).toBeGreaterThan(150);
  });
});
