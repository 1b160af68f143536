import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { missingConditions } from '../../src/problem/unconditioned.ts';
import { heat } from './refusal.ts';

const missing = (change: Partial<ProblemDefinition>) => missingConditions(problem({ ...heat, ...change }));

describe('places without a condition', () => {
  it('are faces across which an equation is of second order', () => {
    expect(missing({})).toBeUndefined();
    expect(missing({ conditions: heat.conditions!.slice(0, 2) })).toBe(
      'no condition on x = 1: there may be more than one solution',
    );
    expect(missing({ conditions: [heat.conditions![0], { periodic: 'x' }] })).toBeUndefined();
  });

  it('are none for transport, which asks for the inflow alone', () => {
    expect(
      missing({ equations: ['u_t + u_x = 0'], conditions: heat.conditions!.slice(0, 2) }),
    ).toBeUndefined();
  });

  it('are parts of a geometry, a plane inside it is none', () => {
    const disk = { disk: { center: [0, 0] as [number, number], radius: 1 }, name: 'rim' };
    const plate = { domain: { geometry: disk }, equations: ['laplacian(u) = 1'] };
    expect(missing({ ...plate, conditions: [{ on: 'rim', equation: 'u = 0' }] })).toBeUndefined();
    expect(missing({ ...plate, conditions: [{ on: 'x = 0', equation: 'u = 0' }] })).toMatch(
      /^no condition on rim/,
    );
  });
});
