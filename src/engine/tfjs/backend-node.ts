/** The native backends, in Node alone. */
import { createRequire } from 'node:module';
import type { TensorLibrary } from './tensor-arithmetic.ts';

const require = createRequire(import.meta.url);

/**
 * Loads tfjs-node or tfjs-node-gpu, which are optional peers: absent unless the user installed one.
 *
 * @returns the library with the backend `tensorflow` registered, or the reason why there is none
 */
export async function importNative(
  name: 'tfjs-node' | 'tfjs-node-gpu',
): Promise<{ tf: TensorLibrary } | { reason: string; hint: string }> {
  const specifier = `@tensorflow/${name}`;
  const hint = `npm install ${specifier}`;
  // TensorFlow's C library logs to stderr as it starts.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Node 23 removed a function that tfjs-node 4.22 calls.
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  try {
    const module = await import(specifier);
    return { tf: (module.default ?? module) as TensorLibrary };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const absent = code === 'ERR_MODULE_NOT_FOUND' && message.includes(specifier);
    if (absent) return { reason: `${specifier} is not installed`, hint };
    const reason = String(message ?? error).split('\n')[0];
    return {
      reason,
      hint: `its native part is missing or does not fit: npm rebuild ${specifier} --build-from-source`,
    };
  }
}
