/**
 * A solution known at a few points of one quadrant, carried to the rest of a square with a hole by its equation:
 * unique continuation. Where can the answer be trusted? By 5, 10 and 20 points, four networks each.
 * Writes reports/unique-continuation.html. Run: npx tsx examples/unique-continuation.ts (two minutes)
 */
import { assess, ensemble, problem, type ReportSection, reportOf, shapeOf } from 'ansatz';
import { loadProblem, resolveProblemFile, writeReport } from 'ansatz/node';
import { harmonicWorstCase } from './unique-continuation/harmonic-worst-case.ts';

const report = process.argv[2] ?? 'reports/unique-continuation.html';
const counts = [5, 10, 20];
const members = 4;

const { definition } = await loadProblem(resolveProblemFile('unique-continuation'));
const domain = shapeOf(definition.domain.geometry, 'domain.geometry');
const quadrant = {
  box: [
    [-0.5, 0],
    [-0.5, 0],
  ] as [number, number][],
};
const observed = shapeOf({ intersection: [domain.definition, quadrant] }, 'observed');
const exact = ([x, y]: readonly number[]): number => Math.sin(x * x + y * y);

/** A grid over the square, and the positions of its points in the domain. */
const side = Array.from({ length: 81 }, (_, i) => -0.5 + i / 80);
const grid = { horizontal: side, vertical: side };
const places = side.flatMap((y) => side.map((x) => [x, y]));
const inside = [...places.keys()].filter((n) => domain.contains(places[n]));
const insidePoints = Float64Array.from(inside.flatMap((n) => places[n]));
/** Values at the points inside as values on the grid, with a gap in the hole. */
const onGrid = (values: ArrayLike<number>): Float64Array => {
  const all = new Float64Array(places.length).fill(Number.NaN);
  inside.forEach((n, i) => {
    all[n] = values[i];
  });
  return all;
};
const truth = Float64Array.from(inside, (n) => exact(places[n]));

/** Distance from the quadrant in which the solution was observed, in rings of 0.1. */
const distances = inside.map((n) => Math.hypot(...places[n].map((x) => Math.max(x, 0))));
const rings = Array.from({ length: 8 }, (_, k) => [0.1 * (k - 1), 0.1 * k] as const);
const centers = rings.map(([from, to]) => Math.max(0, (from + to) / 2));
const byRing = (values: ArrayLike<number>): number[] =>
  rings.map(([from, to]) => {
    const own = distances.flatMap((d, i) => (d > from && d <= to ? [values[i]] : []));
    return Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / own.length);
  });

/** The networks' answers from so many observations, at the points inside. */
async function continuation(count: number) {
  const points = observed.sample('halton', count, 4);
  const rows = Array.from({ length: count }, (_, n) => [points[2 * n], points[2 * n + 1]]);
  const posed = problem({
    ...definition,
    name: `unique-continuation-${count}`,
    title: `Unique continuation from ${count} points of one quadrant`,
    description: definition.description?.replace('12 points', `${count} points`),
    data: [
      {
        rows: rows.map(([x, y]) => ({ x, y, u: exact([x, y]) })),
        at: { x: 'x', y: 'y' },
        observe: { u: 'u' },
      },
    ],
  });
  const trained = await ensemble(posed, { members, network: '12x2', points: 600, timeLimit: 15 });
  const [{ u: first }] = trained.members.map((solution) => solution.evaluateFields(insidePoints));
  const spread = trained.spreadAt(insidePoints).u;
  const error = spread.mean.map((value, i) => Math.abs(value - truth[i]));
  console.log(
    `${count} points: error by distance ${byRing(error)
      .map((e) => e.toExponential(1))
      .join('  ')}`,
  );
  console.log(
    `          spread ${byRing(spread.standardDeviation)
      .map((e) => e.toExponential(1))
      .join('  ')}`,
  );
  return { count, rows, first, spread, error, solution: trained.members[0] };
}

const runs: Awaited<ReturnType<typeof continuation>>[] = [];
for (const count of counts) runs.push(await continuation(count));
const deltas = [1e-2, 1e-4, 1e-6];
const { worst, exponent } = harmonicWorstCase(
  inside.map((n) => places[n]),
  (at) => at.every((value) => value <= 0),
  deltas,
);
console.log(
  `exponent θ ${byRing(exponent)
    .map((e) => e.toFixed(2))
    .join('  ')}`,
);

const [x, y] = [{ name: 'x' }, { name: 'y' }];
const map = { coordinates: [x, y] as const, grid, equalScale: true };
const distance = { name: 'distance from the quadrant' };
const marksOf = (rows: readonly number[][]) => ({
  name: 'observations',
  horizontal: rows.map(([at]) => at),
  vertical: rows.map(([, at]) => at),
});
/** Ends of the colours of errors. */
const shades: [number, number] = [1e-7, 1e-1];
const bound = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];

const surfaces: ReportSection = {
  heading: 'The answer, the exact solution and the error',
  parts: [
    `The surfaces stand over the domain with its hole; the points on the floor are the observations. The answer is the mean of ${members} networks that begin from different seeds.`,
    ...runs.map(({ count, rows, spread, error }) => ({
      caption: `From ${count} observations: the answer, the exact solution sin(x² + y²), and the absolute error, at most ${Math.max(...error).toPrecision(2)}.`,
      columns: 3 as const,
      panels: [
        {
          ...map,
          title: { name: 'answer' },
          values: onGrid(spread.mean),
          relief: true,
          range: bound([0, 0.5, ...spread.mean]),
          marks: marksOf(rows),
        },
        {
          ...map,
          title: { name: 'exact' },
          values: onGrid(truth),
          relief: true,
          range: bound([0, 0.5, ...spread.mean]),
        },
        {
          ...map,
          title: { name: 'error' },
          values: onGrid(error),
          relief: true,
          colors: 'error' as const,
          range: bound([0, ...error]),
          marks: marksOf(rows),
        },
      ],
    })),
  ],
};

const trust: ReportSection = {
  heading: 'Where the answer can be trusted, and why',
  parts: [
    'Near the observed quadrant, and less with every step away from it. Two solutions of the equation differ by a harmonic function v. If v is at most δ on the quadrant and at most E on the whole domain, then Hadamard’s three-circle theorem, and the three-spheres inequality for elliptic equations in general, say that at a point x it is at most C E^(1−θ) δ^θ with an exponent θ(x) between 0 and 1: about 1 beside the quadrant, falling to 0 at the far boundary, where no power of δ is left. An observation with four digits is worth four digits there, two where θ = 1/2, and none at the far corner. This is unique continuation: the solution is unique, and its stability is lost with the distance.',
    {
      caption: `The exponent θ (left) from the largest harmonic functions of mean square 1 on the domain and at most δ² on the quadrant, δ from ${deltas[0]} to ${deltas[deltas.length - 1]}; and those largest values by distance, beside which no method can do better without knowing more.`,
      columns: 2,
      panels: [
        { ...map, title: { name: 'exponent θ' }, values: onGrid(exponent), range: bound([0, 1]) },
        {
          horizontal: distance,
          vertical: { name: 'largest |v|' },
          logarithmic: true,
          curves: deltas.map((delta, k) => ({
            name: `δ = ${delta}`,
            curve: { at: centers, values: byRing(worst[k]) },
          })),
        },
      ],
    },
    'Points know less than the whole quadrant: there are harmonic functions that vanish at all 20 of them and are large elsewhere, even between them. What singles out the answer is the smallness of the network, twelve neurons wide: it holds smooth functions, and this solution is one. That is an assumption, not a consequence of the observations. Random features, which can wiggle between the points, fit the equation and the points as well and miss the solution by more than its own size.',
    {
      caption:
        'Error of the mean of the ensemble, and the standard deviation of its members, by distance from the quadrant (root mean square in rings of 0.1; 0 is the quadrant itself). Where seeds disagree nothing can be believed; where they agree the answer may still be wrong by what they have in common.',
      columns: 3,
      panels: runs.map(({ count, error, spread }) => ({
        title: { name: `${count} observations` },
        horizontal: distance,
        vertical: { name: 'root mean square' },
        logarithmic: true,
        curves: [
          { name: 'error', curve: { at: centers, values: byRing(error) } },
          {
            name: 'spread of the ensemble',
            curve: { at: centers, values: byRing(spread.standardDeviation) },
            mark: 'dashes' as const,
          },
        ],
      })),
    },
    {
      caption:
        'A map of trust that needs no exact solution, the spread of the ensemble (top), and the error it stands for (bottom), both on a logarithmic scale.',
      columns: 3,
      panels: [
        ...runs.map(({ count, rows, spread }) => ({
          ...map,
          title: { name: `spread, ${count} observations` },
          values: onGrid(spread.standardDeviation),
          logarithmic: true,
          range: shades,
          marks: marksOf(rows),
        })),
        ...runs.map(({ count, rows, error }) => ({
          ...map,
          title: { name: `error, ${count} observations` },
          values: onGrid(error),
          logarithmic: true,
          range: shades,
          marks: marksOf(rows),
        })),
      ],
    },
    {
      caption:
        'Error of the ensemble’s mean by distance from the quadrant, and how many times its spread that is.',
      head: ['distance', ...runs.flatMap(({ count }) => [`${count} points`, 'over spread'])],
      rows: rings.map(([from, to], k) => [
        k === 0 ? 'in the quadrant' : `${from.toFixed(1)} to ${to.toFixed(1)}`,
        ...runs.flatMap(({ error, spread }) => {
          const own = byRing(error)[k];
          return [own, own / byRing(spread.standardDeviation)[k]];
        }),
      ]),
    },
  ],
};

const { solution } = runs[runs.length - 1];
const data = reportOf(solution, await assess(solution));
await writeReport(report, { ...data, sections: [surfaces, trust] });
console.log(`report: ${report}`);
