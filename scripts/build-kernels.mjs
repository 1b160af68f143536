// Compiles kernels/ to WebAssembly, with and without relaxed SIMD, bundles the workers of the f64 engine,
// the bootstrap, ensembles, operator data and physics-informed operators, and writes all as TypeScript modules, so that neither Node nor a browser has a file to load. With KERNEL_NAMES=1
// the functions keep their names, for profiles.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

async function compile(...flags) {
  let binary;
  const options = [
    '-O3',
    ...(process.env.KERNEL_NAMES ? ['--debug'] : []),
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--use',
    'abort=',
  ];
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', `${root}kernels`, '-o', 'kernels.wasm', ...options, ...flags],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
    },
  );
  if (error) throw new Error(`the kernels do not compile: ${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

function write(room, name, text) {
  const generated = `${root}src/${room}/generated`;
  mkdirSync(generated, { recursive: true });
  writeFileSync(`${generated}/${name}.tmp`, `// Written by scripts/build-kernels.mjs.\n${text}`);
  renameSync(`${generated}/${name}.tmp`, `${generated}/${name}`);
}

async function bundleWorker(room) {
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      write: false,
      target: 'es2022',
      // A worker starts no workers of its own, and loads no tfjs.
      rollupOptions: { external: (id) => /^node:|\/tfjs|(node|browser)-worker/.test(id) },
      lib: { entry: `${root}src/${room}/worker.ts`, name: 'worker', formats: ['iife'], fileName: 'worker' },
    },
  });
  write(room, 'worker-code.ts', `export const workerCode = ${JSON.stringify(output[0].code)};\n`);
}

const simd = await compile('--enable', 'simd');
const relaxed = await compile('--enable', 'simd', '--enable', 'relaxed-simd');
write(
  'engine/f64',
  'kernel-binary.ts',
  `export const simdBinary =\n  '${simd}';\nexport const relaxedSimdBinary =\n  '${relaxed}';\n`,
);
await bundleWorker('engine/f64');
await bundleWorker('estimate/replicate');
await bundleWorker('estimate/member');
await bundleWorker('operator/data');
await bundleWorker('operator/physics');
