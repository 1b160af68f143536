import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { faceParities, fundamentalPart, unfolded } from '../../src/reference/mirror-symmetry.ts';
import { type Definition, expectHonest } from './exact-comparison.ts';

const waves = /^sines and cosines/;

type Complete = Definition & Required<Pick<Definition, 'conditions'>>;

const wave: Complete = {
  name: 'wave',
  domain: { x: [0, 1], y: [0, 1], t: [0, 1] },
  fields: ['u'],
  equations: ['u_tt = laplacian(u)'],
  conditions: [
    { on: 't = 0', equation: 'u = cos(pi*x)*sin(pi*y)' },
    { on: 't = 0', equation: 'u_t = 0' },
    { on: 'x = 0', equation: 'u_n = 0' },
    { on: 'x = 1', equation: 'u_n = 0' },
    { on: 'y = 0', equation: 'u = 0' },
    { on: 'y = 1', equation: 'u = 0' },
  ],
  exact: { u: 'cos(pi*x)*sin(pi*y)*cos(sqrt(2)*pi*t)' },
};

/** Free at one end, fixed at the other; what is not linear takes part, and the source is odd at y = 0 and 2. */
const reaction: Complete = {
  name: 'reaction',
  domain: { x: [-1, 1], y: [0, 2], t: [0, 2] },
  fields: ['u'],
  equations: [
    'u_t = 0.05*laplacian(u) + u^3 - u - (exp(-t)*cos(pi*(x + 1)/4)*sin(pi*y))^3 + 0.05*(17/16)*pi^2*exp(-t)*cos(pi*(x + 1)/4)*sin(pi*y)',
  ],
  conditions: [
    { on: 't = 0', equation: 'u = cos(pi*(x + 1)/4)*sin(pi*y)' },
    { on: 'x = -1', equation: 'u_n = 0' },
    { on: 'x = 1', equation: 'u = 0' },
    { on: 'y = 0', equation: 'u = 0' },
    { on: 'y = 2', equation: '3*u = 0' },
  ],
  exact: { u: 'exp(-t)*cos(pi*(x + 1)/4)*sin(pi*y)' },
};

describe('the reference between mirrors', () => {
  it('waves between walls, free and fixed', async () => {
    await expectHonest(wave, waves, 1e-7);
  });

  it('a reaction with diffusion, one end free and one fixed', async () => {
    await expectHonest(reaction, waves, 1e-6);
  });

  it('three space coordinates and two fields', async () => {
    await expectHonest(
      {
        name: 'mixing',
        domain: { x: [0, 1], y: [0, 1], z: [0, 1], t: [0, 0.3] },
        fields: ['u', 'v'],
        equations: ['u_t = 0.1*laplacian(u) + v', 'v_t = 0.1*laplacian(v) - u'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(pi*x)*sin(pi*y)*cos(pi*z)' },
          { on: 't = 0', equation: 'v = 0' },
          ...['x = 0', 'x = 1', 'y = 0', 'y = 1'].flatMap((on) => [
            { on, equation: 'u = 0' },
            { on, equation: 'v = 0' },
          ]),
          ...['z = 0', 'z = 1'].flatMap((on) => [
            { on, equation: 'u_n = 0' },
            { on, equation: 'v_z = 0' },
          ]),
        ],
        exact: {
          u: 'exp(-0.3*pi^2*t)*cos(t)*sin(pi*x)*sin(pi*y)*cos(pi*z)',
          v: '-exp(-0.3*pi^2*t)*sin(t)*sin(pi*x)*sin(pi*y)*cos(pi*z)',
        },
      },
      waves,
      1e-8,
    );
  });

  it('is none where conditions are not homogeneous or the equation is another beyond a face', () => {
    const axes = [0, 1];
    expect(faceParities(problem(reaction), axes)?.get('u')).toEqual([
      ['even', 'odd'],
      ['odd', 'odd'],
    ]);
    const heated = { ...reaction, equations: ['u_t = 0.05*laplacian(u) + 1'] };
    expect(faceParities(problem(heated), axes)).toBeUndefined();
    const [start, ...faces] = reaction.conditions;
    const moved = {
      ...reaction,
      conditions: [start, { on: 'x = -1', equation: 'u_n = 1' }, ...faces.slice(1)],
    };
    expect(faceParities(problem(moved), axes)).toBeUndefined();
  });
});

describe('the part of a box that mirrors unfold', () => {
  it('is as small as the symmetries allow', () => {
    const { problem: part, folds } = fundamentalPart(
      problem({
        ...wave,
        conditions: [{ on: 't = 0', equation: 'u = cos(4*pi*x)*sin(pi*y)' }, ...wave.conditions.slice(1)],
        exact: undefined,
      }),
    );
    expect(part.coordinates.map(({ high }) => high)).toEqual([0.125, 0.5, 1]);
    expect(folds.map(({ axis, signs }) => [axis, signs.get('u')])).toEqual([
      [0, 1],
      [0, 1],
      [0, -1],
      [1, 1],
    ]);
  });

  it('is the whole of what is not symmetric', () => {
    const { folds } = fundamentalPart(
      problem({
        ...wave,
        conditions: [{ on: 't = 0', equation: 'u = exp(x)*sin(pi*y)*(1 + y)' }, ...wave.conditions.slice(1)],
        exact: undefined,
      }),
    );
    expect(folds).toEqual([]);
  });

  it('unfolds to the solution', () => {
    const part = fundamentalPart(problem(wave));
    const u = (points: Float64Array) => ({
      u: Float64Array.from({ length: points.length / 3 }, (_, i) => {
        const [x, y] = points.subarray(3 * i);
        return Math.cos(Math.PI * x) * Math.sin(Math.PI * y);
      }),
    });
    const points = Float64Array.of(0.1, 0.2, 0, 0.7, 0.9, 0.5, 0.8, 0.3, 1, 0.5, 0.5, 0);
    const evaluate = unfolded(part, (at) => {
      for (let i = 0; i < at.length; i += 3) expect(Math.max(at[i], at[i + 1])).toBeLessThanOrEqual(0.5);
      return u(at);
    });
    expect(part.folds.length).toBe(2);
    evaluate(points).u.forEach((value, i) => {
      expect(value).toBeCloseTo(u(points).u[i], 12);
    });
  });
});
