import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { samplePoints } from '../../src/geometry/point-set.ts';
import { type ShapeDefinition, shapeOf } from '../../src/geometry/shape.ts';
import { row } from './shape-definitions.ts';

const shape = (definition: unknown): ReturnType<typeof shapeOf> => shapeOf(definition, 'domain.geometry');
const disk = (x: number, y: number, radius: number, name?: string): ShapeDefinition => ({
  disk: { center: [x, y], radius },
  name,
});
const square = (half: number, name?: string): ShapeDefinition => ({
  box: [
    [-half, half],
    [-half, half],
  ],
  name,
});

describe('a definition that describes no shape is refused, with its place', () => {
  it.each<[string, unknown, RegExp]>([
    ['no object', 3, /^domain\.geometry: not an object: 3/],
    ['no shape', {}, /^domain\.geometry: no shape is given; give one of interval, box/],
    ['unknown key', { circle: {} }, /^domain\.geometry: unknown key `circle`/],
    ['two shapes', { interval: [0, 1], box: [[0, 1]] }, /^domain\.geometry: both interval and box/],
    ['unknown key inside', { disk: { centre: [0, 0] } }, /^domain\.geometry\.disk: unknown key `centre`/],
    ['a text for a number', { disk: { center: [0, '1'], radius: 1 } }, /disk\.center\[1\]: not a finite/],
    ['radius zero', disk(0, 0, 0), /^domain\.geometry\.disk\.radius: 0 is not positive/],
    ['negative half axis', { ellipse: { center: [0, 0], radii: [1, -1] } }, /radii\[1\]: -1 is not positive/],
    [
      'a box turned round',
      {
        box: [
          [1, 1],
          [0, 0],
        ],
      },
      /box: the interval from 1 to 1 is empty; .*corner/,
    ],
    [
      'three lists of three',
      {
        box: [
          [0, 1, 2],
          [0, 1, 2],
          [0, 1, 2],
        ],
      },
      /box: 3 lists of 3 numbers/,
    ],
    [
      'lists that differ',
      {
        box: [
          [0, 0],
          [1, 1, 1],
        ],
      },
      /box: its lists have 2 and 3 numbers/,
    ],
    [
      'two corners',
      {
        polygon: [
          [0, 0],
          [1, 1],
        ],
      },
      /polygon: not a list of 3 or more corners/,
    ],
    [
      'crossing edges',
      {
        polygon: [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
        ],
      },
      /cross or touch/,
    ],
    [
      'a corner on an edge',
      {
        polygon: [
          [0, 0],
          [2, 0],
          [2, 1],
          [1, 0],
          [0, 1],
        ],
      },
      /cross or touch/,
    ],
    [
      'an edge back along itself',
      {
        polygon: [
          [0, 0],
          [2, 0],
          [1, 0],
          [0, 1],
        ],
      },
      /back along itself/,
    ],
    [
      'corners on a line',
      {
        polygon: [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
      },
      /no area|along itself/,
    ],
    [
      'the same corner twice',
      {
        polygon: [
          [0, 0],
          [1, 0],
          [1, 0],
          [0, 1],
        ],
      },
      /corners 1 and 2 are the same/,
    ],
    ['one shape combined', { union: [square(1)] }, /union: not a list of 2 or more shapes/],
    ['other dimensions', { union: [square(1), { interval: [0, 1] }] }, /union\[1\]: a shape in 1 dim/],
    ['a reserved name', { ...square(1), name: 'boundary' }, /\.name: not a name: "boundary"/],
    ['too few coordinates', { ...square(1), coordinates: ['x'] }, /coordinates: not 2 different names/],
    ['coordinates inside', { union: [{ ...square(1), coordinates: ['x', 'y'] }, square(2)] }, /unknown key/],
    ['apart', { intersection: [disk(0, 0, 1), disk(3, 0, 1)] }, /intersection leaves nothing/],
    ['all taken away', { difference: [disk(0, 0, 1), square(1)] }, /difference leaves nothing/],
    ['itself taken away', { difference: [disk(0, 0, 1), disk(0, 0, 1)] }, /difference leaves nothing/],
    ['touching disks', { union: [disk(0, 0, 1), disk(2, 0, 1)] }, /touch in the single point \(1, 0\)/],
    ['a hole that touches', { difference: [square(1), disk(0, 0, 1)] }, /touch in the single point/],
    [
      'touching corners',
      {
        union: [
          {
            box: [
              [0, 1],
              [0, 1],
            ],
          },
          {
            box: [
              [1, 2],
              [1, 2],
            ],
          },
        ],
      },
      /\(1, 1\)/,
    ],
    [
      'touching balls',
      { union: [0, 2].map((x) => ({ ball: { center: [x, 0, 0], radius: 1 } })) },
      /touch in the single point \(1, 0, 0\)/,
    ],
    [
      'boxes along an edge',
      {
        union: [0, 1].map((x) => ({
          box: [
            [x, x + 1],
            [x, x + 1],
            [0, 1],
          ],
        })),
      },
      /touch in the single point/,
    ],
  ])('%s', (_, definition, message) => {
    expect(() => shape(definition)).toThrow(ProblemError);
    expect(() => shape(definition)).toThrow(message);
  });
});

describe('signed distances of primitives are exact', () => {
  it.each<[string, ShapeDefinition, number[], number]>([
    ['interval', { interval: [0, 2] }, [0.5], -0.5],
    ['box, beyond a corner', square(1), [4, 5], 5],
    ['box in five dimensions', { box: Array(5).fill([0, 1]) }, [0.5, 0.5, 0.5, 0.9, 0.5], -0.1],
    ['disk', disk(1, 1, 1), [4, 5], 4],
    ['ball in four dimensions', { ball: { center: [0, 0, 0, 0], radius: 1 } }, [1, 1, 1, 1], 1],
    // Nearest point (2, 0) of the half axis 2: within its centre of curvature at distance b²/a of the end.
    ['ellipse, inside on its axis', { ellipse: { center: [0, 0], radii: [2, 1] } }, [1.6, 0], -0.4],
    ['ellipse, its centre', { ellipse: { center: [0, 0], radii: [2, 1] } }, [0, 0], -1],
    // On the normal through θ: (cos θ)(a + d b/g), …, with a = 2, b = 1, θ = π/4, d = 1, g = √(5/2).
    [
      'ellipse, out along a normal',
      { ellipse: { center: [0, 0], radii: [2, 1] } },
      [Math.SQRT1_2 * (2 + 1 / Math.sqrt(2.5)), Math.SQRT1_2 * (1 + 2 / Math.sqrt(2.5))],
      1,
    ],
    [
      'ellipse, turned by a right angle',
      { ellipse: { center: [0, 0], radii: [2, 1], angle: Math.PI / 2 } },
      [0, 3],
      1,
    ],
    [
      'polygon, in its notch',
      {
        polygon: [
          [0, 0],
          [2, 0],
          [2, 2],
          [1, 1],
          [0, 2],
        ],
      },
      [1, 2],
      Math.SQRT1_2,
    ],
  ])('%s', (_, definition, point, distance) => {
    expect(shape(definition).signedDistance(point)).toBeCloseTo(distance, 13);
  });
});

describe('combinations', () => {
  it('a hole turns its normals round, and its name finds it', () => {
    const holed = shape({ difference: [square(0.5, 'wall'), disk(0, 0, 0.25, 'hole')], name: 'plate' });
    expect(holed.measure).toBeCloseTo(1 - Math.PI / 16, 14);
    const [hole] = holed.partsNamed('hole');
    expect(hole.measure).toBeCloseTo(Math.PI / 2, 14);
    const { points, normals } = hole.sample('uniform', 10, 1);
    points.forEach((x, i) => {
      expect(normals[i]).toBeCloseTo(-4 * x, 13);
    });
    expect(holed.partsNamed('wall')).toHaveLength(4);
    expect(holed.partsNamed('plate')).toHaveLength(5);
    expect(holed.partsNamed('roof')).toEqual([]);
    expect(holed.boundary.map((part) => part.name)).toEqual(['wall', 'wall', 'wall', 'wall', 'hole']);
    expect(holed.boundary.map((part) => part.plane?.axis)).toEqual([0, 0, 1, 1, undefined]);
    expect(holed.region('hole')!.signedDistance([0, 0])).toBe(-0.25);
    expect(holed.region('roof')).toBeUndefined();
  });

  it('shapes that share a side leave no slit, and a side taken away leaves no film', () => {
    const pair = shape({
      union: [
        {
          box: [
            [0, 1],
            [0, 1],
          ],
        },
        {
          box: [
            [1, 2],
            [0, 1],
          ],
        },
      ],
    });
    expect(pair.contains([1, 0.5])).toBe(true);
    expect(pair.signedDistance([1, 0.5])).toBeCloseTo(-0.5, 14);
    expect(pair.boundary.reduce((sum, part) => sum + part.measure, 0)).toBeCloseTo(6, 14);
    const corner = shape({
      difference: [
        square(1),
        {
          box: [
            [0, 1],
            [0, 1],
          ],
        },
      ],
    });
    expect(corner.contains([1, 0.5])).toBe(false);
    expect(corner.signedDistance([1, 0.5])).toBeCloseTo(0.5, 14);
    expect(corner.measure).toBeCloseTo(3, 14);
    const nodes = corner.boundaryAround(0.5);
    expect(nodes.count).toBe(16);
    expect(nodes.corners.reduce((sum, corner) => sum + corner, 0)).toBe(6);
  });

  it('the same disk taken away and put back has its outward side once', () => {
    const back = shape({
      union: [{ difference: [square(0.5), disk(0.5, 0, 0.25)] }, disk(0.5, 0, 0.25, 'inset')],
    });
    expect(back.measure).toBeCloseTo(1 + Math.PI / 32, 13);
    const inset = back.partsNamed('inset');
    expect(inset.map((part) => part.measure)[0]).toBeCloseTo(Math.PI / 4, 13);
    const { points, normals } = inset[0].sample('grid', 4, 0);
    for (let n = 0; n < 4; n++) expect(normals[2 * n]).toBeCloseTo(4 * (points[2 * n] - 0.5), 12);
  });

  it('the parts that several primitives have in common belong to the first, and to each by name', () => {
    const both = shape({
      union: [
        {
          box: [
            [0, 2],
            [0, 1],
          ],
          name: 'left',
        },
        {
          box: [
            [1, 3],
            [0, 1],
          ],
          name: 'right',
        },
      ],
    });
    const length = (name: string): number =>
      both.partsNamed(name).reduce((sum, part) => sum + part.measure, 0);
    expect(both.boundary.reduce((sum, part) => sum + part.measure, 0)).toBeCloseTo(8, 13);
    expect(length('left')).toBeCloseTo(5, 13);
    expect(length('right')).toBeCloseTo(5, 13);
  });

  it('in one dimension ends have measure 1 and point outward', () => {
    const pieces = shape({
      difference: [
        { interval: [0, 4], name: 'rod' },
        { interval: [1, 2], name: 'gap' },
      ],
    });
    expect(pieces.measure).toBe(3);
    const ends = pieces.boundary.map((part) => part.sample('sobol', 5, 0));
    expect(ends.map(({ points }) => [...points])).toEqual([[0], [4], [1], [2]]);
    expect(ends.map(({ normals }) => [...normals])).toEqual([[-1], [1], [1], [-1]]);
    expect(pieces.signedDistance([1.4])).toBeCloseTo(0.4, 14);
    expect([...pieces.boundaryAround(0.1).points]).toEqual([0, 4, 1, 2]);
    for (const [x] of [...pieces.latticePoints(0.25)].map((x) => [x]))
      expect(pieces.signedDistance([x])).toBeLessThanOrEqual(-0.125);
  });

  it('in five dimensions boxes and balls are drawn from, and their measures known', () => {
    const box = shape({ box: Array(5).fill([0, 1]) });
    expect(box.measure).toBe(1);
    expect(box.boundary).toHaveLength(10);
    const ball = shape({ ball: { center: Array(5).fill(1), radius: 2 } });
    // V₅ = 8π²/15, S₄ = 5 V₅.
    expect(ball.measure).toBeCloseTo(((8 * Math.PI ** 2) / 15) * 32, 9);
    expect(ball.boundary[0].measure).toBeCloseTo(((8 * Math.PI ** 2) / 3) * 16, 9);
    const points = ball.sample('sobol', 500, 1);
    const outside = Array.from({ length: 500 }, (_, n) => ball.signedDistance(row(points, n, 5)));
    expect(Math.max(...outside)).toBeLessThan(0);
    // |x|² of the unit ball has mean d/(d + 2).
    const mean = points.reduce((sum, x) => sum + (x - 1) ** 2, 0) / 500 / 4;
    expect(mean).toBeCloseTo(5 / 7, 1);
    const { points: around, normals } = ball.boundary[0].sample('uniform', 50, 2);
    around.forEach((x, i) => {
      expect(x).toBeCloseTo(1 + 2 * normals[i], 12);
    });
    const cut = shape({
      difference: [{ box: Array(4).fill([-1, 1]) }, { ball: { center: [0, 0, 0, 0], radius: 1 } }],
    });
    expect(cut.measure).toBeCloseTo(16 - Math.PI ** 2 / 2, 1);
  });
});

describe("Halton's sequence", () => {
  it('unshifted, is van der Corput in bases 2 and 3', () => {
    const first = samplePoints('halton', 5, 2, 7);
    const [u, v] = [first[0], first[1]];
    const expected = [0, 0, 1 / 2, 1 / 3, 1 / 4, 2 / 3, 3 / 4, 1 / 9, 1 / 8, 4 / 9];
    first.forEach((x, i) => {
      const shifted = x - (i % 2 === 0 ? u : v);
      expect(shifted < 0 ? shifted + 1 : shifted).toBeCloseTo(expected[i], 14);
    });
  });

  it('integrates a smooth function better than independent points do', () => {
    const error = (sampling: 'halton' | 'uniform'): number => {
      const points = samplePoints(sampling, 1000, 2, 3);
      let sum = 0;
      for (let n = 0; n < 1000; n++) sum += Math.exp(points[2 * n] * points[2 * n + 1]);
      return Math.abs(sum / 1000 - 1.3179021514544038);
    };
    expect(error('halton')).toBeLessThan(0.3 * error('uniform'));
  });
});
