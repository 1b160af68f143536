import { relaxedSimdBinary, simdBinary } from './generated/kernel-binary.ts';

/** A compiled module and what it is called. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  readonly backend: 'wasm-simd' | 'wasm-relaxed-simd';
}

let compiled: Promise<KernelModule> | undefined;
let ready: KernelModule | undefined;

/** The kernels, compiled once, with fused multiply–add where the runtime validates relaxed SIMD. */
export function kernelModule(): Promise<KernelModule> {
  compiled ??= compile().catch((failure) => {
    compiled = undefined;
    throw failure;
  });
  return compiled;
}

/** The kernels where they are compiled already; undefined else. */
export function readyKernelModule(): KernelModule | undefined {
  return ready;
}

async function compile(): Promise<KernelModule> {
  const relaxed = decode(relaxedSimdBinary);
  ready = WebAssembly.validate(relaxed)
    ? { module: await WebAssembly.compile(relaxed), backend: 'wasm-relaxed-simd' }
    : { module: await WebAssembly.compile(decode(simdBinary)), backend: 'wasm-simd' };
  return ready;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
