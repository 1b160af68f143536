/** Which tfjs backend does the arithmetic: the one asked for, or the first that loads. */
import { ProblemError } from '../../errors.ts';
import type { TensorLibrary } from './tensor-arithmetic.ts';

export type BackendName = 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu' | 'webgl' | 'webgpu';

/** Whether a backend loads here. */
export interface BackendReport {
  readonly name: BackendName;
  readonly loads: boolean;
  /** Why it does not. */
  readonly reason?: string;
  /** What would change that. */
  readonly hint?: string;
}

export interface LoadedBackend {
  readonly name: BackendName;
  readonly tf: TensorLibrary;
  /** The name under which tfjs knows it. */
  readonly registered: string;
  /** False where reading a tensor back has to be awaited. */
  readonly synchronous: boolean;
}

export interface BackendOptions {
  /** Default: the first that loads. */
  readonly backend?: BackendName;
  /** In browsers: the folder, with a slash at the end, from which the wasm backend's files are served. */
  readonly wasmPath?: string;
}

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/** Every backend that may exist here, the preferred one first. */
export const backendNames: readonly BackendName[] = inNode
  ? ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']
  : ['webgpu', 'webgl', 'wasm', 'cpu'];

class BackendFailure extends Error {
  readonly hint: string | undefined;

  constructor(reason: string, hint?: string) {
    super(reason);
    this.hint = hint;
  }
}

/**
 * Loads a backend and makes it the active one of the tfjs library.
 *
 * @throws ProblemError if the backend asked for does not load, with the reason and with what does load
 */
export async function loadBackend({ backend, wasmPath }: BackendOptions = {}): Promise<LoadedBackend> {
  if (backend !== undefined) {
    const outcome = await attempt(backend, wasmPath);
    if (!('reason' in outcome)) return outcome;
    const others: BackendName[] = [];
    for (const name of backendNames.filter((other) => other !== backend)) {
      if (!('reason' in (await attempt(name, wasmPath)))) others.push(name);
    }
    const advice = outcome.hint === undefined ? '' : `; ${outcome.hint}`;
    throw new ProblemError(`the backend ${backend} does not load: ${outcome.reason}`, {
      hint: `${others.join(', ')} would load here${advice}`,
    });
  }
  const reasons: string[] = [];
  for (const name of backendNames) {
    const outcome = await attempt(name, wasmPath);
    if (!('reason' in outcome)) return outcome;
    reasons.push(`${name}: ${outcome.reason}`);
  }
  throw new ProblemError(`no tfjs backend loads here (${reasons.join('; ')})`);
}

/** Tries every backend that may exist here. */
export async function probeBackends(options: Omit<BackendOptions, 'backend'> = {}): Promise<BackendReport[]> {
  const reports: BackendReport[] = [];
  for (const name of backendNames) {
    const outcome = await attempt(name, options.wasmPath);
    if ('reason' in outcome) reports.push({ name, loads: false, ...outcome });
    else reports.push({ name, loads: true });
  }
  return reports;
}

async function attempt(
  name: BackendName,
  wasmPath: string | undefined,
): Promise<LoadedBackend | { reason: string; hint?: string }> {
  try {
    return await load(name, wasmPath);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    const hint = error instanceof BackendFailure ? error.hint : undefined;
    return hint === undefined ? { reason } : { reason, hint };
  }
}

async function load(name: BackendName, wasmPath: string | undefined): Promise<LoadedBackend> {
  if (name === 'tfjs-node' || name === 'tfjs-node-gpu') {
    if (!inNode) throw new BackendFailure('it is a native module of Node');
    const { importNative } = await import('./backend-node.ts');
    const native = await importNative(name);
    if (!('tf' in native)) throw new BackendFailure(native.reason, native.hint);
    await activate(native.tf, 'tensorflow');
    return { name, tf: native.tf, registered: 'tensorflow', synchronous: true };
  }
  const tf = await importLibrary();
  if (name === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    if (wasmPath !== undefined) wasm.setWasmPaths(wasmPath);
  }
  if (name === 'webgpu' && tf.findBackendFactory('webgpu') === null) await importWebgpu();
  if (tf.findBackendFactory(name) === null) throw new BackendFailure('it exists in browsers only');
  await activate(tf, name);
  return { name, tf, registered: name, synchronous: name === 'wasm' || name === 'cpu' };
}

async function importLibrary(): Promise<TensorLibrary> {
  const module = await import('@tensorflow/tfjs');
  return module;
}

async function importWebgpu(): Promise<void> {
  // By a variable, so that neither compiler nor bundler looks for a package that need not be there.
  const specifier = '@tensorflow/tfjs-backend-webgpu';
  try {
    await import(/* @vite-ignore */ specifier);
  } catch {
    throw new BackendFailure(`${specifier} is not installed`, `npm install ${specifier}`);
  }
}

async function activate(tf: TensorLibrary, registered: string): Promise<void> {
  // The cpu backend greets on the console at its first tensor, unless told that this is production.
  const flags = tf.env();
  const production = flags.getBool('PROD');
  flags.set('PROD', true);
  try {
    if (!(await tf.setBackend(registered))) throw new BackendFailure('its initialisation failed');
    const probe = tf.tensor1d([1, 2]);
    const doubled = tf.add(probe, probe);
    const sum = (await doubled.data())[1];
    probe.dispose();
    doubled.dispose();
    if (sum !== 4) throw new BackendFailure('it computes 2 + 2 wrongly');
  } finally {
    flags.set('PROD', production);
  }
}
