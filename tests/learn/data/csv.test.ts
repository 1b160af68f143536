import { expect, test } from 'vitest';
import { csvTable, linearRegression } from '../../../src/learn/index.ts';

const text = `id,size,colour,price
a,1,red,10
b,2,blue,14
c,3,red,18
d,5,green,27
`;

test('numbers stay, words become columns, the target stands apart', () => {
  const table = csvTable(text, { target: 'price', without: ['id'] });
  expect(table.names).toEqual(['size', 'colour: blue', 'colour: green', 'colour: red']);
  expect(Array.from(table.rows)).toEqual([1, 0, 0, 1, 2, 1, 0, 0, 3, 0, 0, 1, 5, 0, 1, 0]);
  expect(Array.from(table.targets)).toEqual([10, 14, 18, 27]);
  expect(table.classes).toBeUndefined();
});

test('what is read can be learnt from', () => {
  const { rows, targets, names } = csvTable('x,y\n0,1\n1,3\n2,5\n', { target: 'y' });
  const { weights, bias } = linearRegression(rows, targets);
  expect(names).toEqual(['x']);
  expect(weights[0]).toBeCloseTo(2, 12);
  expect(bias).toBeCloseTo(1, 12);
});

test('a target of words becomes classes', () => {
  const { targets, classes } = csvTable(text, { target: 'colour', without: ['id'] });
  expect(classes).toEqual(['blue', 'green', 'red']);
  expect(Array.from(targets)).toEqual([2, 0, 2, 1]);
});

test('what does not fit is refused with its place', () => {
  expect(() => csvTable(text, { target: 'prise' })).toThrow(/no column `prise`.*did you mean price/s);
  expect(() => csvTable('x,y\n1,2\n,3\n', { target: 'y' }, 'data.csv')).toThrow(
    /data\.csv, row 2.*`x` is empty/,
  );
  expect(() => csvTable('x,y\n1,2\n2,3\nthree,4\n', { target: 'y' })).toThrow(/`three` is no number/);
  expect(() => csvTable('x,y\n1\n', { target: 'y' })).toThrow(/1 cells/);
});
