/**
 * Writes what the catalogue holds of synthetic data: the observations of its inverse problems and the random
 * coefficients of its equations.
 *
 *   npx tsx scripts/catalogue-data.ts [NAME …]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trueUnknowns } from '../bench/catalogue/true-unknowns.ts';
import { type ProblemDefinition, problem } from '../src/problem/index.ts';
import { type RandomGenerator, randomGenerator } from '../src/random/generator.ts';
import { reference } from '../src/reference/index.ts';
import { evaluateExact } from '../src/solve/error-norms.ts';
import { seededFields } from './seeded-fields.ts';

interface Observations {
  /** What the first line of the file says. */
  readonly comment: string;
  /** By coordinate, in the order of the problem. */
  readonly points: readonly (readonly number[])[];
  readonly fields: readonly string[];
  /** Standard deviation of the errors, and the seed they are drawn with. */
  readonly noise?: number;
  readonly seed?: number;
}

const folder = join(import.meta.dirname, '../problems');
const definitionOf = (name: string): ProblemDefinition =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as ProblemDefinition;

const linspace = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
const grid = (...axes: readonly (readonly number[])[]): number[][] =>
  axes.reduce<number[][]>((points, axis) => points.flatMap((p) => axis.map((x) => [...p, x])), [[]]);

/** Points of a box, drawn one after another; those that `inside` refuses are drawn again. */
function draw(
  random: RandomGenerator,
  count: number,
  intervals: readonly (readonly [number, number])[],
  inside: (point: readonly number[]) => boolean = () => true,
): number[][] {
  const points: number[][] = [];
  while (points.length < count) {
    const point = intervals.map(([low, high]) => Number((low + (high - low) * random.uniform()).toFixed(4)));
    if (inside(point)) points.push(point);
  }
  return points;
}

const observations: Readonly<Record<string, () => Observations>> = {
  'unique-continuation': () => ({
    comment: 'sin(x^2 + y^2) at 12 points of the quadrant x < 0, y < 0 outside the hole, drawn with seed 3.',
    points: draw(
      randomGenerator(3),
      12,
      [
        [-0.5, 0],
        [-0.5, 0],
      ],
      ([x, y]) => Math.hypot(x, y) > 0.26,
    ),
    fields: ['u'],
  }),
  'poisson-inverse': () => ({
    comment: 'sin(pi*x)*sin(pi*y) on a grid of 50 x 50, with Gaussian errors of 0.1 drawn with seed 1.',
    points: grid(linspace(0, 1, 50), linspace(0, 1, 50)),
    fields: ['u'],
    noise: 0.1,
    seed: 1,
  }),
  'heat-inverse': () => ({
    comment:
      'exp(-t)*sin(pi*x)*sin(pi*y) at 2500 places and times, drawn with seed 2, with Gaussian errors of 0.1 drawn with seed 1.',
    points: draw(randomGenerator(2), 2500, [
      [-1, 1],
      [-1, 1],
      [0, 1],
    ]),
    fields: ['u'],
    noise: 0.1,
    seed: 1,
  }),
  'diffusion-1d-inverse': () => ({
    comment: 'exp(-t)*sin(pi*x) at the end, t = 1.',
    points: grid(linspace(-1, 1, 10), [1]),
    fields: ['u'],
  }),
  'reaction-rates-inverse': () => ({
    comment: 'Concentrations at kf = 0.1, D = 2, by the classical reference.',
    points: grid(linspace(0, 1, 21), linspace(0, 10, 11)),
    fields: ['ca', 'cb'],
  }),
  'reaction-rate-field-inverse': () => ({
    comment: 'Concentration at k = 0.1 + exp(-0.5*(x - 0.5)^2/0.15^2), by the classical reference.',
    points: grid(linspace(0, 1, 100)),
    fields: ['u'],
  }),
  'brinkman-forchheimer-inverse': () => ({
    comment: 'Velocities of the exact solution at viscosity = permeability = 0.001.',
    points: grid([1, 2, 3, 4, 5].map((i) => i / 6)),
    fields: ['u'],
  }),
  'elliptic-inverse-field': () => ({
    comment: 'sin(pi*x).',
    points: grid(linspace(-1, 1, 100)),
    fields: ['u'],
  }),
  'navier-stokes-inverse': () => ({
    comment: "Kovasznay's flow at Re = 20, drifting at speed 0.5, at 500 places and times drawn with seed 4.",
    points: draw(randomGenerator(4), 500, [
      [-0.5, 1],
      [-0.5, 1.5],
      [0, 1],
    ]),
    fields: ['u', 'v'],
  }),
  'lorenz-forced-inverse': () => ({
    comment:
      'States of the Lorenz system under the force 10*sin(2*pi*t) at sigma = 10, rho = 15, beta = 8/3, by the classical reference.',
    points: grid(linspace(0, 3, 51).slice(1)),
    fields: ['x', 'y', 'z'],
  }),
  'klein-gordon-inverse': () => ({
    comment:
      'A standing wave at mass2 = 4 at 100 places and times drawn with seed 6, with Gaussian errors of 0.01 drawn with seed 1.',
    points: draw(randomGenerator(6), 100, [
      [0, 1],
      [0, 1],
    ]),
    fields: ['u'],
    noise: 0.01,
    seed: 1,
  }),
};

/** The problem whose unknown scalars and fields are known, without its observations. */
function directProblem(name: string): ProblemDefinition {
  const { data: _, unknowns: __, exact = {}, fields = {}, ...definition } = definitionOf(name);
  const unknown = Object.entries(fields).flatMap(([field, { unknown }]) => (unknown ? [field] : []));
  return {
    ...definition,
    fields: Array.isArray(fields) ? fields : Object.keys(fields).filter((f) => !unknown.includes(f)),
    constants: { ...definition.constants, ...trueUnknowns[name] },
    functions: {
      ...definition.functions,
      ...Object.fromEntries(unknown.map((field) => [field, exact[field]])),
    },
  };
}

/** The fields at the points: by their exact solutions, or else by the classical reference at the true unknowns. */
async function valuesAt(
  name: string,
  points: readonly (readonly number[])[],
  columns: readonly string[],
  fields: readonly string[],
): Promise<Record<string, Float64Array>> {
  const definition = definitionOf(name);
  const places = Float64Array.from(points.flat());
  if (fields.every((field) => field in (definition.exact ?? {}))) {
    // A first row stands for the file that is not yet written.
    const row = [...points[0], ...fields.map(() => 0)];
    const known = problem(definition, { readText: () => `${columns.join(',')}\n${row.join(',')}\n` });
    return evaluateExact(known, places, {});
  }
  const classical = await reference(problem(directProblem(name)), { timeLimit: 60 });
  if (!classical.available) throw new Error(`${name}: ${classical.reason}`);
  return classical.evaluate(places);
}

/** The CSV file of a problem's observations. */
export async function observationsFile(name: string): Promise<string> {
  const { comment, points, fields, noise = 0, seed = 0 } = observations[name]();
  const coordinates = Object.keys(definitionOf(name).domain).flatMap((key) =>
    key === 'geometry' ? ['x', 'y'] : [key],
  );
  const columns = [...coordinates, ...fields];
  const values = await valuesAt(name, points, columns, fields);
  const random = randomGenerator(seed);
  const rows = points.map((point, n) => {
    const observed = fields.map((field) => {
      const value = values[field][n] + (noise === 0 ? 0 : noise * random.normal());
      return noise === 0
        ? String(Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(10)))
        : String(Number(value.toFixed(5)));
    });
    return [...point.map((x) => Number(x.toPrecision(10))), ...observed].join(',');
  });
  return [`# ${comment}`, columns.join(','), ...rows, ''].join('\n');
}

export const synthetic: readonly string[] = Object.keys(observations);

/** The problem file with its random functions put in. */
export function withSeededFields(name: string): string {
  return Object.entries(seededFields[name]).reduce(
    (text, [key, value]) => text.replace(new RegExp(`("${key}": )"[^"]*"`), `$1"${value}"`),
    readFileSync(join(folder, `${name}.json`), 'utf8'),
  );
}

if (process.argv[1] === import.meta.filename) {
  const names = process.argv.slice(2);
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  for (const name of synthetic.filter(wanted))
    writeFileSync(join(folder, `${name}.csv`), await observationsFile(name));
  for (const name of Object.keys(seededFields).filter(wanted))
    writeFileSync(join(folder, `${name}.json`), withSeededFields(name));
}
