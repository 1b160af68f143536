/** Reads the definition of a shape and says what is wrong with it. */
import { ProblemError } from '../errors.ts';
import { ball } from './ball.ts';
import { box } from './box.ts';
import { ellipse } from './ellipse.ts';
import { polygon } from './polygon.ts';
import { checkPolygon } from './polygon-check.ts';
import type { Interval, Primitive } from './primitive.ts';
import { readBox } from './read-box.ts';
import type { ShapeDefinition } from './shape-definition.ts';
import type { Combination, ShapeTree } from './shape-tree.ts';

const readers: Readonly<Record<string, (value: unknown, path: string) => Primitive>> = {
  interval: (value, path) => box([readInterval(value, path)]),
  box: (value, path) =>
    box(
      readBox(
        list(value, path, 1, 'lists of numbers').map((v, i) => readPoint(v, `${path}[${i}]`, undefined)),
        path,
      ),
    ),
  disk: (value, path) => readBall(value, path, 2),
  ball: (value, path) => readBall(value, path, undefined),
  ellipse: readEllipse,
  polygon: (value, path) => {
    const corners = list(value, path, 3, 'corners [x, y]').map((v, i) => readPoint(v, `${path}[${i}]`, 2));
    return polygon(checkPolygon(corners as [number, number][], path));
  },
};
const combinations = ['union', 'difference', 'intersection'] as const;
const kinds = [...Object.keys(readers), ...combinations];

function record(value: unknown, path: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProblemError(`not an object: ${JSON.stringify(value)}`, {
      path,
      hint: `an object with ${keys.join(', ')} is expected`,
    });
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new ProblemError(`unknown key \`${unknown}\``, { path, hint: `keys are ${keys.join(', ')}` });
  return value as Record<string, unknown>;
}

function list(value: unknown, path: string, least: number, what: string): unknown[] {
  if (!Array.isArray(value) || value.length < least)
    throw new ProblemError(`not a list of ${least} or more ${what}: ${JSON.stringify(value)}`, { path });
  return value;
}

function readNumber(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new ProblemError(`not a finite number: ${JSON.stringify(value)}`, { path });
  return value;
}

function readPositive(value: unknown, path: string): number {
  const number = readNumber(value, path);
  if (number <= 0) throw new ProblemError(`${number} is not positive`, { path, hint: 'lengths are above 0' });
  return number;
}

function readPoint(value: unknown, path: string, dimension: number | undefined): number[] {
  if (!Array.isArray(value) || value.length === 0 || (dimension !== undefined && value.length !== dimension))
    throw new ProblemError(`not a point${dimension === undefined ? '' : ` of ${dimension} coordinates`}`, {
      path,
      hint: `it is ${JSON.stringify(value)}`,
    });
  return value.map((v, i) => readNumber(v, `${path}[${i}]`));
}

function readInterval(value: unknown, path: string): Interval {
  if (!Array.isArray(value) || value.length !== 2)
    throw new ProblemError(`not an interval [low, high]: ${JSON.stringify(value)}`, { path });
  const [low, high] = value.map((v, i) => readNumber(v, `${path}[${i}]`));
  if (low >= high)
    throw new ProblemError(`the interval from ${low} to ${high} is empty`, {
      path,
      hint: 'an interval is [low, high], low below high',
    });
  return { low, high };
}

function readBall(value: unknown, path: string, dimension: number | undefined): Primitive {
  const { center, radius } = record(value, path, ['center', 'radius']);
  return ball(readPoint(center, `${path}.center`, dimension), readPositive(radius, `${path}.radius`));
}

function readEllipse(value: unknown, path: string): Primitive {
  const { center, radii, angle } = record(value, path, ['center', 'radii', 'angle']);
  const [x, y] = readPoint(center, `${path}.center`, 2);
  const [a, b] = readPoint(radii, `${path}.radii`, 2).map((r, i) => readPositive(r, `${path}.radii[${i}]`));
  return ellipse([x, y], [a, b], angle === undefined ? 0 : readNumber(angle, `${path}.angle`));
}

function readName(name: unknown, path: string): string | undefined {
  if (name === undefined) return undefined;
  if (typeof name !== 'string' || name.trim() === '' || /[|=]/.test(name) || name === 'boundary')
    throw new ProblemError(`not a name: ${JSON.stringify(name)}`, {
      path,
      hint: 'a name is a text without `|` and `=`, and not `boundary`, which is all of it',
    });
  return name;
}

/** Dimension of a tree whose parts agree in it. */
export function treeDimension(tree: ShapeTree): number {
  return tree.kind === 'primitive' ? tree.primitive.dimension : treeDimension(tree.children[0]);
}

/**
 * The definition as a tree of primitives.
 *
 * @param outermost `coordinates` is allowed there alone
 * @throws ProblemError where a key is unknown, a number missing, a shape empty, or dimensions differ.
 */
export function readShape(definition: unknown, path: string, outermost = true): ShapeTree {
  const extra = outermost ? ['name', 'coordinates'] : ['name'];
  const entries = record(definition, path, [...kinds, ...extra]);
  const given = kinds.filter((kind) => Object.hasOwn(entries, kind));
  if (given.length !== 1)
    throw new ProblemError(
      given.length === 0 ? 'no shape is given' : `both ${given.join(' and ')} are given`,
      { path, hint: `give one of ${kinds.join(', ')}` },
    );
  const [kind] = given;
  const name = readName(entries['name'], `${path}.name`);
  const place = `${path}.${kind}`;
  const tree = Object.hasOwn(readers, kind)
    ? readPrimitive(entries, kind, name, place)
    : readCombination(entries, kind as Combination['kind'], name, place);
  checkCoordinates(entries['coordinates'], treeDimension(tree), `${path}.coordinates`);
  return tree;
}

/** With a box's definition by its intervals, however it was written. */
function readPrimitive(
  entries: Record<string, unknown>,
  kind: string,
  name: string | undefined,
  path: string,
): ShapeTree {
  const primitive = readers[kind](entries[kind], path);
  const written = kind === 'box' ? { box: primitive.bounds.map(({ low, high }) => [low, high]) } : {};
  return { kind: 'primitive', name, definition: { ...entries, ...written } as ShapeDefinition, primitive };
}

function readCombination(
  entries: Record<string, unknown>,
  kind: Combination['kind'],
  name: string | undefined,
  path: string,
): ShapeTree {
  const children = readChildren(entries[kind], path);
  const definition = { ...entries, [kind]: children.map((child) => child.definition) } as ShapeDefinition;
  return { kind, name, definition, children };
}

function readChildren(value: unknown, path: string): ShapeTree[] {
  const children = list(value, path, 2, 'shapes').map((v, i) => readShape(v, `${path}[${i}]`, false));
  const dimension = treeDimension(children[0]);
  for (const [i, child] of children.entries())
    if (treeDimension(child) !== dimension)
      throw new ProblemError(
        `a shape in ${treeDimension(child)} dimensions is combined with one in ${dimension}`,
        { path: `${path}[${i}]`, hint: 'all shapes of a combination have the same dimension' },
      );
  return children;
}

function checkCoordinates(value: unknown, dimension: number, path: string): void {
  if (value === undefined) return;
  const names = list(value, path, 1, 'names');
  if (
    names.length !== dimension ||
    new Set(names).size !== dimension ||
    !names.every((n) => typeof n === 'string')
  )
    throw new ProblemError(`not ${dimension} different names: ${JSON.stringify(value)}`, {
      path,
      hint: 'one name for each coordinate of the shape',
    });
}
