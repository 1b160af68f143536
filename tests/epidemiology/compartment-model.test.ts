import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CompartmentModelName,
  type CompartmentModelOptions,
  compartmentModel,
  compartmentModels,
  conservationOfPeople,
  reproductionNumber,
} from '../../src/epidemiology/index.ts';
import { ProblemError } from '../../src/errors.ts';
import { problem } from '../../src/problem/index.ts';
import { type AvailableReference, reference } from '../../src/reference/index.ts';
import { modelNames, randomModel } from './random-models.ts';

const open: readonly CompartmentModelName[] = ['SIR with births and deaths', 'SIR with vaccination'];

const sir: CompartmentModelOptions = {
  population: 763,
  initial: { I: 3 },
  duration: 13,
  parameters: { beta: 1.7, gamma: 0.45 },
};

describe.each(modelNames)('%s', (name) => {
  test('conserves people, by its flows and along its trajectories', async () => {
    const { problem: model, options } = randomModel(name, 4);
    expect(conservationOfPeople(model).kind).toBe(open.includes(name) ? 'balanced' : 'closed');
    const solution = (await reference(model, { target: 1e-8 })) as AvailableReference;
    expect(solution.available).toBe(true);
    const values = solution.evaluate(Float64Array.from([0, 1, 10, 40]));
    for (const [population, members] of Object.entries(compartmentModels[name].populations)) {
      const size = (options.population as Record<string, number>)[population];
      for (let i = 0; i < 4; i++) {
        const people = members.reduce((sum, member) => sum + values[member][i], 0);
        expect(Math.abs(people / size - 1)).toBeLessThan(1e-8);
        for (const member of members) expect(values[member][i]).toBeGreaterThan(-1e-6 * size);
      }
    }
  });

  test('states a source, and what every parameter means', () => {
    expect(compartmentModels[name].source).toMatch(/\d{4}/);
    for (const { meaning } of Object.values(compartmentModels[name].parameters))
      expect(meaning).toMatch(/\S/);
  });
});

describe('a compartment model in short notation', () => {
  test('is the problem written out', () => {
    expect(compartmentModel('SIR', { ...sir, name: 'influenza', title: 'Influenza' })).toEqual({
      name: 'influenza',
      title: 'Influenza',
      source: 'Kermack & McKendrick, Proc. R. Soc. Lond. A 115 (1927) 700-721',
      domain: { t: [0, 13] },
      constants: { N: 763, beta: 1.7, gamma: 0.45 },
      flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I'],
      conditions: [
        { on: 't = 0', equation: 'S = N - 3' },
        { on: 't = 0', equation: 'I = 3' },
        { on: 't = 0', equation: 'R = 0' },
      ],
    });
  });

  test('has what is not known as unknowns, R0 derived from them, and everybody else susceptible', () => {
    const definition = compartmentModel('SEIR', {
      population: 1000,
      initial: { I: { initial: 2 }, E: 5 },
      start: 3,
      duration: 60,
      parameters: { beta: { initial: 0.5, max: 4 }, sigma: 0.2, gamma: { initial: 0.1, min: 0.01, max: 1 } },
      data: { rows: [4, 5, 6, 7, 8].map((t) => ({ t, sick: t })), noise: 2 },
      observe: { I: 'sick' },
    });
    const model = problem(definition);
    expect(model.unknowns.map(({ name, min, max }) => [name, min, max])).toEqual([
      ['beta', 0, 4],
      ['gamma', 0.01, 1],
      ['I0', 0, 1000],
    ]);
    expect(model.derived.map(({ name, text }) => [name, text])).toEqual([['R0', 'beta/gamma']]);
    expect(definition.conditions).toContainEqual({ on: 't = 3', equation: 'S = N - 5 - I0' });
    expect(definition.conditions).toContainEqual({ on: 't = 3', equation: 'I = I0' });
    expect(model.observations[0].count).toBe(5);
  });

  test('states no closed form that has no value', () => {
    const definition = compartmentModel('SIR with vaccination', {
      ...sir,
      parameters: { beta: { initial: 1 }, gamma: 0.4 },
      data: { rows: [{ t: 1, n: 5 }] },
      observe: { I: 'n' },
    });
    expect(definition.derived).toBeUndefined();
    expect(reproductionNumber(definition, { beta: 0.8 })).toBeCloseTo(2, 12);
  });

  test('takes rates that change with time, known or not', () => {
    const seasonal = compartmentModel('SIR', {
      ...sir,
      parameters: { beta: 'b0*(1 + a*cos(2*pi*t/365))', b0: 1.2, a: 0.1, gamma: 0.4 },
    });
    expect([...problem(seasonal).functions.keys()]).toEqual(['beta']);
    const free = compartmentModel('SIR', {
      ...sir,
      parameters: { beta: { unknown: true }, gamma: 0.4 },
      data: { rows: [{ t: 1, n: 5 }] },
      observe: { I: 'n' },
    });
    expect(free.fields).toEqual({ beta: { unknown: true } });
  });

  test('takes any flows, the rest of each population in its first compartment or in S', () => {
    const quarantine = compartmentModel(
      {
        flows: ['I -> Q: k*I', 'Q -> R: gamma*Q', 'I -> R: gamma*I', 'S -> I: beta*S*I/N'],
        closed: true,
      },
      { ...sir, parameters: { beta: 1, gamma: 0.3, k: 0.2 } },
    );
    expect(quarantine.conditions).toContainEqual({ on: 't = 0', equation: 'S = N - 3' });
    expect(conservationOfPeople(problem(quarantine)).kind).toBe('closed');
  });

  test('says by which flows the number of people changes', () => {
    const dying = compartmentModel(
      { flows: ['S -> I: beta*S*I/N', 'I -> : alpha*I'] },
      { ...sir, parameters: { beta: 1, alpha: 0.3 } },
    );
    expect(conservationOfPeople(problem(dying))).toMatchObject({ kind: 'open', openFlows: ['I ->'] });
  });

  test('starts with the whole population, whatever is given', () => {
    fc.assert(
      fc.property(
        fc.record({ E: fc.nat(300), I: fc.nat(300), R: fc.nat(300) }),
        fc.integer({ min: 900, max: 5000 }),
        (initial, population) => {
          const definition = compartmentModel('SEIR', {
            population,
            initial,
            duration: 1,
            parameters: { beta: 1, sigma: 1, gamma: 1 },
          });
          expect(definition.conditions).toContainEqual({
            on: 't = 0',
            equation: `S = N${Object.values(initial)
              .filter((n) => n > 0)
              .map((n) => ` - ${n}`)
              .join('')}`,
          });
          const given = { ...initial, S: population - initial.E - initial.I - initial.R };
          const full = compartmentModel('SEIR', {
            population,
            initial: given,
            duration: 1,
            parameters: { beta: 1, sigma: 1, gamma: 1 },
          });
          expect(full.conditions).toContainEqual({ on: 't = 0', equation: `S = ${given.S}` });
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('of the catalogue', () => {
  const folder = join(import.meta.dirname, '../../problems');
  test.each([
    [
      'seir',
      'SEIR',
      { population: 1000, initial: { I: 5 }, duration: 60 },
      { beta: 0.6, sigma: 0.3, gamma: 0.2 },
    ],
    [
      'two-age-groups',
      'two-age-group SIR',
      { population: { N1: 300, N2: 700 }, initial: { I1: 3 }, duration: 40 },
      { beta11: 0.7, beta12: 0.2, beta21: 0.1, beta22: 0.3, gamma: 0.25 },
    ],
  ] as const)('%s is the model in short notation', (name, model, options, parameters) => {
    const file = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    const written = compartmentModel(model, { ...options, name, parameters });
    expect(file).toEqual({ ...written, title: file.title });
  });
});

const wrong: [string, () => unknown, RegExp][] = [
  [
    'a misspelled model',
    () => compartmentModel('seir' as 'SEIR', sir),
    /no compartment model `seir`.*mean `SEIR`/,
  ],
  [
    'a parameter that is missing',
    () => compartmentModel('SEIR', sir),
    /`sigma`, the 1\/\(latent period\), is missing/,
  ],
  [
    'a parameter of another model',
    () => compartmentModel('SIR', { ...sir, parameters: { ...sir.parameters, sigma: 1 } }),
    /parameters\.sigma: the model has no parameter/,
  ],
  [
    'a negative rate',
    () => compartmentModel('SIR', { ...sir, parameters: { beta: -1, gamma: 1 } }),
    /parameters\.beta: -1 is no rate/,
  ],
  [
    'bounds that allow a negative rate',
    () => compartmentModel('SIR', { ...sir, parameters: { beta: { initial: 1, min: -1 }, gamma: 1 } }),
    /parameters\.beta: -1 is no rate/,
  ],
  [
    'a share above 1',
    () =>
      compartmentModel('SIR with vaccination', {
        ...sir,
        parameters: { ...sir.parameters, mu: 0.1, p: 1.5 },
      }),
    /parameters\.p: 1\.5 is above 1/,
  ],
  [
    'nobody',
    () => compartmentModel('SIR', { ...sir, population: 0 }),
    /population: 0 is no number of people/,
  ],
  [
    'one number for two groups',
    () =>
      compartmentModel('two-age-group SIR', {
        ...sir,
        parameters: { beta11: 1, beta12: 1, beta21: 1, beta22: 1, gamma: 1 },
      }),
    /one number for 2 populations.*N1/,
  ],
  [
    'a negative start',
    () => compartmentModel('SIR', { ...sir, initial: { I: -3 } }),
    /initial\.I: -3 is no number/,
  ],
  [
    'more infected than people',
    () => compartmentModel('SIR', { ...sir, initial: { I: 764 } }),
    /764 people at the start in a population of 763/,
  ],
  [
    'numbers that do not add up',
    () => compartmentModel('SIR', { ...sir, initial: { S: 700, I: 3 } }),
    /703 people at the start in a population of 763.*leave S out/,
  ],
  [
    'numbers that need not add up',
    () => compartmentModel('SIR', { ...sir, initial: { S: 760, I: { initial: 3 } } }),
    /leave S out/,
  ],
  [
    'a start elsewhere',
    () => compartmentModel('SIR', { ...sir, initial: { J: 3 } }),
    /`J` is no compartment/,
  ],
  ['no time', () => compartmentModel('SIR', { ...sir, duration: 0 }), /duration: 0 is no duration/],
  [
    'data of nothing',
    () => compartmentModel('SIR', { ...sir, data: { rows: [{ t: 1, n: 2 }] } }),
    /what the data observe is not said/,
  ],
  ['nothing observed', () => compartmentModel('SIR', { ...sir, observe: { I: 'n' } }), /no data/],
  [
    'a flow out of a closed model',
    () => compartmentModel({ flows: ['S -> I: S*I', 'I -> : I'], closed: true }, sir),
    /flows\[1\]: .*does not conserve people.*D for the dead/,
  ],
  [
    'a compartment without a flow',
    () => compartmentModel({ flows: ['S -> I: S*I'], compartments: ['S', 'I', 'R'] }, sir),
    /no flow goes from or to `R`/,
  ],
  [
    'a flow to a compartment that was not named',
    () => compartmentModel({ flows: ['S -> I: S*I', 'I -> R: I'], compartments: ['S', 'I'] }, sir),
    /name `R`, which is no compartment/,
  ],
  ['a flow that is none', () => compartmentModel({ flows: ['S I: S*I'] }, sir), /is not a flow/],
];

test.each(wrong)('%s is refused', (_, make, message) => {
  expect(make).toThrow(ProblemError);
  expect(make).toThrow(message);
});
