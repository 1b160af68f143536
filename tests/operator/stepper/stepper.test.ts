import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../../src/errors.ts';
import { stepperErrors, trainStepper } from '../../../src/operator/index.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';

const decay: ProblemDefinition = {
  name: 'driven-decay',
  domain: { t: [0, 2] },
  fields: ['y'],
  inputs: { v: { of: 't', space: 'gaussian-random-field', lengthScale: 1 } },
  equations: ['dy/dt = -y + v'],
  conditions: [{ on: 't = 0', equation: 'y = 0' }],
};
const logistic: ProblemDefinition = {
  ...decay,
  name: 'logistic',
  functions: { rate: '1 + v/2' },
  equations: ['dy/dt = rate*y*(1 - y)'],
  conditions: [{ on: 't = 0', equation: 'y = 0.1' }],
};
const pendulum: ProblemDefinition = {
  ...decay,
  name: 'pendulum',
  fields: ['theta', 'omega'],
  equations: ['dtheta/dt = omega', 'domega/dt = -sin(theta) + v'],
  conditions: [
    { on: 't = 0', equation: 'theta = 0' },
    { on: 't = 0', equation: 'omega = 0' },
  ],
};
const quick = { threads: 1, testFunctions: 10 } as const;

describe('a stepper of a linear equation', async () => {
  const stepper = await trainStepper(problem(decay), {
    step: 0.25,
    states: { y: [-3, 3] },
    functions: 60,
    sensors: 14,
    ...quick,
  });

  it('is linear, and follows the closed form over a hundred steps', () => {
    expect(stepper.operator.run.branch).toBe('linear');
    const { times, states } = stepper.run({ y: 0.5 }, { v: 'sin(t)' }, { steps: 100 });
    // y' = -y + sin t, y(0) = 1/2: y = e^-t + (sin t - cos t)/2.
    times.forEach((t, k) => {
      expect(Math.abs(states.y[k] - (Math.exp(-t) + (Math.sin(t) - Math.cos(t)) / 2))).toBeLessThan(1e-6);
    });
  });

  it('goes on from where it stopped as if it had not', () => {
    const v = (t: number): number => Math.cos(1.3 * t);
    const whole = stepper.run({ y: 1 }, { v }, { steps: 20 });
    const first = stepper.run({ y: 1 }, { v }, { steps: 12 });
    const rest = stepper.run({ y: first.states.y[12] }, { v }, { steps: 8, from: first.times[12] });
    rest.states.y.forEach((value, k) => void expect(value).toBeCloseTo(whole.states.y[12 + k], 10));
  });

  it('takes text, a JavaScript function and many at once alike', () => {
    const options = { steps: 10 };
    const text = stepper.run({ y: 1 }, { v: 'cos(t)/2' }, options).states.y;
    const both = stepper.runAll(
      [
        { start: { y: 1 }, inputs: { v: (t: number) => Math.cos(t) / 2 } },
        { start: { y: 0 }, inputs: { v: 0 } },
      ],
      options,
    );
    both[0].states.y.forEach((value, k) => void expect(value).toBeCloseTo(text[k], 10));
    both[1].states.y.forEach((value) => void expect(value).toBeCloseTo(0, 6));
  });

  it('says where state or force leave what was trained on, with numbers', () => {
    const calm = stepper.run({ y: 1 }, { v: 'sin(t)' }, { steps: 5 });
    expect(calm.warnings).toEqual([]);
    const wild = stepper.run({ y: 4 }, { v: '30*sin(t)' }, { steps: 5 });
    expect(wild.warnings.join('\n')).toMatch(/y = 4 at 0 lies outside the trained range \[-3, 3\]/);
    expect(wild.warnings.join('\n')).toMatch(/v lies outside the trained range: .*\d/);
  });

  it('refuses states and functions that do not fit', () => {
    const steps = { steps: 3 };
    const v = 'sin(t)';
    expect(() => stepper.run({}, { v }, steps)).toThrow(/the state has no `y`/);
    expect(() => stepper.run({ y: 1, z: 0 }, { v }, steps)).toThrow(/`z` is no field/);
    expect(() => stepper.run({ y: 1 }, {}, steps)).toThrow(/the input function `v` is missing/);
    expect(() => stepper.run({ y: 1 }, { v: [1, 2, 3] }, steps)).toThrow(/whole horizon/);
    expect(() => stepper.run({ y: 1 }, { v: () => Number.NaN }, steps)).toThrow(/is NaN at 0/);
    expect(() => stepper.run({ y: 1 }, { v, w: '1' }, steps)).toThrow(/`w` is no input function/);
    expect(() => stepper.run({ y: 1 }, { v }, { steps: 0 })).toThrow(ProblemError);
  });
});

describe('a stepper of a nonlinear equation', () => {
  it('errs over a hundred steps of logistic growth by less than linear growth from its first steps allows', async () => {
    const stepper = await trainStepper(problem(logistic), {
      step: 0.5,
      states: { y: [0.02, 1.1] },
      functions: 256,
      ...quick,
    });
    const { fields } = await stepperErrors(stepper, { steps: 100, start: { y: 0.1 }, functions: 4, seed: 3 });
    expect(fields.y.exponent).toBeLessThan(1);
    expect(fields.y.worst[100]).toBeLessThan(1e-3);
    expect(Math.max(...fields.y.worst)).toBeLessThan(1e-2);
  }, 60_000);

  it('knows an angle to be the same a turn further', async () => {
    const stepper = await trainStepper(problem(pendulum), {
      step: 0.2,
      states: { theta: [-3.3, 3.3], omega: [-3, 3] },
      periods: { theta: 2 * Math.PI },
      functions: 128,
      ...quick,
    });
    const at = (theta: number) => stepper.run({ theta, omega: 1 }, { v: 'sin(t)' }, { steps: 20 });
    const [here, there] = [at(0.5), at(0.5 + 6 * Math.PI)];
    expect(there.warnings).toEqual([]);
    here.states.theta.forEach(
      (value, k) => void expect(there.states.theta[k] - 6 * Math.PI).toBeCloseTo(value, 8),
    );
  }, 60_000);
});

describe('problems that have no such step', () => {
  const refused = (definition: ProblemDefinition, options = {}) =>
    expect(trainStepper(problem(definition), { step: 0.1, states: { y: [0, 1] }, ...options })).rejects;

  it('are refused with what would be right', async () => {
    await refused({ ...decay, equations: ['dy/dt = -t*y + v'] }).toThrow(/`t` stands in an equation/);
    await refused({
      ...decay,
      equations: ["y'' = -y + v"],
      conditions: [...decay.conditions!, { on: 't = 0', equation: "y' = 0" }],
    }).toThrow(NotSupportedError);
    await refused({ ...decay, conditions: [{ on: 't = 2', equation: 'y = 0' }] }).toThrow(/not all initial/);
    await refused({
      ...decay,
      inputs: { v: { of: 't', space: 'chebyshev' } },
    }).toThrow(/not alike in all windows/);
    const { inputs: _, ...plain } = decay;
    await refused({ ...plain, equations: ['dy/dt = -y'] }).toThrow(/no input functions/);
  });

  it('options that make no sense are refused', async () => {
    await refused(decay, { step: 3 }).toThrow(/no length of a step/);
    await refused(decay, { states: { y: [1, 0] } }).toThrow(/no range of states for y/);
    await refused(decay, { periods: { y: 2 } }).toThrow(/does not hold a whole turn/);
  });
});
