/** What a schema allows at a place inside it. */
import type { z } from 'zod';

export type Schema = z.core.$ZodType;

/** The alternatives that a schema stands for: optional parts and unions taken apart. */
export function alternativesOf(schema: Schema): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional') return alternativesOf(def.innerType);
  if (def.type === 'union') return (def.options as readonly Schema[]).flatMap(alternativesOf);
  return [schema];
}

function childrenOf(schema: Schema, key: PropertyKey): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, key) ? [def.shape[String(key)]] : [];
    case 'record':
      return [def.valueType as Schema];
    case 'array':
      return [def.element];
    case 'tuple':
      return typeof key === 'number' && def.items[key] !== undefined ? [def.items[key]] : [];
    default:
      return [];
  }
}

/** Every schema, none of them a union, that a value at the path may follow. */
export function schemasAt(schemas: readonly Schema[], path: readonly PropertyKey[]): Schema[] {
  return path.reduce<Schema[]>(
    (current, key) => current.flatMap((schema) => childrenOf(schema, key)).flatMap(alternativesOf),
    schemas.flatMap(alternativesOf),
  );
}

/** The keys of the objects among the schemas. */
export function keysOf(schemas: readonly Schema[]): string[] {
  const keys = schemas.flatMap((schema) => {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** A type of the schema in words. */
export function nounOf(type: string): string {
  return nouns[type] ?? type;
}

/** What the schemas allow, in words: "a text or an object". */
export function kindsOf(schemas: readonly Schema[]): string {
  const kinds = [...new Set(schemas.map((schema) => nounOf((schema as z.core.$ZodTypes)._zod.def.type)))];
  return kinds.length < 2 ? kinds.join('') : `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`;
}
