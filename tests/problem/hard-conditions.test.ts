import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';

const hard = true;

const named = (definition: object): ProblemDefinition =>
  ({ name: 'case', fields: ['u'], ...definition }) as ProblemDefinition;

function refusal(definition: object): ProblemError {
  try {
    problem(named(definition));
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(definition)}`);
}

const heat = (conditions: object[]) => ({
  domain: { x: [0, 1], t: [0, 1] },
  equations: ['u_t = u_xx'],
  conditions,
});
const start = { on: 't = 0', equation: 'u = sin(pi*x)', hard };

describe('hard conditions that are refused', () => {
  it('an initial value that differs from a boundary value: both are named, with the place and the values', () => {
    const error = refusal(heat([start, { on: 'x = 1', equation: 'u = 2 + t', hard }]));
    expect(error.path).toBe('conditions[1].hard');
    expect(error.message).toMatch(/`u = 2 \+ t` and conditions\[0\] \(`u = sin\(pi\*x\)`\)/);
    expect(error.message).toMatch(/2 and 1\.22465e-16 at x = 1, t = 0/);
  });

  it('an initial velocity that differs from that of the boundary', () => {
    const error = refusal({
      ...heat([
        start,
        { on: 't = 0', equation: 'u_t = 1', hard },
        { on: 'boundary', equation: 'u = 0', hard },
      ]),
      equations: ['u_tt = u_xx'],
    });
    expect(error.message).toMatch(/do not agree on u_t where/);
  });

  it('the same left in the loss is no contradiction', () => {
    const given = heat([start, { on: 'x = 1', equation: 'u = 2 + t' }, { on: 'x = 0', equation: 'u = 0' }]);
    expect(problem(named(given)).conditions).toHaveLength(3);
  });

  it.each([
    ['a product of fields', { on: 'x = 0', equation: 'u^2 = 1', hard }, /not linear in u/, /`u = …`/],
    ['a derivative along the face', { on: 'x = 0', equation: 'u_t = u_x', hard }, /along the face/, /loss/],
  ])('%s', (_, condition, message, hint) => {
    const error = refusal(heat([start, condition, { on: 'x = 1', equation: 'u = 0' }]));
    expect(error.path).toBe('conditions[1].hard');
    expect(error.reason).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('two fields tied together', () => {
    const error = refusal({
      domain: { t: [0, 1] },
      fields: ['u', 'v'],
      equations: ["u' = v", "v' = -u"],
      conditions: [
        { on: 't = 0', equation: 'u = 1', hard },
        { on: 't = 0', equation: 'v = 2*u', hard },
      ],
    });
    expect(error.reason).toMatch(/ties v and u together/);
    expect(error.hint).toMatch(/gives one field/);
  });

  it('values with a kink, which the derivatives in the equations would not see', () => {
    const error = refusal(
      heat([
        { ...start, equation: 'u = abs(x - 0.5)' },
        { on: 'boundary', equation: 'u = 0.5' },
      ]),
    );
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error.reason).toMatch(/kink or a jump \(abs\)/);
    const smooth = heat([
      { ...start, equation: 'u = abs(x + 0.5)' },
      { on: 'x = 0', equation: 'u = 0.5' },
    ]);
    expect(problem(named(smooth)).conditions).toHaveLength(2);
  });

  it('single points in the plane', () => {
    const error = refusal(heat([start, { on: { points: [[0.5, 0.5]] }, equation: 'u = 1', hard }]));
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error.hint).toMatch(/faces and planes/);
  });
});
