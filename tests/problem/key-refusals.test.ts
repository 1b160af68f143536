import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { check, condition, data, decay, epidemic, heat, type Row, refusal } from './refusal.ts';

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
      'an order below zero',
      { ...heat, conditions: [{ periodic: 'x', order: -1 }] },
      'conditions[0].order',
      /-1 stands where a number of at least 0/,
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
  ])('%s', (...row) => check(row as unknown as Row));

  it('what this version cannot do says so', () => {
    for (const [definition, path] of [
      [{ ...decay, equations: ['u_t = integral(u(s), s, 0, u)'] }, 'equations[0]'],
      [
        { ...decay, inputs: { v: { of: 't', space: 'chebyshev' } }, unknowns: { k: { initial: 1 } } },
        'unknowns',
      ],
      [
        {
          ...decay,
          domain: { a: [0, 1], b: [0, 1], c: [0, 1], d1: [0, 1], d2: [0, 1], d3: [0, 1], t: [0, 1] },
        },
        'domain',
      ],
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
