import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBox } from '../../src/geometry/read-box.ts';
import { shapeOf } from '../../src/geometry/shape.ts';

const interval = fc
  .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }))
  .map(([low, length]) => ({ low, high: low + length }));

test('the corners of a box are read as such in any number of dimensions', () => {
  fc.assert(
    fc.property(fc.array(interval, { minLength: 1, maxLength: 5 }), (box) => {
      expect(readBox([box.map(({ low }) => low), box.map(({ high }) => high)], '')).toEqual(box);
    }),
  );
});

test('intervals are read as such where they make no corners', () => {
  fc.assert(
    fc.property(fc.array(interval, { minLength: 1, maxLength: 5 }), (box) => {
      const [first, second] = box;
      fc.pre(box.length !== 2 || !(first.low < second.low && first.high < second.high));
      expect(
        readBox(
          box.map(({ low, high }) => [low, high]),
          '',
        ),
      ).toEqual(box);
    }),
  );
});

test('both ways to write a box give the same shape', () => {
  const byCorners = shapeOf(
    {
      difference: [
        {
          box: [
            [-1, -1],
            [1, 1],
          ],
        },
        {
          box: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    },
    '',
  );
  const byIntervals = shapeOf(
    {
      difference: [
        {
          box: [
            [-1, 1],
            [-1, 1],
          ],
        },
        {
          box: [
            [0, 1],
            [0, 1],
          ],
        },
      ],
    },
    '',
  );
  expect(byCorners.definition).toEqual(byIntervals.definition);
  expect(byCorners.measure).toBeCloseTo(3, 12);
});
