import { describe, expect, it } from 'vitest';
import { check, data, epidemic, type Row, refusal, rows } from './refusal.ts';

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

  it.each<Row>([
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
    ['NaN', rows({ day: 1, ill: Number.NaN }), 'data[0].rows[0].ill', /NaN stands where/],
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
  ])('%s', (...row) => check(row as unknown as Row));
});
