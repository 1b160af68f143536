/** Scores of students in an exam: made up, by a rule that is known, so that one can tell what a model has found. */
import { ProblemError } from '../../errors.ts';
import { type RandomGenerator, randomGenerator, streamSeed } from '../../random/generator.ts';

export interface TabularData {
  /** (count, columns), row-major. */
  readonly rows: Float64Array;
  /** (count). */
  readonly targets: Float64Array;
  readonly names: readonly string[];
  readonly count: number;
}

export interface ScoreData extends TabularData {
  /** The score without its random part, (count): no model can do better than this. */
  readonly expected: Float64Array;
}

interface Column {
  readonly name: string;
  draw(random: RandomGenerator): number;
}

const uniform =
  (low: number, high: number) =>
  (random: RandomGenerator): number =>
    low + (high - low) * random.uniform();
const normal =
  (mean: number, deviation: number) =>
  (random: RandomGenerator): number =>
    mean + deviation * random.normal();

/** The first seven count; of the others the score knows nothing. */
const columns: readonly Column[] = [
  { name: 'hours of study', draw: uniform(0, 30) },
  { name: 'attendance', draw: uniform(0.3, 1) },
  { name: 'previous score', draw: normal(60, 12) },
  { name: 'hours of sleep', draw: uniform(4.5, 9.5) },
  { name: 'anxiety', draw: uniform(0, 10) },
  { name: 'distance to school', draw: (random) => -5 * Math.log(1 - random.uniform()) },
  { name: 'tutoring', draw: (random) => (random.uniform() < 0.35 ? 1 : 0) },
  { name: 'height', draw: normal(172, 9) },
  { name: 'month of birth', draw: (random) => 1 + random.integer(12) },
  { name: 'siblings', draw: (random) => random.integer(4) },
  { name: 'shoe size', draw: normal(41, 2.5) },
  { name: 'length of name', draw: (random) => 6 + random.integer(20) },
];

/**
 * The score that is expected of a student, in points: previous scores and the way to school count linearly, study
 * saturates and is worth what the attendance is, there is a best amount of sleep and of anxiety, and tutoring helps
 * those who were below 60.
 *
 * @param row  values of the columns in the order of {@link studentScores}; those after the seventh do not matter
 */
export function expectedScore(row: ArrayLike<number>): number {
  const [study, attendance, previous, sleep, anxiety, distance, tutoring] = Array.from(
    { length: 7 },
    (_, k) => row[k],
  );
  return (
    18 +
    0.4 * previous -
    0.25 * distance +
    30 * attendance * (1 - Math.exp(-study / 8)) -
    2 * (sleep - 7.5) ** 2 -
    0.35 * (anxiety - 4) ** 2 +
    tutoring * (previous < 60 ? 10 : 1)
  );
}

/**
 * Students with twelve numbers each, independent of each other, and their scores: {@link expectedScore} and a normal
 * error. Five of the numbers say nothing of the score. The n-th student does not depend on how many are drawn.
 *
 * @param noise  standard deviation of the error in points; default 3
 */
export function studentScores({
  count,
  seed,
  noise = 3,
}: {
  readonly count: number;
  readonly seed: number;
  readonly noise?: number;
}): ScoreData {
  if (!Number.isInteger(count) || count < 1)
    throw new ProblemError(`${count} is no number of students`, { path: 'count', hint: 'give 1 or more' });
  if (!(noise >= 0))
    throw new ProblemError(`${noise} is no deviation`, { path: 'noise', hint: 'give 0 or more' });
  const width = columns.length;
  const rows = new Float64Array(count * width);
  const [targets, expected] = [new Float64Array(count), new Float64Array(count)];
  for (let n = 0; n < count; n++) {
    const random = randomGenerator(streamSeed(seed, n));
    const row = columns.map(({ draw }) => draw(random));
    rows.set(row, n * width);
    expected[n] = expectedScore(row);
    targets[n] = expected[n] + noise * random.normal();
  }
  return { rows, targets, expected, names: columns.map(({ name }) => name), count };
}
