/** Shapes in words. */
import type { ShapeDefinition } from '../geometry/shape.ts';

const rounded = (value: number): string => String(Number(value.toPrecision(6)));

/** A shape in words: "box [-1, 1] x [-1, 1] without disk (hole)". */
export function shapeWords(shape: ShapeDefinition): string {
  const name = shape.name === undefined ? '' : ` (${shape.name})`;
  const several = (parts: readonly ShapeDefinition[], word: string): string =>
    parts.map((part) => ('union' in part ? `(${shapeWords(part)})` : shapeWords(part))).join(` ${word} `);
  if ('union' in shape) return `${several(shape.union, 'and')}${name}`;
  if ('difference' in shape) return `${several(shape.difference, 'without')}${name}`;
  if ('intersection' in shape) return `${several(shape.intersection, 'within')}${name}`;
  const point = (values: readonly number[]): string => `(${values.map(rounded).join(', ')})`;
  if ('disk' in shape || 'ball' in shape) {
    const [word, { center, radius }] = 'disk' in shape ? ['disk', shape.disk] : ['ball', shape.ball];
    return `${word} of radius ${rounded(radius)} around ${point(center)}${name}`;
  }
  if ('ellipse' in shape) return `ellipse around ${point(shape.ellipse.center)}${name}`;
  if ('polygon' in shape) return `polygon of ${shape.polygon.length} corners${name}`;
  const intervals = 'box' in shape ? shape.box : [shape.interval];
  return `${intervals.map(([low, high]) => `[${rounded(low)}, ${rounded(high)}]`).join(' × ')}${name}`;
}
