import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compartmentModel,
  compartmentModels,
  herdImmunityThreshold,
  nextGeneration,
  reproductionNumber,
} from '../../src/epidemiology/index.ts';
import { evaluateConstant } from '../../src/expression/evaluate.ts';
import { parseExpression } from '../../src/expression/parse.ts';
import { constantScope } from '../../src/problem/declarations.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { modelNames, randomModel, reproductionNumbersByHand } from './random-models.ts';

const seeds = fc.integer({ min: 0, max: 1e6 });

function expectClose(found: number, expected: number, tolerance = 1e-11): void {
  if (Number.isFinite(expected)) expect(Math.abs(found - expected)).toBeLessThan(tolerance * (1 + expected));
  else expect(found).toBe(expected);
}

function flows(
  flows: string[],
  constants: Record<string, number>,
  initial: Record<string, number>,
  more = {},
) {
  const definition: ProblemDefinition = {
    name: 'model',
    domain: { t: [0, 10] },
    constants,
    flows,
    conditions: Object.entries(initial).map(([name, n]) => ({ on: 't = 0', equation: `${name} = ${n}` })),
    ...more,
  };
  return problem(definition);
}

describe.each(modelNames)('%s', (name) => {
  test('has the reproduction numbers worked out by hand, at random rates', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { rates, problem: model } = randomModel(name, seed);
        const expected = reproductionNumbersByHand[name](rates);
        const found = nextGeneration(model);
        expectClose(found.reproductionNumber, Math.max(...expected));
        expect(found.strains).toHaveLength(expected.length);
        found.strains.forEach((strain, i) => void expectClose(strain.reproductionNumber, expected[i]));
      }),
      { numRuns: 10 },
    );
  });

  test('has the reproduction numbers that its catalogue entry states', () => {
    const { rates } = randomModel(name, 5);
    const forms = Object.values(compartmentModels[name].reproductionNumbers);
    const stated = forms.map((text) =>
      evaluateConstant(parseExpression(text, constantScope(new Map(Object.entries(rates))), 'form')),
    );
    const expected = reproductionNumbersByHand[name](rates).filter(Number.isFinite);
    stated.forEach((value, i) => void expectClose(value, expected[i]));
    expect(stated).toHaveLength(expected.length);
  });

  test('grows when rare exactly where R0 is above 1', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const found = nextGeneration(randomModel(name, seed).problem);
        expect(Math.sign(found.growthRate)).toBe(Math.sign(found.reproductionNumber - 1));
      }),
      { numRuns: 10 },
    );
  });
});

describe('the next-generation matrix', () => {
  test('of two groups is that worked out by hand', () => {
    const { rates, options, problem: model } = randomModel('two-age-group SIR', 3);
    const { N1, N2 } = options.population as Record<string, number>;
    const { beta11, beta12, beta21, beta22, gamma } = rates;
    const { matrix } = nextGeneration(model);
    const expected = [
      [beta11 / gamma, (beta12 * N1) / N2 / gamma],
      [(beta21 * N2) / N1 / gamma, beta22 / gamma],
    ];
    expected.flat().forEach((value, k) => {
      expectClose(matrix!.flat()[k], value);
    });
  });

  // section 4.1 of van den Driessche & Watmough (2002): failed treatment returns to the latent stage
  test('of the tuberculosis model with treatment gives the published threshold', () => {
    const c = { N: 1, beta1: 0.9, beta2: 0.4, d: 0.02, nu: 0.15, r1: 0.3, r2: 0.25, p: 0.35 };
    const model = flows(
      [
        ' -> S: d*N',
        'S -> E: beta1*S*I/N',
        'T -> E: beta2*T*I/N',
        'E -> I: nu*E',
        'E -> T: r1*E',
        'I -> E: p*r2*I',
        'I -> T: (1 - p)*r2*I',
        ...['S', 'E', 'I', 'T'].map((name) => `${name} -> : d*${name}`),
      ],
      c,
      { S: 0.99, E: 0, I: 0.01, T: 0 },
    );
    const found = nextGeneration(model);
    expect(found.infected).toEqual(['E', 'I']);
    const expected = (c.beta1 * c.nu) / ((c.d + c.nu + c.r1) * (c.d + c.r2) - c.nu * c.p * c.r2);
    expectClose(found.reproductionNumber, expected);
  });

  test('of a vector-borne disease: the square root of the product of both ways (Ross & Macdonald)', () => {
    const c = { a: 0.3, b: 0.4, c: 0.2, r: 0.05, m: 0.1, H: 1000, V: 5000 };
    const model = flows(
      [
        'Sh -> Ih: a*b*Sh*Iv/H',
        'Ih -> Sh: r*Ih',
        ' -> Sv: m*V',
        'Sv -> Iv: a*c*Sv*Ih/H',
        'Sv -> : m*Sv',
        'Iv -> : m*Iv',
      ],
      c,
      { Sh: 999, Ih: 1, Sv: 5000, Iv: 0 },
    );
    const found = nextGeneration(model);
    expect(found.infected).toEqual(['Ih', 'Iv']);
    expect(found.strains).toHaveLength(1);
    expectClose(found.reproductionNumber, Math.sqrt((c.a ** 2 * c.b * c.c * (c.V / c.H)) / (c.r * c.m)));
  });

  test('of cholera: infection from people and from water add up (Tien & Earn 2010)', () => {
    const c = { N: 100, bI: 0.2, bW: 0.4, gamma: 0.25, xi: 0.01, alpha: 2 };
    const model = flows(
      ['S -> I: bI*S*I/N + bW*W*S', 'I -> R: gamma*I', ' -> W: xi*I', 'W -> : alpha*W'],
      c,
      { S: 99, I: 1, R: 0, W: 0 },
    );
    const found = nextGeneration(model);
    expect(found.infected).toEqual(['I', 'W']);
    expectClose(found.reproductionNumber, (c.bI + (c.bW * c.N * c.xi) / c.alpha) / c.gamma);
  });

  test('where the size of the population is a function, and births come from everybody', () => {
    const model = flows(
      [
        ' -> S: mu*N',
        'S -> E: beta*S*I/N',
        'E -> I: sigma*E',
        'I -> R: gamma*I',
        ...['S', 'E', 'I', 'R'].map((name) => `${name} -> : mu*${name}`),
      ],
      { beta: 0.8, sigma: 0.3, gamma: 0.2, mu: 0.05 },
      { S: 500, E: 0, I: 1, R: 20 },
      { functions: { N: 'S + E + I + R' } },
    );
    expectClose(reproductionNumber(model), (0.8 * 0.3) / (0.35 * 0.25));
    expectClose(nextGeneration(model).state.S, 521);
  });

  test('where the susceptible grow logistically, to their carrying capacity', () => {
    const model = flows(
      [' -> S: r*S*(1 - S/K)', 'S -> I: beta*S*I', 'I -> : gamma*I'],
      { r: 0.4, K: 300, beta: 0.002, gamma: 0.3 },
      { S: 50, I: 1 },
    );
    expectClose(reproductionNumber(model), (0.002 * 300) / 0.3);
  });

  // those born infected: F holds them in van den Driessche & Watmough's reading, the threshold is the same
  test('counts births of infected as transitions, or as new infections where told', () => {
    const births = ['S', 'I', 'R'].map((name) => `${name} -> : mu*${name}`);
    const model = flows(
      ['-> S: mu*(S + R) + (1 - q)*mu*I', '-> I: q*mu*I', 'S -> I: beta*S*I/N', 'I -> R: gamma*I', ...births],
      { N: 100, mu: 0.1, q: 0.3, beta: 2, gamma: 0.4 },
      { S: 99, I: 1, R: 0 },
    );
    expectClose(reproductionNumber(model), 2 / (0.5 - 0.03));
    const newInfections = ['S -> I', '-> I'];
    expectClose(reproductionNumber(model, {}, { newInfections }), (2 + 0.03) / 0.5);
  });

  test('is the same for flows and for the equations they stand for', () => {
    for (const name of modelNames) {
      const { problem: model, rates } = randomModel(name, 11);
      const fields = model.fields.map((field) => field.name);
      const written = problem({
        name: 'written out',
        domain: { t: [0, 40] },
        constants: { ...rates, ...Object.fromEntries(model.constants) },
        fields,
        equations: model.equations.map(({ text }) => text),
        conditions: model.definition.conditions,
      });
      expectClose(reproductionNumber(written), reproductionNumber(model));
    }
  });

  test('takes infected compartments and a state without disease that are given', () => {
    const { problem: model, rates } = randomModel('SEIR', 1);
    const found = nextGeneration(model, {}, { infected: ['E', 'I'], diseaseFree: { S: 10, R: 5 } });
    const N = model.constants.get('N')!;
    expectClose(found.reproductionNumber, ((rates.beta / rates.gamma) * 10) / N);
  });

  test('takes values for the unknowns of a problem or of a definition whose data are not read', () => {
    const definition = compartmentModel('SIR', {
      population: 763,
      initial: { I: 3 },
      duration: 13,
      parameters: { beta: { initial: 1 }, gamma: { initial: 1 } },
      data: { file: 'elsewhere.csv' },
      observe: { I: 'in_bed' },
    });
    expectClose(reproductionNumber(definition, { beta: 1.7, gamma: 0.45 }), 1.7 / 0.45);
    const read = problem(definition, { readText: () => 't,in_bed\n1,3\n2,8\n3,26\n' });
    expectClose(reproductionNumber(read, { beta: 1.7, gamma: 0.45 }), 1.7 / 0.45);
    expect(() => reproductionNumber(read, { beta: 1.7 })).toThrow(/`gamma` has no value/);
    expect(() => reproductionNumber(read, { beta: 1.7, gama: 1 })).toThrow(/`gama` is not an unknown/);
    expect(() => reproductionNumber(definition, { beta: 1.7 })).toThrow(/`gamma` has no value/);
  });
});

describe('a reproduction number is refused', () => {
  test('where nothing is an infection', () => {
    const decay = flows(['A -> B: k*A'], { k: 1 }, { A: 1, B: 0 });
    expect(() => reproductionNumber(decay)).toThrow(/no flow of the model is an infection/);
  });

  test('where infection comes from outside', () => {
    const imported = flows(
      ['S -> I: beta*S*I', ' -> I: k', 'I -> R: I'],
      { k: 1, beta: 2 },
      { S: 1, I: 0, R: 0 },
    );
    expect(() => reproductionNumber(imported)).toThrow(/` *-> I` goes on when nobody is infected/);
  });

  test('where the population grows without end', () => {
    const growing = flows([' -> S: b*S', 'S -> I: beta*S*I', 'I -> : I'], { b: 1, beta: 2 }, { S: 1, I: 0 });
    expect(() => reproductionNumber(growing)).toThrow(/diseaseFree/);
    expectClose(reproductionNumber(growing, {}, { diseaseFree: { S: 3 } }), 6);
  });

  test('where a name is not in the model', () => {
    const { problem: sir } = randomModel('SIR', 1);
    expect(() => nextGeneration(sir, {}, { infected: ['J'] })).toThrow(/`J` is no compartment/);
    expect(() => nextGeneration(sir, {}, { newInfections: ['I -> S'] })).toThrow(/no flow `I -> S`/);
    expect(() => nextGeneration(sir, {}, { diseaseFree: { S: 5, I: 1 } })).toThrow(/somebody is infected/);
    expect(() => nextGeneration(sir, {}, { diseaseFree: { S: -5 } })).toThrow(/no number of people/);
  });
});

test('the herd immunity threshold leaves each infection one successor', () => {
  expect(herdImmunityThreshold(0.7)).toBe(0);
  expect(herdImmunityThreshold(1)).toBe(0);
  expect(herdImmunityThreshold(4)).toBe(0.75);
  expect(herdImmunityThreshold(Number.POSITIVE_INFINITY)).toBe(1);
  expect(() => herdImmunityThreshold(-1)).toThrow(/no reproduction number/);
  // vaccinating that share at birth brings the controlled reproduction number to 1
  fc.assert(
    fc.property(seeds, (seed) => {
      const {
        problem: without,
        rates,
        options,
      } = randomModel('SIR with births and deaths', seed, { beta: 2 });
      const p = herdImmunityThreshold(reproductionNumber(without));
      const model = compartmentModel('SIR with vaccination', { ...options, parameters: { ...rates, p } });
      expectClose(reproductionNumber(model), Math.min(1, reproductionNumber(without)), 1e-10);
    }),
    { numRuns: 20 },
  );
});
