/** Node only: pictures in folders, one folder for each class. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { ProblemError } from '../../errors.ts';
import type { LabelledImages } from '../data/labelled-images.ts';

/** Pictures and the names of their classes. */
export interface PictureFolder extends LabelledImages {
  /** Names of the folders, in alphabetical order; a label is a position here. */
  readonly classes: readonly string[];
}

/** Ink of every pixel: 1 is black, or white where the picture is light on dark. */
function inkOf(bytes: Uint8Array, path: string, lightOnDark: boolean) {
  let png: ReturnType<typeof decode>;
  try {
    png = decode(bytes);
  } catch (error) {
    throw new ProblemError(`${path} is no PNG picture: ${(error as Error).message}`, { path });
  }
  const { width, height, channels, depth, data, palette } = png;
  const full = 2 ** depth - 1;
  const colors = channels === 1 || channels === 2 ? 1 : 3;
  const pixels = Float32Array.from({ length: width * height }, (_, i) => {
    const entry = palette?.[data[i]];
    const parts =
      entry === undefined
        ? Array.from({ length: colors }, (_, c) => data[i * channels + c] / full)
        : entry.map((c) => c / 255);
    // ITU-R BT.601: how bright the eye takes each colour to be.
    const light = parts.length < 3 ? parts[0] : 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2];
    return lightOnDark ? light : 1 - light;
  });
  return { pixels, size: [height, width] as const };
}

/**
 * Reads `folder/<class>/*.png`, all of one size, grey or coloured (turned to grey).
 *
 * @param options  `lightOnDark`: true where figures are light on a dark ground, as in MNIST
 * @throws ProblemError where there are no pictures, one cannot be read, or sizes differ
 */
export async function readPictureFolder(
  folder: string,
  { lightOnDark = false }: { readonly lightOnDark?: boolean } = {},
): Promise<PictureFolder> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new ProblemError(`there is no folder ${folder}`, { path: folder });
  });
  const classes = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  const pictures: { pixels: Float32Array; label: number }[] = [];
  let size: readonly [number, number] | undefined;
  for (const [label, name] of classes.entries()) {
    const files = (await readdir(join(folder, name))).filter((file) => /\.png$/i.test(file)).sort();
    for (const file of files) {
      const path = join(folder, name, file);
      const picture = inkOf(await readFile(path), path, lightOnDark);
      size ??= picture.size;
      if (picture.size[0] !== size[0] || picture.size[1] !== size[1])
        throw new ProblemError(
          `${path} has ${picture.size.join(' × ')} pixels, the first picture ${size.join(' × ')}`,
          {
            path,
            hint: 'bring all to one size',
          },
        );
      pictures.push({ pixels: picture.pixels, label });
    }
  }
  if (size === undefined)
    throw new ProblemError(`no pictures in the folders of ${folder}`, {
      path: folder,
      hint: 'put PNG files into one folder for each class, e.g. digits/7/first.png',
    });
  const images = new Float32Array(pictures.length * size[0] * size[1]);
  pictures.forEach(({ pixels }, n) => {
    images.set(pixels, n * pixels.length);
  });
  return {
    images,
    labels: Uint8Array.from(pictures, ({ label }) => label),
    count: pictures.length,
    size,
    classes,
  };
}
