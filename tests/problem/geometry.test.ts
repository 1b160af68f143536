import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { domainPoints, rowsOf } from '../../src/problem/domain-points.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { refusal } from './refusal.ts';

const disk = { disk: { center: [0, 0], radius: 1 } };
const annulus = {
  difference: [
    { disk: { center: [0, 0], radius: 1 }, name: 'rim' },
    { disk: { center: [0, 0], radius: 0.4 }, name: 'hole' },
  ],
};

type Parts = Partial<ProblemDefinition>;
const laplace = (geometry: object, parts: Parts = {}): ProblemDefinition => ({
  name: 'laplace',
  domain: { geometry } as ProblemDefinition['domain'],
  fields: ['u'],
  equations: ['laplacian(u) = 0'],
  conditions: [{ on: 'boundary', equation: 'u = 0' }],
  ...parts,
});
const square = (parts: Parts): ProblemDefinition => ({
  ...laplace({}, parts),
  domain: { x: [-1, 1], y: [-1, 1] },
});

describe('domains with a geometry', () => {
  it('coordinates are those of the shape, within its bounds, at their place among the others', () => {
    const read = problem({
      ...laplace({ ellipse: { center: [1, 0], radii: [2, 0.5] }, coordinates: ['r', 's'] }),
      domain: {
        t: [0, 2],
        geometry: { ellipse: { center: [1, 0], radii: [2, 0.5] }, coordinates: ['r', 's'] },
      } as ProblemDefinition['domain'],
      equations: ['u_t = u_rr + u_ss'],
      conditions: [
        { on: 't = 0', equation: 'u = r' },
        { on: 'boundary', equation: 'u = r' },
      ],
    });
    expect(read.coordinates.map((c) => c.name)).toEqual(['t', 'r', 's']);
    expect(read.space?.coordinates).toEqual([1, 2]);
    expect(read.coordinates[1].low).toBeCloseTo(-1, 12);
    expect(read.coordinates[2].high).toBeCloseTo(0.5, 12);
  });

  it('a lone box or interval is what its intervals are, and its name is that of its faces', () => {
    const box = problem(
      laplace(
        {
          box: [
            [0, 1],
            [0, 'h'],
          ],
          name: 'plate',
        },
        { constants: { h: '2/4' }, conditions: [{ on: 'plate', equation: 'u = 0' }] },
      ),
    );
    expect(box.space).toBeUndefined();
    expect(box.coordinates).toEqual([
      { name: 'x', low: 0, high: 1 },
      { name: 'y', low: 0, high: 0.5 },
    ]);
    expect(box.conditions[0]).toMatchObject({ kind: 'planes', planes: [{}, {}, {}, {}] });
    // 0.2 + 0.7 is not 0.9 in double precision.
    const [x, y] = problem(laplace({ disk: { center: [0.2, -0.1], radius: 0.7 } })).coordinates;
    expect([x.low, x.high, y.low, y.high]).toEqual([-0.5, 0.9, -0.8, 0.6]);
    const line = problem(laplace({ interval: [-1, 2] }, { equations: ['u_xx = 1'] }));
    expect(line.coordinates).toEqual([{ name: 'x', low: -1, high: 2 }]);
  });

  it('points drawn lie inside, and integrate over it', () => {
    const read = problem(laplace(annulus));
    const rows = rowsOf(domainPoints(read, 4000), 2);
    const squares = rows.map(([x, y]) => x * x + y * y);
    expect(Math.min(...squares)).toBeGreaterThanOrEqual(0.16 - 1e-12);
    // the mean of r² over a < r < 1 is (1 + a²)/2
    expect(squares.reduce((sum, r2) => sum + r2, 0) / rows.length).toBeCloseTo(0.58, 2);
  });

  it('six coordinates are read, seven are not', () => {
    const names = ['a', 'b', 'c', 'p', 'q', 'r', 's'];
    const cube = (d: number): ProblemDefinition => ({
      ...laplace({}),
      domain: Object.fromEntries(names.slice(0, d).map((name) => [name, [0, 1]])),
    });
    expect(problem(cube(6)).coordinates.length).toBe(6);
    expect(() => problem(cube(7))).toThrow(NotSupportedError);
  });
});

describe('conditions on parts', () => {
  it('boundary, named parts and faces are found', () => {
    const lShape = {
      polygon: [
        [0, 0],
        [1, 0],
        [1, -1],
        [-1, -1],
        [-1, 1],
        [0, 1],
      ],
    };
    const parts = (geometry: object, on: string) => {
      const [condition] = problem(laplace(geometry, { conditions: [{ on, equation: 'u = 0' }] })).conditions;
      return condition.kind === 'parts' ? condition.parts.reduce((sum, { measure }) => sum + measure, 0) : 0;
    };
    expect(parts(annulus, 'boundary')).toBeCloseTo(2.8 * Math.PI, 9);
    expect(parts(annulus, 'hole')).toBeCloseTo(0.8 * Math.PI, 9);
    expect(parts(lShape, 'boundary')).toBeCloseTo(8, 12);
    expect(parts(lShape, 'x = -1')).toBeCloseTo(2, 12);
    expect(parts(lShape, 'y = 0')).toBeCloseTo(1, 12);
  });

  const on = (text: string, equation = 'u = 0') => ({ conditions: [{ on: text, equation }] });
  it.each<[string, ProblemDefinition, string, RegExp, RegExp | undefined]>([
    [
      'an unknown part',
      laplace(annulus, on('hol')),
      'conditions[0].on',
      /names no part/,
      /did you mean "hole"/,
    ],
    ['a part unlike any', laplace(annulus, on('wing')), 'conditions[0].on', /names no part/, /rim, hole/],
    [
      'a face of a disk',
      laplace(disk, on('x = 1')),
      'conditions[0].on',
      /no part of the geometry's boundary lies on x = 1/,
      /"boundary"/,
    ],
    ['a face outside', laplace(disk, on('x = 3')), 'conditions[0].on', /outside the domain/, undefined],
    [
      'periodic on a disk',
      laplace(disk, { conditions: [{ periodic: 'x' }] }),
      'conditions[0].periodic',
      /no two opposite faces/,
      /box/,
    ],
    [
      'a point in the hole',
      laplace(annulus, { conditions: [{ on: { points: [[0.1, 0]] }, equation: 'u = 1' }] }),
      'conditions[0].on.points[0]',
      /outside the geometry/,
      /0\.300 away/,
    ],
    [
      'a normal at a point',
      laplace(disk, { conditions: [{ on: { points: [[0.1, 0]] }, equation: 'u_n = 1' }] }),
      'conditions[0].equation',
      /boundaries alone/,
      undefined,
    ],
    [
      'a normal inside',
      laplace(disk, on('x = 0.1', 'u_n = 1')),
      'conditions[0].equation',
      /boundaries alone/,
      undefined,
    ],
    [
      'a jump on the boundary',
      laplace(disk, on('boundary', 'jump(u) = 1')),
      'conditions[0].equation',
      /interfaces alone/,
      undefined,
    ],
    [
      'data in the hole',
      laplace(annulus, {
        data: [{ rows: [{ x: 0, y: 0, u: 1 }], at: { x: 'x', y: 'y' }, observe: { u: 'u' } }],
      }),
      'data[0].rows[0]',
      /outside the geometry/,
      undefined,
    ],
    [
      'a coordinate twice',
      { ...laplace(disk), domain: { geometry: disk, x: [0, 1] } as ProblemDefinition['domain'] },
      'domain.x',
      /coordinate of the geometry/,
      undefined,
    ],
    [
      'names of another number',
      laplace({ ...disk, coordinates: ['x'] }),
      'domain.geometry.coordinates',
      /not 2 different names/,
      undefined,
    ],
    [
      'four coordinates without names',
      laplace({ ball: { center: [0, 0, 0, 0], radius: 1 } }),
      'domain.geometry',
      /no names/,
      /coordinates/,
    ],
    [
      'an object in place of an interval',
      { ...laplace(disk), domain: { shape: disk } as ProblemDefinition['domain'] },
      'domain.shape',
      /interval belongs/,
      /geometry/,
    ],
  ])('%s is refused', (_, definition, path, message, hint) => {
    const error = refusal(definition);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error.path).toBe(path);
    expect(error.message).toMatch(message);
    if (hint !== undefined) expect(error.message).toMatch(hint);
  });

  it('two values on the same part contradict each other', () => {
    const conditions = [
      { on: 'boundary', equation: 'u = 0' },
      { on: 'hole', equation: 'u = 1' },
    ];
    expect(refusal(laplace(annulus, { conditions })).message).toMatch(/contradicts conditions\[0\]/);
    expect(() =>
      problem(laplace(annulus, { conditions: [conditions[1], { on: 'rim', equation: 'u = 0' }] })),
    ).not.toThrow();
  });
});

describe('regions and interfaces', () => {
  const regions = { inner: { disk: { center: [0, 0], radius: 0.5 } } };
  const between: Parts['conditions'] = [
    { on: 'boundary', equation: 'u = 0' },
    { on: 'inner', equation: 'jump(u) = 0' },
    { on: 'inner', equation: 'jump(k*u_n) = x' },
  ];
  const functions = { k: 'inside("inner") ? 3 : 1' };

  it.each<[string, object]>([
    ['a disk', { disk: { center: [0.2, -0.1], radius: 0.6 } }],
    ['an ellipse', { ellipse: { center: [0.1, 0], radii: [0.8, 0.3], angle: 0.5 } }],
    [
      'a star of a polygon',
      {
        polygon: [
          [-0.9, -0.8],
          [0, -0.2],
          [0.9, -0.7],
          [0.3, 0.1],
          [0.2, 0.9],
          [-0.5, 0.1],
        ],
      },
    ],
    [
      'a box',
      {
        box: [
          [-0.5, 0.7],
          [0.1, 0.2],
        ],
      },
    ],
    [
      'a combination',
      {
        difference: [
          {
            union: [
              {
                box: [
                  [-0.5, 0.5],
                  [-0.5, 0.5],
                ],
              },
              { disk: { center: [0.5, 0], radius: 0.3 } },
            ],
          },
          {
            intersection: [
              { disk: { center: [0, 0], radius: 0.4 } },
              {
                box: [
                  [0, 1],
                  [0, 1],
                ],
              },
            ],
          },
        ],
      },
    ],
  ])('the indicator of %s is where it holds points', (_, shape) => {
    const read = problem(square({ regions: { part: shape as never } }));
    const { indicator, shape: part } = read.regions.get('part')!;
    for (const row of rowsOf(domainPoints(read, 3000), 2)) {
      const value = evaluateScalar(indicator, (leaf) =>
        leaf.kind === 'coordinate' ? row[leaf.index] : Number.NaN,
      );
      if (Math.abs(part.signedDistance(row)) > 1e-9) expect(value).toBe(part.contains(row) ? 1 : 0);
    }
  });

  it('a field under a jump is in pieces, one in the region and one elsewhere', () => {
    const read = problem(square({ regions, functions, conditions: between }));
    expect(read.fields[0].pieces?.map(({ name }) => name)).toEqual(['u@inner', 'u@elsewhere']);
    const condition = read.conditions[1];
    expect(condition.kind === 'interface' && condition.parts[0].measure).toBeCloseTo(Math.PI, 9);
  });

  it('the interface of two regions is where they touch inside the domain', () => {
    const read = problem(
      square({
        regions: {
          left: {
            box: [
              [-1, 0.25],
              [-1, 1],
            ],
          },
          right: {
            box: [
              [0.25, 1],
              [-1, 1],
            ],
          },
        },
        conditions: [
          { on: 'left|right', equation: 'jump(u) = 1' },
          { on: 'boundary', equation: 'u = 0' },
        ],
      }),
    );
    const [condition] = read.conditions;
    expect(condition.kind === 'interface' && condition.parts.map(({ measure }) => measure)).toEqual([2]);
    // they leave nothing of the domain
    expect(read.fields[0].pieces?.map(({ name }) => name)).toEqual(['u@left', 'u@right']);
  });

  it('what jumps in a coefficient is taken beside the interface, what is smooth on it', () => {
    const read = problem(
      square({
        regions,
        functions: { k: '(1 + x)*(inside("inner") ? 3 : 1)' },
        conditions: [between[0], { on: 'inner', equation: 'jump(k*u) = k' }],
      }),
    );
    const condition = read.conditions[1];
    if (condition.kind !== 'interface') throw new Error('no interface');
    expect(condition.traces.map(({ side }) => side).sort()).toEqual([0, 1]);
    const fields = [5, 7];
    const inside = [1, 0];
    const value = (side: 'left' | 'right') =>
      evaluateScalar(condition[side], (leaf) => {
        if (leaf.kind === 'coordinate') return leaf.name === 'x' ? 0.3 : 0.4;
        if (leaf.kind === 'field') return fields[leaf.side];
        return inside[condition.traces.find(({ column }) => column === leaf.name)!.side];
      });
    expect(value('left')).toBeCloseTo(1.3 * 7 - 3.9 * 5, 12);
    expect(value('right')).toBeCloseTo(3.9, 12);
  });

  it.each<[string, ProblemDefinition, string, RegExp]>([
    [
      'an unknown region',
      square({ regions, functions: { k: 'inside("iner")' } }),
      'functions.k',
      /did you mean "inner"/,
    ],
    [
      'inside without a name',
      square({ regions, functions: { k: 'inside(2)' } }),
      'functions.k',
      /name of a region/,
    ],
    [
      'a string anywhere else',
      square({ functions: { k: 'sin("x")' } }),
      'functions.k',
      /a string is not part/,
    ],
    [
      'a region in one coordinate',
      square({ regions: { inner: { interval: [0, 1] } } }),
      'regions.inner',
      /1 coordinate, space has 2/,
    ],
    [
      'a region around the domain',
      square({
        regions: {
          inner: {
            box: [
              [-2, 2],
              [-2, 2],
            ],
          },
        },
        conditions: between,
      }),
      'conditions[1].on',
      /does not lie inside/,
    ],
    [
      'pieces that do not meet there',
      square({
        regions: { ...regions, far: { disk: { center: [0.8, 0.8], radius: 0.1 } } },
        functions,
        fields: { u: { pieces: ['far'] } },
        conditions: between,
      }),
      'conditions[1]',
      /one function on both sides/,
    ],
    [
      'a piece of no region',
      square({ regions, fields: { u: { pieces: ['outer'] } } }),
      'fields.u.pieces[0]',
      /no region `outer`/,
    ],
    [
      'a region beside itself',
      square({ regions, conditions: [{ on: 'inner|inner', equation: 'jump(u) = 0' }] }),
      'conditions[0].on',
      /no boundary with itself/,
    ],
    [
      'regions apart',
      square({
        regions: { a: regions.inner, b: { disk: { center: [0.8, 0.8], radius: 0.1 } } },
        conditions: [{ on: 'a|b', equation: 'jump(u) = 0' }],
      }),
      'conditions[0].on',
      /no boundary in common/,
    ],
  ])('%s is refused', (_, definition, path, message) => {
    const error = refusal(definition);
    expect(error.path).toBe(path);
    expect(error.message).toMatch(message);
  });
});
