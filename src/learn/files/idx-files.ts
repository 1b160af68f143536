/** Node only: MNIST and sets like it from their four files in a folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ProblemError } from '../../errors.ts';
import { idxArray, imagesFromIdx } from '../data/idx.ts';
import type { LabelledImages } from '../data/labelled-images.ts';

const kinds = {
  training: { images: /^train-images/, labels: /^train-labels/ },
  test: { images: /^t10k-images|^test-images/, labels: /^t10k-labels|^test-labels/ },
};

async function bytesOf(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return path.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes;
}

/**
 * Reads `train-images…`, `train-labels…` (or `t10k-…`, `test-…`) of a folder, packed by gzip or not.
 *
 * @throws ProblemError where a file is missing, damaged, or does not fit the other
 */
export async function readIdxImages(folder: string, part: 'training' | 'test'): Promise<LabelledImages> {
  const names = await readdir(folder).catch(() => {
    throw new ProblemError(`there is no folder ${folder}`, { path: folder });
  });
  const find = async (what: 'images' | 'labels') => {
    const name = names.find((file) => kinds[part][what].test(file));
    if (name === undefined)
      throw new ProblemError(`no file with the ${part} ${what} in ${folder}`, {
        path: folder,
        hint: `its name should match ${kinds[part][what].source}, as train-images-idx3-ubyte.gz does`,
      });
    return idxArray(await bytesOf(join(folder, name)), name);
  };
  return imagesFromIdx(await find('images'), await find('labels'));
}
