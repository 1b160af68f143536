/** The notations of partial derivatives: Leibniz' dS/dt and d2u/dx2, and subscripts as in u_xt. */
import { ProblemError } from '../errors.ts';
import type { Scope } from './scope.ts';

/** Derivatives of a higher total order are refused: activations state theirs to that order. */
export const MAXIMUM_ORDER = 4;

export interface LeibnizDerivative {
  /** What is derived: a field's name, perhaps with subscripts. */
  readonly name: string;
  /** Names of the coordinates, one for each derivation. */
  readonly along: readonly string[];
  /** Position behind the notation. */
  readonly end: number;
}

const letter = 'A-Za-z_\\u00C0-\\u02AF\\u0370-\\u03FF\\u2100-\\u214F';
const head = new RegExp(`[d∂](?:\\^?(\\d+) ?)?([${letter}][${letter}0-9]*) */ *(?=[d∂])`, 'y');
const word = new RegExp(`[${letter}][${letter}0-9]*`, 'y');
const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && new RegExp(`[${letter}0-9]`).test(character);

/** Whether the name has a declared meaning. */
export function isDeclared(name: string, scope: Scope): boolean {
  return (
    scope.coordinates.includes(name) ||
    scope.fields.has(name) ||
    scope.constants.has(name) ||
    scope.unknowns.has(name) ||
    scope.functions.has(name)
  );
}

/**
 * Reads `dS/dt`, `d2u/dx2`, `d^2u/dx^2`, `d2u/dxdt`, also with ∂ for d, at a position of the text. Returns
 * undefined where something else stands there, above all where `dS` or `dt` is a declared name itself.
 * Without a scope, any letter names a coordinate, and names in the numerator have one letter.
 */
export function readLeibniz(
  text: string,
  at: number,
  scope: Scope | undefined,
  path: string,
): LeibnizDerivative | undefined {
  head.lastIndex = at;
  const match = head.exec(text);
  if (match === null) return undefined;
  const name = match[2];
  const order = match[1] === undefined ? 1 : Number(match[1]);
  if (scope === undefined) {
    if (match[1] === undefined && !/^\p{L}(_?\d+)?$/u.test(name)) return undefined;
  } else {
    word.lastIndex = at;
    const whole = word.exec(text)?.[0];
    if (whole !== undefined && isDeclared(whole, scope)) return undefined;
  }
  const coordinates = scope?.coordinates ?? [...'xyzrstXYZ', 'theta', 'phi', 'tau'];
  const readings = denominators(text, at + match[0].length, coordinates, scope);
  if (readings.length === 0) return undefined;
  const fitting = readings.filter((reading) => reading.along.length === order);
  if (fitting.length === 0) {
    throw new ProblemError(`the orders above and below in the derivative of \`${name}\` differ`, {
      path,
      column: at + 1,
      hint: `write d2${name}/dx2 for a second derivative, (d${name}/dx)^2 for a square`,
    });
  }
  const { along, end } = fitting.reduce((a, b) => (b.end > a.end ? b : a));
  return { name, along, end };
}

interface Denominator {
  readonly along: readonly string[];
  readonly end: number;
}

/** Every way to read dx2, dxdt, dx^2 dt … from a position on. */
function denominators(
  text: string,
  start: number,
  coordinates: readonly string[],
  scope: Scope | undefined,
): Denominator[] {
  const found: Denominator[] = [];
  const visit = (at: number, along: readonly string[]): void => {
    if (along.length > 0 && !isWordCharacter(text[at]) && !/^ *\^/.test(text.slice(at, at + 9))) {
      found.push({ along, end: at });
    }
    if (along.length > 2 * MAXIMUM_ORDER) return;
    const from = along.length > 0 && text[at] === ' ' ? at + 1 : at;
    if (text[from] !== 'd' && text[from] !== '∂') return;
    word.lastIndex = from;
    const whole = word.exec(text)?.[0];
    if (scope !== undefined && whole !== undefined && isDeclared(whole, scope)) return;
    for (const name of coordinates) {
      if (!text.startsWith(name, from + 1)) continue;
      const after = from + 1 + name.length;
      visit(after, [...along, name]);
      const power = /^\^?(\d)/.exec(text.slice(after, after + 2));
      if (power !== null) {
        const times = new Array<string>(Number(power[1])).fill(name);
        visit(after + power[0].length, [...along, ...times]);
      }
    }
  };
  visit(start, []);
  return found;
}

/**
 * Every way to read the text as names of coordinates one after another, the longest names first: `xx` as
 * x, x, and `xtheta` as x, theta. Texts of more than 100 characters have none.
 */
export function readSubscripts(text: string, coordinates: readonly string[]): string[][] {
  if (text.length > 100) return [];
  const sorted = [...coordinates].sort((a, b) => b.length - a.length);
  // the readings of each suffix are found once, and eight of them kept: their number grows exponentially
  const readings: string[][][] = new Array(text.length + 1);
  readings[text.length] = [[]];
  for (let at = text.length - 1; at >= 0; at--) {
    readings[at] = [];
    for (const name of sorted) {
      if (!text.startsWith(name, at)) continue;
      for (const rest of readings[at + name.length]) {
        if (readings[at].length < 8) readings[at].push([name, ...rest]);
      }
    }
  }
  return readings[0];
}
