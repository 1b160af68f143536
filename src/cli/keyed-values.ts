/** Option values with keys: "conditions=100,equations=1", "rar,every=50,add=20". */
import { InvalidArgumentError } from 'commander';

function numberFor(key: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError(`Give a number for ${key}.`);
  return value;
}

function entryOf(part: string): [string, number] {
  const [key, value, ...rest] = part.split('=');
  if (value === undefined || rest.length > 0 || key.trim() === '')
    throw new InvalidArgumentError(`"${part.trim()}" is no key=number.`);
  return [key.trim(), numberFor(key.trim(), value)];
}

/** "a=1,b=2" as { a: 1, b: 2 }. */
export function keyedNumbers(text: string): Record<string, number> {
  return Object.fromEntries(text.split(',').map(entryOf));
}

/** "kind" as it stands, "kind,a=1" as { kind, a: 1 }. */
export function kindWithNumbers(text: string): string | Record<string, string | number> {
  const [kind, ...parts] = text.split(',');
  if (parts.length === 0) return kind.trim();
  return { kind: kind.trim(), ...Object.fromEntries(parts.map(entryOf)) };
}

/** "10" as { parts: 10 }, "on" and "off" as true and false. */
export function partsOrSwitch(text: string): boolean | { parts: number } {
  if (text === 'on' || text === 'off') return text === 'on';
  return { parts: numberFor('the parts', text) };
}
