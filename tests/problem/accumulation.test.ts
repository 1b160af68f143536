import { describe, expect, it } from 'vitest';
import { leafKey, leavesOf } from '../../src/expression/expression.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { check, epidemic, type Row } from './refusal.ts';

/** du/dt = -u from u(0) = 1, of which the outflow is collected over spans of time. */
const outflow = (entry: object, extra: object = {}): ProblemDefinition => ({
  name: 'outflow',
  domain: { t: [0, 6] },
  fields: ['u'],
  unknowns: { rho: { initial: 0.5, min: 0, max: 1 } },
  equations: ['du/dt = -u'],
  conditions: [{ on: 't = 0', equation: 'u = 1' }],
  data: [
    {
      rows: [2, 4, 6].map((t) => ({ t, cases: 5 })),
      at: { t: 't' },
      observe: { 'rho*u': 'cases' },
      over: 2,
      ...entry,
    },
  ],
  ...extra,
});

describe('what is observed over spans of time', () => {
  it('is the difference of one accumulated field at the two ends of each span', () => {
    const { observations, fields, equations, conditions } = problem(outflow({}));
    const [{ expression, points, before, over }] = observations;
    expect(fields.at(-1)).toEqual({ name: 'cumulative_cases', of: [0], unknown: false, accumulated: true });
    expect(leavesOf([expression]).map(leafKey)).toEqual([
      'field:cumulative_cases:0:0',
      'field:cumulative_cases:0:1',
    ]);
    expect([...points]).toEqual([2, 4, 6]);
    expect([...before!]).toEqual([0, 2, 4]);
    expect(over).toBe(2);
    expect(equations.at(-1)!.text).toBe('dcumulative_cases/dt = rho*u');
    expect(conditions.at(-1)!.text).toBe('cumulative_cases = 0');
  });

  it('is the exact integral along a classical trajectory', async () => {
    const { observations, ...rest } = problem(outflow({}));
    const solved = await reference({ ...rest, observations }, { unknowns: { rho: 0.3 } });
    if (!solved.available) throw new Error(solved.reason);
    const at = (points: Float64Array) => solved.evaluate(points).cumulative_cases;
    const [{ points, before }] = observations;
    at(points).forEach((end, n) => {
      const exact = 0.3 * (Math.exp(-before![n]) - Math.exp(-points[n]));
      expect(end - at(before!)[n]).toBeCloseTo(exact, 9);
    });
  });

  it('is accumulated from where the conditions stand', () => {
    const { conditions } = problem(outflow({}, { conditions: [{ on: 't = 6', equation: 'u = 1' }] }));
    expect(conditions.at(-1)).toMatchObject({ planes: [{ coordinate: 0, value: 6, outward: 1 }] });
  });

  it('leaves out the spans whose cells are empty, and nothing else', () => {
    const rows = [1, 2, 3, 4].map((t) => ({ t, cases: t === 2 ? '' : t }));
    const [{ points, before, missing, count }] = problem(outflow({ rows, over: 1 })).observations;
    expect([...points]).toEqual([1, 3, 4]);
    expect([...before!]).toEqual([0, 2, 3]);
    expect({ missing, count }).toEqual({ missing: 1, count: 3 });
  });

  it('shares one field where the same expression is observed twice, and keeps names apart', () => {
    const entry = outflow({}).data![0];
    const twice = problem(
      outflow({}, { data: [entry, { ...entry, over: 1 }, { ...entry, observe: { u: 'cases' } }] }),
    );
    expect(twice.fields.map(({ name }) => name)).toEqual(['u', 'cumulative_cases', 'cumulative_cases_2']);
  });

  it('is shifted by a delay, a number or an expression in constants', () => {
    const rows = [{ t: 3, cases: 1 }];
    const [{ points, before }] = problem(
      outflow({ rows, delay: 'lag/2' }, { constants: { lag: 1 } }),
    ).observations;
    expect([points[0], before![0]]).toEqual([2.5, 0.5]);
    const [late] = problem(outflow({ rows: [{ t: 7, cases: 1 }], delay: 1.5 })).observations;
    expect([late.points[0], late.before![0]]).toEqual([5.5, 3.5]);
  });

  const over = (extra: object, problemExtra: object = {}) => outflow(extra, problemExtra);
  const dates = (...times: number[]) => ({ rows: times.map((t) => ({ t, cases: 1 })) });
  it.each<Row>([
    ['first span', over(dates(1, 4)), 'data[0].rows[0]', /begins at -1, before the domain/, /begins at 0/],
    ['overlap', over(dates(2, 3)), 'data[0].rows[1].t', /spans of 2 .* overlap/, /2 apart/],
    ['order', over(dates(4, 2)), 'data[0].rows[1].t', /2 comes after 4/, /ascend/],
    ['repeated', over(dates(4, 4)), 'data[0].rows[1].t', /4 stands twice/, /one row/],
    ['span', over({ over: 0 }), 'data[0].over', /above 0/],
    [
      'delay beyond',
      over({ ...dates(2, 4), delay: 5 }),
      'data[0].rows[0]',
      /observed at -3, outside/,
      /widen/,
    ],
    ['negative delay', over({ delay: -1 }), 'data[0].delay', /delay is -1/],
    ['unknown delay', over({ delay: 'rho' }), 'data[0].delay', /rho/],
    ['no field', over({ observe: { rho: 'cases' } }), 'data[0].observe.rho', /no field/],
    [
      'periodic',
      over({}, { conditions: [{ periodic: 't' }] }),
      'data[0].observe.rho*u',
      /not periodic in time/,
    ],
    [
      'no time',
      {
        name: 'line',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['u_x = 1'],
        conditions: [{ on: 'x = 0', equation: 'u = 0' }],
        data: [{ rows: [{ x: 1, u: 1 }], at: { x: 'x' }, observe: { u: 'u' }, over: 1 }],
      },
      'data[0].over',
      /needs a time coordinate/,
    ],
  ])('%s is refused', (...row) => check(row as unknown as Row));
});

describe('counts of people', () => {
  const flows: ProblemDefinition = {
    ...epidemic,
    fields: undefined,
    equations: undefined,
    flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I'],
  };
  const observing = (base: ProblemDefinition, entry: object): ProblemDefinition => ({
    ...base,
    data: [{ ...base.data![0], ...entry }],
  });
  const ill = (...values: number[]) => ({ rows: values.map((ill, i) => ({ day: i + 1, ill })) });
  const repeated = {
    rows: [
      { day: 1, ill: 1 },
      { day: 1, ill: 2 },
    ],
  };

  it.each<Row>([
    [
      'more than there are',
      observing(flows, ill(10, 1300)),
      'data[0].observe.I',
      /1300 .* population of 1000/,
    ],
    ['the same of equations', observing(epidemic, ill(10, 1300)), 'data[0].observe.I', /1300 .* of 1000/],
    [
      'more counts than there are',
      observing(flows, { ...ill(1300), noise: 'poisson' }),
      'data[0].observe.I',
      /1300/,
    ],
    [
      'incidence above the population',
      observing(flows, { ...ill(1300), observe: { 'beta*S*I/N': 'ill' }, over: 1 }),
      'data[0].observe.beta*S*I/N',
      /population of 1000/,
    ],
    ['a date twice', observing(flows, repeated), 'data[0].rows[1].day', /1 stands twice/],
  ])('%s are refused', (...row) => check(row as unknown as Row));

  it('may exceed the population by their noise', () => {
    const susceptible = observing(flows, {
      ...ill(1100, 990, 1000),
      observe: { S: 'ill' },
      noise: 'poisson',
    });
    expect(problem(susceptible).observations[0].count).toBe(3);
  });

  it('may exceed initial values where people come from outside, or are unknown', () => {
    const births = { ...observing(flows, ill(1300)), flows: [...flows.flows!, '-> S: 300'] };
    expect(problem(births).observations[0].values[0]).toBe(1300);
    const unknown: ProblemDefinition = {
      ...observing(flows, ill(1300)),
      unknowns: { ...flows.unknowns, S0: { initial: 2000, min: 0 } },
      conditions: [{ on: 't = 0', equation: 'S = S0' }, ...flows.conditions!.slice(1)],
    };
    expect(problem(unknown).observations[0].values[0]).toBe(1300);
  });
});
