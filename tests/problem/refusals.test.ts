import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { problem } from '../../src/problem/index.ts';
import { decay, epidemic, heat, refusal } from './refusal.ts';

type Row = readonly [what: string, definition: unknown, path: string, reason: RegExp, hint?: RegExp];

function check([, definition, path, reason, hint]: Row): void {
  const error = refusal(definition);
  expect(error.reason).toMatch(reason);
  expect(error.path).toBe(path);
  if (hint !== undefined) expect(error.hint).toMatch(hint);
  expect(error.message).not.toMatch(/undefined|\[object|invalid input/i);
}

const condition = (extra: object) => ({ ...decay, conditions: [{ ...decay.conditions![0], ...extra }] });
const data = (extra: object) => ({ ...epidemic, data: [{ ...epidemic.data![0], ...extra }] });
const rows = (...list: unknown[]) => data({ rows: list });

describe('symbols and equations', () => {
  it.each<Row>([
    [
      'unknown symbol',
      { ...heat, equations: ['u_t = D*v'] },
      'equations[0]',
      /unknown symbol `v`/,
      /fields are u/,
    ],
    [
      'misspelled constant',
      { ...heat, constants: { alpha: 1 }, equations: ['u_t = alpa*u_xx'] },
      'equations[0]',
      /`alpa`/,
      /did you mean alpha\?/,
    ],
    [
      'undeclared coordinate',
      { ...heat, equations: ['u_t = D*u_yy'] },
      'equations[0]',
      /`yy` does not name coordinates/,
      /coordinates are x, t/,
    ],
    [
      'in an object',
      { ...heat, equations: [{ equation: 'u_t = D*w' }] },
      'equations[0].equation',
      /unknown symbol `w`/,
    ],
    [
      'in a region',
      { ...heat, equations: [{ equation: 'u_t = u_xx', where: 'z > 1' }] },
      'equations[0].where',
      /`z`/,
    ],
    [
      'in a condition',
      { ...heat, conditions: [{ on: 't = 0', equation: 'u = q' }] },
      'conditions[0].equation',
      /`q`/,
    ],
    ['in a constant', { ...heat, constants: { D: 'k*2', k: 1 } }, 'constants.D', /unknown symbol `k`/],
    ['in an end', { ...heat, domain: { x: [0, 'L'], t: [0, 1] } }, 'domain.x[1]', /unknown symbol `L`/],
    ['in a function', { ...heat, functions: { f: 'g + 1', g: 1 } }, 'functions.f', /unknown symbol `g`/],
    ['in an exact solution', { ...heat, exact: { u: 'exp(-a*t)' } }, 'exact.u', /`a`/],
    [
      'a field in an exact solution',
      { ...heat, functions: { f: '2*u' }, exact: { u: 'f' } },
      'exact.u',
      /depends on the field `u`/,
    ],
    [
      'a field in a region',
      { ...heat, functions: { f: '2*u' }, equations: [{ equation: 'u_t = u_xx', where: 'f > 0' }] },
      'equations[0].where',
      /depends on the field `u`/,
    ],
    ['in a derived quantity', { ...epidemic, derived: { R0: 'beta/delta' } }, 'derived.R0', /`delta`/],
    ['in what is observed', data({ observe: { Q: 'ill' } }), 'data[0].observe.Q', /unknown symbol `Q`/],
    [
      'exact solution of no field',
      { ...heat, exact: { v: '1' } },
      'exact.v',
      /`v` is not a field/,
      /fields are u/,
    ],
    ['no equal sign', { ...decay, equations: ['u_t + u'] }, 'equations[0]', /needs one `=`/],
    [
      'outside the language',
      { ...decay, equations: ['u_t = constructor("return process")()'] },
      'equations[0]',
      /not part of the language/,
    ],
    [
      'reaching for members',
      { ...decay, equations: ['u_t = u.constructor'] },
      'equations[0]',
      /not part of the language/,
    ],
    [
      'reaching for a prototype',
      { ...decay, constants: { a: '__proto__' } },
      'constants.a',
      /not part of the language/,
    ],
    ['an order too high', { ...decay, equations: ["u''''' = u"] }, 'equations[0]', /order 5/],
    [
      'more equations',
      { ...decay, equations: ['du/dt = -u', 'du/dt = u'] },
      'equations',
      /2 equations for 1 field \(u\)/,
      /one for each field/,
    ],
    [
      'fewer equations',
      { ...decay, fields: ['u', 'v'], equations: ['du/dt = v'] },
      'equations',
      /1 equation for 2 fields \(u, v\)/,
    ],
    [
      'a field without an equation',
      { ...decay, fields: ['u', 'v'], equations: ['du/dt = -u', 'u = 2'] },
      'fields',
      /`v` stands in no equation/,
    ],
    ['an equation without a field', { ...decay, equations: ['t = 3'] }, 'equations[0]', /holds no field/],
    [
      'a region that is empty',
      { ...decay, equations: [{ equation: 'u_t = -u', where: 't > 5' }] },
      'equations[0].where',
      /region is empty/,
    ],
    [
      'no finite value',
      { ...decay, equations: ['u_t = -u + sqrt(t - 5)'] },
      'equations[0]',
      /no finite value/,
    ],
  ])('%s', (...row) => check(row));

  it('columns count in the text as it is written', () => {
    expect(refusal({ ...heat, equations: ['u_t = D*v'] }).column).toBe(9);
    expect(
      refusal({ ...decay, fields: undefined, equations: undefined, flows: ['S -> I: 2*S*M'] }),
    ).toMatchObject({
      path: 'flows[0]',
      column: 13,
      reason: 'unknown symbol `M`',
    });
  });
});

describe('conditions', () => {
  const second = { ...decay, equations: ["u'' = -u"] };
  it.each<Row>([
    [
      'missing',
      { ...decay, conditions: undefined },
      'conditions',
      /`u` has no initial condition/,
      /"on": "t = 0", "equation": "u = …"/,
    ],
    ['one of two', second, 'conditions', /`u` has 1 of 2 initial conditions/, /"u_t = …"/],
    [
      'one of three fields',
      {
        ...epidemic,
        unknowns: undefined,
        derived: undefined,
        data: undefined,
        constants: { N: 1, beta: 1, gamma: 1 },
        conditions: epidemic.conditions!.slice(0, 2),
      },
      'conditions',
      /`R` has no initial condition/,
    ],
    [
      'a field the data say nothing about',
      { ...epidemic, conditions: epidemic.conditions!.slice(0, 2) },
      'conditions',
      /`R` has no initial condition/,
    ],
    [
      'on faces of space alone',
      { ...heat, conditions: heat.conditions!.slice(1) },
      'conditions',
      /`u` has no initial condition/,
    ],
    [
      'of a boundary value problem',
      {
        name: 'p',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['u_xx = 1'],
        conditions: [{ on: 'x = 0', equation: 'u = 0' }],
      },
      'conditions',
      /1 condition for equations of total order 2/,
    ],
    [
      'none at all',
      { name: 'p', domain: { x: [0, 1], y: [0, 1] }, fields: ['w'], equations: ['laplacian(w) = 1'] },
      'conditions',
      /there are no conditions/,
      /w = 0/,
    ],
    [
      'outside the domain',
      condition({ on: 't = 3' }),
      'conditions[0].on',
      /t = 3 lies outside the domain/,
      /t runs from 0 to 2/,
    ],
    ['just outside', condition({ on: 't = -0.000001' }), 'conditions[0].on', /outside the domain/],
    [
      'a point outside',
      {
        ...heat,
        conditions: [
          ...heat.conditions!,
          {
            on: {
              points: [
                [0.5, 1],
                [1.5, 1],
              ],
            },
            equation: 'u = 0',
          },
        ],
      },
      'conditions[3].on.points[1]',
      /x = 1.5 lies outside/,
    ],
    [
      'a point of too few numbers',
      { ...heat, conditions: [{ on: { points: [[0.5]] }, equation: 'u = 0' }] },
      'conditions[0].on.points[0]',
      /has 1 numbers/,
      /x, t/,
    ],
    [
      'on no coordinate',
      condition({ on: 'y = 0' }),
      'conditions[0].on',
      /`y` is not a coordinate/,
      /coordinates are t/,
    ],
    ['on no place', condition({ on: 'left' }), 'conditions[0].on', /names no part of the domain/, /"t = 0"/],
    ['on a comparison', condition({ on: 't == 0' }), 'conditions[0].on', /names no part/],
    ['on an unknown symbol', condition({ on: 't = T' }), 'conditions[0].on', /unknown symbol `T`/],
    ['on the boundary of time', condition({ on: 'boundary' }), 'conditions[0].on', /there is no boundary/],
    [
      'periodic in no coordinate',
      { ...heat, conditions: [{ periodic: 'y' }] },
      'conditions[0].periodic',
      /`y` is not a coordinate/,
    ],
    [
      'periodic where nothing varies',
      {
        ...decay,
        domain: { x: [0, 1], t: [0, 1] },
        fields: { u: { of: ['t'] } },
        conditions: [...decay.conditions!, { periodic: 'x' }],
      },
      'conditions[1].periodic',
      /no field depends/,
    ],
    ['without a field', condition({ equation: 't = 0' }), 'conditions[0].equation', /holds no field/],
    [
      'without a finite value',
      { ...heat, conditions: [heat.conditions![0], { on: 'x = 0', equation: 'u = log(x)' }] },
      'conditions[1].equation',
      /no finite value/,
    ],
    [
      'a normal derivative in time',
      condition({ equation: 'u_n = 0' }),
      'conditions[0].equation',
      /on boundaries alone/,
    ],
    ['hard', condition({ hard: true }), 'conditions[0].hard', /not yet supported/],
  ])('%s', (...row) => check(row));

  it.each<[string, unknown, number]>([
    [
      'on the same face',
      [
        { on: 't = 0', equation: 'u = 1' },
        { on: 't = 0', equation: 'u = 2' },
      ],
      1,
    ],
    [
      'in other words',
      [
        { on: 't = 0', equation: '2*u = 1' },
        { on: 't = 0', equation: '0 = u - 0.6' },
      ],
      1,
    ],
    [
      'at a point',
      [
        { on: 't = 0', equation: 'u = 1' },
        { on: { points: [[1], [0]] }, equation: 'u = 2' },
      ],
      1,
    ],
    [
      'twice at a point',
      [
        { on: 't = 0', equation: 'u = 1' },
        { on: { points: [[1], [1]] }, equation: 'u = t' },
        { on: { points: [[1]] }, equation: 'u = 3' },
      ],
      2,
    ],
  ])('contradiction %s', (_, conditions, index) => {
    const error = refusal({ ...decay, conditions });
    expect(error.path).toBe(`conditions[${index}]`);
    expect(error.reason).toMatch(/contradicts conditions\[\d\]/);
  });

  const plate = {
    name: 'plate',
    domain: { x: [0, 1], y: [0, 1] },
    fields: ['u'],
    equations: ['laplacian(u) = 0'],
  };
  it.each<[string, unknown, number]>([
    [
      'boundary against a face',
      [
        { on: 'boundary', equation: 'u = 0' },
        { on: 'x = 1', equation: 'u = y' },
      ],
      1,
    ],
    [
      'normal derivative against derivative',
      [
        { on: 'boundary', equation: 'u_n = 1' },
        { on: 'x = 0', equation: 'u_x = 1' },
      ],
      1,
    ],
    [
      'functions that differ',
      [
        { on: 'x = 0', equation: 'u = sin(pi*y)' },
        { on: 'x = 0', equation: 'u = y' },
      ],
      1,
    ],
    [
      'a point of a face',
      [
        { on: 'x = 0', equation: 'u = y' },
        { on: { points: [[0, 0.5]] }, equation: 'u = 1' },
      ],
      1,
    ],
    [
      'in tiny units',
      [
        { on: 'x = 0', equation: 'u = 1e-12' },
        { on: 'x = 0', equation: 'u = 2e-12' },
      ],
      1,
    ],
  ])('contradiction: %s', (_, conditions, index) => {
    expect(refusal({ ...plate, conditions })).toMatchObject({ path: `conditions[${index}]` });
  });

  it.each<[string, unknown]>([
    [
      'faces that meet in a corner',
      [
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'y = 0', equation: 'u = 1' },
      ],
    ],
    [
      'a point in a corner',
      [
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'y = 0', equation: 'u = 1' },
        { on: { points: [[0, 0]] }, equation: 'u = 1' },
      ],
    ],
    [
      'a value and a derivative',
      [
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'x = 0', equation: 'u_x = 1' },
      ],
    ],
    [
      'different derivatives',
      [
        { on: 'x = 0', equation: 'u_y = 2' },
        { on: 'x = 0', equation: 'u_x = 1' },
      ],
    ],
    [
      'the same thing twice',
      [
        { on: 'x = 0', equation: 'u = 3*y' },
        { on: 'x = 0', equation: 'u/3 - y = 0' },
      ],
    ],
    [
      'zero up to rounding',
      [
        { on: 'boundary', equation: 'u = 1e3*sin(pi*x)*sin(2*pi*y)' },
        { on: 'x = 1', equation: 'u = 0' },
      ],
    ],
    [
      'zero up to rounding, alone',
      [
        { on: 'x = 1', equation: 'u = sin(pi*x)' },
        { on: 'x = 1', equation: 'u = 0' },
      ],
    ],
    [
      'u_n on opposite faces',
      [
        { on: 'boundary', equation: 'u_n = 1' },
        { on: 'x = 0', equation: 'u_x = -1' },
      ],
    ],
  ])('no contradiction: %s', (_, conditions) => {
    expect(problem({ ...plate, conditions } as never).name).toBe('plate');
  });

  it('no contradiction while an unknown is free', () => {
    const conditions = [
      { on: 't = 0', equation: 'u = a' },
      { on: 't = 0', equation: 'u = 2' },
    ];
    expect(problem({ ...decay, unknowns: { a: { initial: 1 } }, conditions }).unknowns.length).toBe(1);
  });
});

describe('data', () => {
  const csv = (text: unknown, extra: object = {}) =>
    refusal(
      { ...epidemic, data: [{ file: 'cases.csv', at: { t: 'day' }, observe: { I: 'ill' }, ...extra }] },
      { readText: () => text as string },
    );

  it.each<[string, unknown, string, RegExp, RegExp?]>([
    [
      'missing coordinate column',
      'dya,ill\n1,2\n',
      'data[0].at.t',
      /no column `day`/,
      /columns are dya, ill; did you mean `dya`\?/,
    ],
    [
      'missing observed column',
      'day,sick\n1,2\n',
      'data[0].observe.I',
      /no column `ill`/,
      /columns are day, sick/,
    ],
    [
      'text in a number column',
      'day,ill\n1,2\n2,many\n',
      'cases.csv, row 2 after the header.ill',
      /`many` is not a number/,
      /empty/,
    ],
    ['hexadecimal', 'day,ill\n1,0x1F\n', 'cases.csv, row 1 after the header.ill', /`0x1F` is not a number/],
    ['NaN', 'day,ill\n1,NaN\n', 'cases.csv, row 1 after the header.ill', /`NaN` is not a number/],
    ['infinity', 'day,ill\n1,Infinity\n', 'cases.csv, row 1 after the header.ill', /not a (finite )?number/],
    [
      'a number too large',
      'day,ill\n1,1e999\n',
      'cases.csv, row 1 after the header.ill',
      /Infinity is not a finite number/,
    ],
    ['empty coordinate cell', 'day,ill\n1,2\n,3\n', 'cases.csv, row 2 after the header.day', /cell is empty/],
    ['empty file', '', 'data[0].file', /cases.csv is empty/],
    ['blank file', ' \n\t\n', 'data[0].file', /is empty/],
    ['comments alone', '# nothing\n# here\n', 'data[0].file', /no header line/],
    ['header alone', 'day,ill\n', 'data[0].file', /no rows/],
    [
      'short row',
      'day,ill\n1,2\n3\n',
      'cases.csv, row 2 after the header',
      /1 cells? stands? where the header names 2/,
    ],
    [
      'long row',
      'day,ill\n1,2,3\n',
      'cases.csv, row 1 after the header',
      /3 cells stand where the header names 2/,
    ],
    ['repeated column', 'day,ill,ill\n1,2,3\n', 'data[0].file', /two columns named `ill`/],
    ['column of empty cells', 'day,ill\n1,\n2,\n', 'data[0].observe.I', /column `ill` holds no number/],
    [
      'outside the domain',
      'day,ill\n1,2\n30,3\n',
      'cases.csv, row 2 after the header',
      /t = 30 lies outside the domain/,
      /0 to 10/,
    ],
    ['open quote', 'day,ill\n1,"2\n', 'data[0].file (record 2)', /not well-formed CSV/],
    ['no text', undefined, 'data[0].file', /not read as text/],
  ])('CSV: %s', (_, text, path, reason, hint) => {
    const error = csv(text);
    expect(error.reason).toMatch(reason);
    expect(error.path).toBe(path);
    if (hint !== undefined) expect(error.hint).toMatch(hint);
  });

  it('a prototype member is no column of its own', () => {
    expect(csv('day,ill\n1,2\n', { observe: { I: 'constructor' } }).reason).toMatch(
      /no column `constructor`/,
    );
    expect(csv('day,ill\n1,2\n', { observe: { I: '__proto__' } }).reason).toMatch(/no column `__proto__`/);
    expect(refusal(rows({ day: 1 }, { day: 2, ill: 3 }, JSON.parse('{"day":3,"__proto__":4}'))).path).toBe(
      'data[0].rows[2].__proto__',
    );
  });

  it.each<Row>(
    [
      [
        'no reader of files',
        { ...epidemic, data: [{ file: 'f', at: { t: 'day' }, observe: { I: 'ill' } }] },
        'data[0].file',
        /cannot be read here/,
        /loadProblem/,
      ],
      ['file and rows', data({ file: 'f' }), 'data[0]', /either `file` or `rows`/],
      ['neither', data({ rows: undefined }), 'data[0]', /either `file` or `rows`/],
      ['no rows', rows(), 'data[0].rows', /no rows/],
      ['text', rows({ day: 1, ill: 'x' }), 'data[0].rows[0].ill', /`x` is not a number/],
      [
        'NaN',
        rows({ day: 1, ill: Number.NaN }),
        'data[0].rows[0].ill',
        /NaN stands where/,
        /^undefined$|empty/,
      ],
      [
        'infinite',
        rows({ day: 1, ill: 1 }, { day: 1, ill: Infinity }),
        'data[0].rows[1].ill',
        /Infinity stands where/,
      ],
      [
        'a list in a cell',
        rows({ day: 1, ill: [1] }),
        'data[0].rows[0].ill',
        /a list of 1 stands where a number, a text or null belongs/,
      ],
      ['no coordinate', rows({ day: 1, ill: 1 }, { ill: 2 }), 'data[0].rows[1].day', /cell is empty/],
      ['null coordinate', rows({ day: null, ill: 1 }), 'data[0].rows[0].day', /cell is empty/],
      ['outside', rows({ day: 11, ill: 1 }), 'data[0].rows[0]', /t = 11 lies outside/],
      ['unknown coordinate', data({ at: { t: 'day', x: 'day' } }), 'data[0].at', /`x` is not a coordinate/],
      [
        'coordinate left out',
        data({ at: {} }),
        'data[0].at',
        /coordinate `t` is not named/,
        /"t": "its column"/,
      ],
      ['nothing observed', data({ observe: {} }), 'data[0].observe', /nothing is observed/],
      ['no field observed', data({ observe: { '2*t': 'ill' } }), 'data[0].observe.2*t', /holds no field/],
      [
        'no data for unknowns',
        { ...epidemic, data: undefined },
        'data',
        /no data from which beta, gamma could be estimated/,
      ],
    ].map((row) => (row[0] === 'NaN' ? row.slice(0, 4) : row)) as unknown as Row[],
  )('%s', (...row) => check(row));
});

describe('declarations', () => {
  const unknown = (beta: unknown) => ({ ...epidemic, unknowns: { ...epidemic.unknowns, beta } });
  it.each<Row>([
    [
      'bounds that exclude the initial value',
      unknown({ initial: 11, min: 0, max: 10 }),
      'unknowns.beta',
      /bounds exclude the initial value 11/,
      /0 and 10/,
    ],
    ['one bound', unknown({ initial: -1, min: 0 }), 'unknowns.beta', /exclude/, /0 and ∞/],
    [
      'bounds in the wrong order',
      unknown({ initial: 1, min: 2, max: 0 }),
      'unknowns.beta',
      /min = 2 is not below max = 0/,
    ],
    [
      'unknown never used',
      { ...epidemic, unknowns: { ...epidemic.unknowns, q: { initial: 1 } } },
      'unknowns.q',
      /stands in no equation/,
    ],
    ['no initial value', unknown({ min: 0 }), 'unknowns.beta.initial', /`initial` is missing/, /a number/],
    [
      'NaN',
      unknown({ initial: Number.NaN }),
      'unknowns.beta.initial',
      /NaN stands where a finite number belongs/,
    ],
    [
      'an infinite bound',
      unknown({ initial: 1, max: Infinity }),
      'unknowns.beta.max',
      /Infinity stands where a finite number/,
    ],
    [
      'an infinite constant',
      { ...heat, constants: { D: Infinity } },
      'constants.D',
      /Infinity stands where a finite number or a text belongs/,
    ],
    ['division by zero', { ...heat, constants: { D: '1/0' } }, 'constants.D', /division by zero/],
    ['overflow', { ...heat, constants: { D: '1e300*1e300' } }, 'constants.D', /no finite/],
    [
      'reversed interval',
      { ...heat, domain: { x: [1, 0], t: [0, 1] } },
      'domain.x',
      /\[1, 0\] is not an interval/,
      /below/,
    ],
    ['empty interval', { ...heat, domain: { x: [1, 1], t: [0, 1] } }, 'domain.x', /not an interval/],
    [
      'interval beyond doubles',
      { ...heat, domain: { x: [-1.7e308, 1.7e308], t: [0, 1] } },
      'domain.x',
      /not an interval/,
    ],
    [
      'interval below resolution',
      { ...heat, domain: { x: [1, 1 + 1e-15], t: [0, 1] } },
      'domain.x',
      /too narrow/,
    ],
    [
      'half an interval',
      { ...heat, domain: { x: [0], t: [0, 1] } },
      'domain.x',
      /a list of 1 stands where a list of at least 2 belongs/,
    ],
    ['three ends', { ...heat, domain: { x: [0, 1, 2], t: [0, 1] } }, 'domain.x', /a list of at most 2/],
    [
      'an object in place of an interval',
      { ...heat, domain: { x: { low: 0 }, t: [0, 1] } },
      'domain.x',
      /an object stands where an interval/,
    ],
    ['no coordinate', { ...heat, domain: {} }, 'domain', /no coordinate/],
    ['time is no coordinate', { ...heat, time: 'tau' }, 'time', /`tau` is not a coordinate/, /x, t/],
    ['no fields', { ...heat, fields: undefined }, 'fields', /fields are missing/],
    [
      'an empty list of fields',
      { ...heat, fields: [] },
      'fields',
      /a list of 0 stands where a list of at least 1/,
    ],
    ['no field in the object', { ...heat, fields: {} }, 'fields', /no field/],
    ['no equations', { ...heat, equations: undefined }, 'equations', /equations are missing/],
    [
      'field of no coordinate',
      { ...heat, fields: { u: { of: ['x', 'y'] } } },
      'fields.u.of[1]',
      /`y` is not a coordinate/,
    ],
    [
      'field of a coordinate twice',
      { ...heat, fields: { u: { of: ['x', 'x'] } } },
      'fields.u.of[1]',
      /named twice/,
    ],
    [
      'derivative along another',
      { ...heat, fields: { u: { of: ['x'] } } },
      'equations[0]',
      /`u` does not depend on `t`/,
    ],
    [
      'malformed field',
      { ...decay, fields: ['2u'] },
      'fields[0]',
      /`2u` is not a name/,
      /starts with a Latin or Greek letter/,
    ],
    ['malformed constant', { ...decay, constants: { 'a b': 1 } }, 'constants.a b', /not a name/],
    ['a name with a space', { ...decay, constants: { ' a': 1 } }, 'constants. a', /not a name/],
    ['an empty name', { ...decay, constants: { '': 1 } }, 'constants.', /`` is no key/],
    ['malformed coordinate', { ...decay, domain: { 't-': [0, 1] } }, 'domain.t-', /not a name/],
    ['reserved', { ...decay, constants: { pi: 3 } }, 'constants.pi', /`pi` has a meaning of its own/],
    ['field twice', { ...decay, fields: ['u', 'u'] }, 'fields[1]', /`u` is declared twice/, /fields\[0\]/],
    ['field and coordinate', { ...decay, fields: ['t'] }, 'fields[0]', /`t` is declared twice/, /domain\.t/],
    ['constant and field', { ...decay, constants: { u: 1 } }, 'constants.u', /declared twice/, /fields\[0\]/],
    [
      'derived and constant',
      { ...epidemic, derived: { N: 'beta' } },
      'derived.N',
      /declared twice/,
      /constants\.N/,
    ],
    ['constructor as a field', { ...decay, fields: ['constructor'] }, 'fields[0]', /cannot be a name/],
    [
      'toString as a constant',
      { ...decay, constants: { toString: 1 } },
      'constants.toString',
      /cannot be a name/,
    ],
    ['__proto__ as a field', { ...decay, fields: ['__proto__'] }, 'fields[0]', /not a name/],
    [
      '__proto__ as a key of fields',
      { ...decay, fields: JSON.parse('{"__proto__": {}, "u": {}}') },
      'fields.__proto__',
      /not a name/,
    ],
    [
      '__proto__ as a constant',
      { ...decay, constants: JSON.parse('{"__proto__": 1}') },
      'constants.__proto__',
      /not a name/,
    ],
    ['__proto__ of the problem', JSON.parse('{"__proto__": {"name": "p"}}'), '__proto__', /not a name/],
    [
      'no flow',
      { name: 'f', domain: { t: [0, 1] }, flows: ['S + I'] },
      'flows[0]',
      /is not a flow/,
      /S -> I: rate/,
    ],
    [
      'flow from nothing to nothing',
      { name: 'f', domain: { t: [0, 1] }, flows: ['-> : 3'] },
      'flows[0]',
      /not a flow/,
    ],
    ['flow to itself', { name: 'f', domain: { t: [0, 1] }, flows: ['S -> S: 3'] }, 'flows[0]', /to itself/],
    ['flows and equations', { ...decay, flows: ['S -> I: 3'] }, 'flows', /in place of fields and equations/],
    [
      'flows without time',
      { name: 'f', domain: { x: [0, 1] }, flows: ['S -> I: 3'] },
      'domain',
      /need a time/,
    ],
  ])('%s', (...row) => check(row));
});

describe('keys and types', () => {
  const keysOfACondition = /^keys here are on, equation, weight, hard$/;
  it.each<Row>([
    [
      'at the top',
      { ...decay, equation: ['u = 1'] },
      'equation',
      /unknown key `equation`/,
      /did you mean `equations`\?/,
    ],
    [
      'a key without a neighbour',
      { ...decay, colour: 1 },
      'colour',
      /unknown key `colour`/,
      /keys here are .*domain.*fields/,
    ],
    [
      'before what is missing for it',
      { ...decay, name: undefined, nmae: 'x' },
      'nmae',
      /unknown key/,
      /`name`/,
    ],
    [
      'of a condition',
      condition({ wieght: 2 }),
      'conditions[0].wieght',
      /unknown key `wieght`/,
      /did you mean `weight`\?/,
    ],
    [
      'that belongs to another kind',
      condition({ order: 2 }),
      'conditions[0].order',
      /unknown key `order`/,
      keysOfACondition,
    ],
    [
      'in place of one that is missing',
      { ...decay, conditions: [{ on: 't = 0', equaton: 'u = 1' }] },
      'conditions[0].equaton',
      /unknown key/,
      /`equation`/,
    ],
    [
      'of a periodic condition',
      { ...heat, conditions: [{ periodc: 'x' }] },
      'conditions[0].periodc',
      /unknown key/,
      /`periodic`/,
    ],
    ['of a place', condition({ on: { point: [[1]] } }), 'conditions[0].on.point', /unknown key/, /`points`/],
    [
      'of an equation',
      { ...decay, equations: [{ equation: 'u_t = u', were: 't > 1' }] },
      'equations[0].were',
      /unknown key/,
      /`where`/,
    ],
    ['of a field', { ...decay, fields: { u: { off: ['t'] } } }, 'fields.u.off', /unknown key/, /`of`/],
    [
      'of an unknown',
      { ...epidemic, unknowns: { beta: { initial: 1, maximum: 2 } } },
      'unknowns.beta.maximum',
      /unknown key/,
    ],
    ['of data', data({ observed: { I: 'ill' } }), 'data[0].observed', /unknown key/, /`observe`/],
    ['of solve', { ...decay, solve: { optimiser: 'lm' } }, 'solve.optimiser', /unknown key/, /`optimizer`/],
    [
      'of a network',
      { ...decay, solve: { network: { widht: 2, depth: 2 } } },
      'solve.network.widht',
      /unknown key/,
      /`width`/,
    ],
    ['the problem is null', null, '', /null stands where an object belongs/],
    ['the problem is nothing', undefined, '', /the problem is missing/],
    ['the problem is a text', 'burgers', '', /"burgers" stands where an object/],
    ['the problem is a list', [], '', /a list of 0 stands where an object|name/],
    ['no name', { ...decay, name: undefined }, 'name', /`name` is missing/, /a text/],
    ['a blank name', { ...decay, name: ' ' }, 'name', /stands where a text that is not empty belongs/],
    ['no domain', { ...decay, domain: undefined }, 'domain', /`domain` is missing/],
    ['a number for fields', { ...decay, fields: 3 }, 'fields', /3 stands where a list or an object belongs/],
    [
      'a number for an equation',
      { ...decay, equations: [3] },
      'equations[0]',
      /3 stands where a text or an object belongs/,
    ],
    [
      'a text for equations',
      { ...decay, equations: 'u_t = u' },
      'equations',
      /"u_t = u" stands where a list belongs/,
    ],
    [
      'a text for a condition',
      { ...decay, conditions: ['u = 1'] },
      'conditions[0]',
      /"u = 1" stands where an object belongs/,
    ],
    [
      'a number for a place',
      condition({ on: 0 }),
      'conditions[0].on',
      /0 stands where a text or an object belongs/,
    ],
    [
      'a number for a condition',
      condition({ equation: 1 }),
      'conditions[0].equation',
      /1 stands where a text belongs/,
    ],
    [
      'an order too high',
      { ...heat, conditions: [{ periodic: 'x', order: 9 }] },
      'conditions[0].order',
      /9 stands where a number of at most 3/,
    ],
    [
      'a negative weight',
      condition({ weight: -1 }),
      'conditions[0].weight',
      /-1 stands where a number above 0/,
    ],
    [
      'a list for an unknown',
      { ...epidemic, unknowns: { beta: [1, 2] } },
      'unknowns.beta',
      /a list of 2 stands where an object/,
    ],
    [
      'a text for a constant that is no list',
      { ...heat, constants: { D: [1] } },
      'constants.D',
      /a list of 1 stands where a number or a text/,
    ],
    ['a big integer', { ...heat, constants: { D: 1n } }, 'constants.D', /1 stands where a number or a text/],
    ['a function', { ...heat, constants: { D: () => 1 } }, 'constants.D', /a function stands where/],
    [
      'an engine that is not',
      { ...decay, solve: { engine: 'f46' } },
      'solve.engine',
      /"f46" is not one of f64, tfjs/,
      /"f64"/,
    ],
    [
      'a network without width',
      { ...decay, solve: { network: { width: 0, depth: 2 } } },
      'solve.network.width',
      /0 stands where a number above 0/,
    ],
    [
      'a network of text without width',
      { ...decay, solve: { network: '0x3' } },
      'solve.network',
      /"0x3" is not valid here/,
      /20x4/,
    ],
    ['a network without depth', { ...decay, solve: { network: '20x0' } }, 'solve.network', /not valid/],
    ['a network that is a word', { ...decay, solve: { network: 'large' } }, 'solve.network', /not valid/],
    ['half a point', { ...decay, solve: { points: 1.5 } }, 'solve.points', /1.5 stands where a whole number/],
    [
      'no seconds',
      { ...decay, solve: { timeLimit: 0 } },
      'solve.timeLimit',
      /0 stands where a number above 0/,
    ],
  ])('%s', (...row) => check(row));

  it('what this version cannot do says so', () => {
    for (const [definition, path] of [
      [condition({ hard: true }), 'conditions[0].hard'],
      [
        { ...heat, domain: { geometry: { disk: { center: [0, 0], radius: 1 } }, t: [0, 1] } },
        'domain.geometry',
      ],
      [{ ...decay, equations: ['u_t = integral(u, s, 0, t)'] }, 'equations[0]'],
      [{ ...decay, inputs: { v: { of: 't', space: 'gaussian-random-field' } } }, 'inputs'],
      [{ ...decay, domain: { a: [0, 1], b: [0, 1], c: [0, 1], d1: [0, 1], t: [0, 1] } }, 'domain'],
    ] as const) {
      const error = refusal(definition);
      expect(error).toBeInstanceOf(NotSupportedError);
      expect(error.path).toBe(path);
    }
    expect(refusal(condition({ on: 't = 9' }))).not.toBeInstanceOf(NotSupportedError);
  });

  it('data that refer to themselves end in a message', () => {
    const loop: Record<string, unknown> = { ...decay };
    loop['constants'] = loop;
    expect(refusal(loop)).toBeInstanceOf(ProblemError);
  });
});
