import type { LikelihoodFunction } from './likelihood-function.ts';
import { type ProfilePoint, type ProfileSide, reachedBounds } from './profile-walk.ts';

/** What a profile says of its quantity. */
export interface ProfileVerdict {
  /** Ends of the interval; null where the data set none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly identifiable: 'yes' | 'one-sided' | 'no';
  readonly words: string;
}

export interface ProfileAccount {
  readonly name: string;
  /** Value of the quantity at the best fit. */
  readonly estimate: number;
  /** Parameters at the best fit. */
  readonly x: Float64Array;
  readonly below: ProfileSide;
  readonly above: ProfileSide;
  readonly threshold: number;
}

/** A profile is flat if at its slope the threshold lies so many times as far as the end that a bound sets. */
const FLAT = 5;

/** Whether the data bound the quantity on either side, and if not, what moves along with it. */
export function judgeProfile(likelihood: LikelihoodFunction, account: ProfileAccount): ProfileVerdict {
  const { name, threshold } = account;
  const low = sideOf(likelihood, account, account.below);
  const high = sideOf(likelihood, account, account.above);
  const ends = { low: low.limit, high: high.limit };
  if (low.limit !== null && high.limit !== null) {
    const notes = [low.note, high.note].filter((note) => note !== '');
    const words = `the data put ${name} between ${figure(low.limit)} and ${figure(high.limit)}`;
    return { ...ends, identifiable: 'yes', words: [words, ...notes].join('; ') };
  }
  const open = [low.limit === null ? account.below : [], high.limit === null ? account.above : []].flat();
  const along = companions(likelihood, account, open);
  if (low.limit === null && high.limit === null) {
    const from = account.below.end.at;
    const to = account.above.end.at;
    const most = Math.max(low.rise, high.rise);
    const words = `the data do not bound ${name}: from ${figure(from)} to ${figure(to)} ${rises(most, threshold)}`;
    return {
      ...ends,
      identifiable: 'no',
      words: [words, low.note, high.note, along].filter((s) => s !== '').join('; '),
    };
  }
  const [word, shut, side, other, end] =
    high.limit === null
      ? (['above', `is at least ${figure(low.limit!)}`, high, low, account.above.end.at] as const)
      : (['below', `is at most ${figure(high.limit)}`, low, high, account.below.end.at] as const);
  const edge =
    end === account.estimate
      ? `the best fit is at ${figure(end)}`
      : `as far as ${figure(end)} ${rises(side.rise, threshold)}`;
  const words = `the data do not bound ${name} from ${word}: ${edge}; it ${shut}`;
  return {
    ...ends,
    identifiable: 'one-sided',
    words: [words, side.note, other.note, along].filter((s) => s !== '').join('; '),
  };
}

function rises(deviance: number, threshold: number): string {
  if (deviance < 1e-6 * threshold) return 'the fit is equally good';
  return `the deviance rises by ${figure(deviance)} only, where ${figure(threshold)} would exclude a value`;
}

interface Side {
  readonly limit: number | null;
  /** Largest deviance reached. */
  readonly rise: number;
  readonly note: string;
}

function sideOf(likelihood: LikelihoodFunction, account: ProfileAccount, side: ProfileSide): Side {
  const { points, end } = side;
  const { name, threshold } = account;
  const rise = Math.max(0, ...points.map(({ deviance }) => Math.min(deviance, threshold)));
  if (end.kind === 'crossing') {
    const stops = reachedBounds(likelihood, account.x, end.x).filter((j) => likelihood.names[j] !== name);
    if (stops.length === 0) return { limit: end.at, rise, note: '' };
    const before = points.filter(
      (point) => reachedBounds(likelihood, account.x, point.minimum.x).length === 0,
    );
    const bounds = stops
      .map((j) => `${likelihood.names[j]} may not pass ${figure(nearerBound(likelihood, end.x, j))}`)
      .join(', ');
    if (isFlat(before.at(-1), end.at, account)) {
      const reached = before.at(-1)!.deviance;
      return { limit: null, rise: reached, note: `it ends at ${figure(end.at)} only because ${bounds}` };
    }
    return { limit: end.at, rise, note: `the limit ${figure(end.at)} holds because ${bounds}` };
  }
  if (end.kind === 'bound') {
    const note = points.length === 0 ? '' : `${figure(end.at)} is the end of its range`;
    return { limit: null, rise, note };
  }
  if (end.kind === 'stuck') {
    return { limit: null, rise, note: `beyond ${figure(end.at)} there is no trajectory within the bounds` };
  }
  return { limit: null, rise, note: '' };
}

/** Whether the root of the deviance rose so little up to a point that the data alone would have gone on. */
function isFlat(
  last: ProfilePoint | undefined,
  end: number,
  { estimate, threshold }: ProfileAccount,
): boolean {
  if (last === undefined) return false;
  const without = Math.abs(last.at - estimate) * Math.sqrt(threshold / last.deviance);
  return without > FLAT * Math.abs(end - estimate);
}

function nearerBound({ low, high }: LikelihoodFunction, x: Float64Array, j: number): number {
  return x[j] - low[j] < high[j] - x[j] ? low[j] : high[j];
}

/** What the other parameters do along the flat part. */
function companions(
  likelihood: LikelihoodFunction,
  account: ProfileAccount,
  sides: readonly ProfileSide[],
): string {
  const { name, estimate, x, threshold } = account;
  const inner = (point: ProfilePoint) =>
    point.deviance < threshold &&
    reachedBounds(likelihood, x, point.minimum.x).every((j) => likelihood.names[j] === name);
  const points = sides.flatMap((side) => side.points.filter(inner));
  if (points.length < 2) return '';
  const at = [estimate, ...points.map((point) => point.at)];
  const flat = points.every(({ deviance }) => deviance < 1e-3 * threshold);
  const parameter = likelihood.names.includes(name);
  const sentences: string[] = [];
  const moving: string[] = [];
  likelihood.names.forEach((other, j) => {
    if (other === name) return;
    const values = [x[j], ...points.map(({ minimum }) => minimum.x[j])];
    if (!moves(values)) return;
    const relation = parameter ? relationOf(at, values, flat ? 1e-3 : 0.02) : undefined;
    if (relation !== undefined) {
      const { kind, sign, value } = relation;
      sentences.push(
        flat
          ? `${name} and ${other} enter only as their ${kind} ${name} ${sign} ${other} = ${figure(value)}`
          : `the ${kind} ${name} ${sign} ${other} stays near ${figure(value)}`,
      );
    } else {
      const order = at.map((_, i) => i).sort((a, b) => at[a] - at[b]);
      moving.push(`${other} from ${figure(values[order[0]])} to ${figure(values[order[order.length - 1]])}`);
    }
  });
  if (moving.length > 0) sentences.push(`as ${name} grows, along goes ${moving.join(', ')}`);
  if (sentences.length === 0 && flat && parameter) sentences.push('nothing observed depends on it');
  return sentences.join('; ');
}

function moves(values: readonly number[]): boolean {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return high - low > 0.02 * Math.max(Math.abs(low), Math.abs(high));
}

interface Relation {
  readonly kind: 'product' | 'quotient' | 'sum' | 'difference';
  readonly sign: '*' | '/' | '+' | '-';
  readonly value: number;
}

/** Which simple combination of two columns is the same in every row. */
function relationOf(a: readonly number[], b: readonly number[], tolerance: number): Relation | undefined {
  const candidates = [
    ['product', '*', a.map((value, i) => value * b[i]), 0],
    ['quotient', '/', a.map((value, i) => value / b[i]), 0],
    ['sum', '+', a.map((value, i) => value + b[i]), 1],
    ['difference', '-', a.map((value, i) => value - b[i]), 1],
  ] as const;
  for (const [kind, sign, values, additive] of candidates) {
    const low = Math.min(...values);
    const high = Math.max(...values);
    // A sum of small terms is constant to the size of its terms: measured by how far they move.
    const size = additive === 1 ? Math.max(...a) - Math.min(...a) : Math.max(Math.abs(low), Math.abs(high));
    if (Number.isFinite(size) && high - low <= tolerance * size) return { kind, sign, value: values[0] };
  }
  return undefined;
}

/** Four significant digits. */
function figure(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e6 || size < 1e-3)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}
