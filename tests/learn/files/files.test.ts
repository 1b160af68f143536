import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCsvTable, readIdxImages, readPictureFolder } from '../../../src/learn/files/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learn-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

const idx = (shape: number[], values: number[]) =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((side) => [0, 0, 0, side]), ...values]);

describe('a folder of IDX files', () => {
  test('is read packed or not', async () => {
    await writeFile(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(idx([2, 1, 1], [0, 255])));
    await writeFile(join(folder, 'train-labels-idx1-ubyte'), idx([2], [4, 9]));
    const { images, labels, size, count } = await readIdxImages(folder, 'training');
    expect([...images, ...labels, ...size, count]).toEqual([0, 1, 4, 9, 1, 1, 2]);
  });

  test('that lacks a file says which', async () => {
    await expect(readIdxImages(folder, 'test')).rejects.toThrow(/no file with the test images/);
    await expect(readIdxImages(join(folder, 'none'), 'test')).rejects.toThrow(/no folder/);
  });
});

describe('a folder of pictures', () => {
  test('gives ink by class: grey, coloured and with more bits', async () => {
    const root = join(folder, 'pictures');
    await mkdir(join(root, 'a'), { recursive: true });
    await mkdir(join(root, 'b'));
    const png = (channels: 1 | 3, data: number[]) =>
      encode({ width: 2, height: 1, channels, depth: 8, data: Uint8Array.from(data) });
    await writeFile(join(root, 'a', '1.png'), png(1, [0, 255]));
    await writeFile(join(root, 'b', '1.png'), png(3, [255, 255, 255, 255, 0, 0]));
    const sixteen = { width: 2, height: 1, channels: 1 as const, depth: 16 as const };
    await writeFile(join(root, 'b', '2.png'), encode({ ...sixteen, data: Uint16Array.from([65535, 0]) }));
    const { images, labels, classes, size } = await readPictureFolder(root);
    expect(classes).toEqual(['a', 'b']);
    expect([...labels]).toEqual([0, 1, 1]);
    expect(size).toEqual([1, 2]);
    const expected = [1, 0, 0, 1 - 0.299, 0, 1];
    images.forEach((ink, i) => {
      expect(ink).toBeCloseTo(expected[i], 6);
    });
    const light = await readPictureFolder(root, { lightOnDark: true });
    expect(light.images[0]).toBe(0);
  });

  test('with unlike sizes, or with what is no picture, is refused', async () => {
    const root = join(folder, 'bad');
    await mkdir(join(root, 'a'), { recursive: true });
    await expect(readPictureFolder(root)).rejects.toThrow(/no pictures/);
    await writeFile(join(root, 'a', '1.png'), 'text');
    await expect(readPictureFolder(root)).rejects.toThrow(/1\.png is no PNG/);
    const square = (side: number) =>
      encode({ width: side, height: side, channels: 1, depth: 8, data: new Uint8Array(side * side) });
    await writeFile(join(root, 'a', '1.png'), square(2));
    await writeFile(join(root, 'a', '2.png'), square(3));
    await expect(readPictureFolder(root)).rejects.toThrow(/3 × 3 pixels, the first picture 2 × 2/);
  });
});

test('a table is read from its file, and what is not there is said', async () => {
  const path = join(folder, 'scores.csv');
  await writeFile(path, 'hours,score\n1,50\n2,60\n');
  const { names, targets } = await readCsvTable(path, { target: 'score' });
  expect([...names, ...targets]).toEqual(['hours', 50, 60]);
  await expect(readCsvTable(join(folder, 'none.csv'), { target: 'score' })).rejects.toThrow(/no file/);
});
