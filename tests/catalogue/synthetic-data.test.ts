/** What the catalogue holds of synthetic data is what its script makes of the seeds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { namesWithFigures, publishedFigures, sources } from '../../bench/catalogue/published-figures.ts';
import { trueUnknowns } from '../../bench/catalogue/true-unknowns.ts';
import { observationsFile, synthetic, withSeededFields } from '../../scripts/catalogue-data.ts';
import { seededFields } from '../../scripts/seeded-fields.ts';
import { catalogue } from '../../src/cli/catalogue.ts';
import { loadProblem } from '../../src/cli/problem-file.ts';

const folder = join(import.meta.dirname, '../../problems');
const numbersOf = (text: string): number[] =>
  text
    .split('\n')
    .slice(2)
    .flatMap((line) => line.split(',').map(Number));

describe('observations', () => {
  test.each(synthetic)('%s', async (name) => {
    const kept = readFileSync(join(folder, `${name}.csv`), 'utf8');
    const made = await observationsFile(name);
    expect(made.split('\n').slice(0, 2)).toEqual(kept.split('\n').slice(0, 2));
    const [a, b] = [numbersOf(made), numbersOf(kept)];
    expect(a.length).toBe(b.length);
    // a reference may find its last digits otherwise on another machine
    const worst = Math.max(...a.map((value, i) => Math.abs(value - b[i]) / (1 + Math.abs(value))));
    expect(worst).toBeLessThan(1e-6);
  });
});

test.each(Object.keys(seededFields))('coefficients of %s', (name) => {
  expect(readFileSync(join(folder, `${name}.json`), 'utf8')).toBe(withSeededFields(name));
});

test.each(Object.keys(trueUnknowns))('true values are those of the unknowns of %s', async (name) => {
  const { unknowns } = await loadProblem(join(folder, `${name}.json`));
  expect(Object.keys(trueUnknowns[name])).toEqual(unknowns.map((unknown) => unknown.name));
});

test('published figures are for problems of the catalogue, from the sources listed', () => {
  const names = catalogue().map(({ name }) => name);
  for (const name of namesWithFigures) {
    expect(names).toContain(name);
    for (const { source, relativeL2 } of publishedFigures(name)) {
      expect(Object.keys(sources)).toContain(source);
      expect(relativeL2).toBeGreaterThan(0);
    }
  }
});
