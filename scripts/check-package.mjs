/**
 * The package as its users get it: packed, linted, installed in an empty folder, imported, run, and bundled
 * for a browser. Builds first; takes about a minute. `npm run check:package`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ansatz-package-'));
const app = join(work, 'app');

function run(command, args, options = {}) {
  process.stdout.write(`${[command, ...args].join(' ').slice(0, 100)}\n`);
  return execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
}

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

/** Bundles the main entry for a browser; what is loaded at once must need nothing of Node. */
async function bundleForBrowser() {
  const entry = join(app, 'entry.js');
  writeFileSync(entry, "export { problem, solve } from 'ansatz';\n");
  const stubUsers = new Set();
  const bundle = await build({
    root: app,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
    plugins: [
      {
        name: 'users-of-node',
        generateBundle() {
          for (const id of this.getModuleIds())
            if (id.includes('browser-external'))
              for (const user of this.getModuleInfo(id)?.importers ?? []) stubUsers.add(user);
        },
      },
    ],
  });
  const chunks = new Map(
    bundle.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])),
  );
  const atOnce = new Set();
  const visit = (name) => {
    if (atOnce.has(name)) return;
    atOnce.add(name);
    const chunk = chunks.get(name);
    expect(chunk !== undefined, `the bundle imports ${name}, which is not in it`);
    for (const next of chunk.imports) visit(next);
  };
  for (const chunk of chunks.values()) if (chunk.isEntry) visit(chunk.fileName);
  for (const name of atOnce) {
    const { code, moduleIds } = chunks.get(name);
    expect(!/from\s*["']node:/.test(code), `${name} imports a module of Node`);
    // seedrandom, of mathjs, does without where there is none.
    const users = moduleIds.filter((id) => stubUsers.has(id) && !id.includes('/seedrandom/'));
    expect(users.length === 0, `a module of Node is needed at once by ${users.join(', ')}`);
  }
  const size = [...atOnce].reduce((sum, name) => sum + chunks.get(name).code.length, 0);
  process.stdout.write(
    `  ${(size / 1024).toFixed(0)} KiB at once, in ${atOnce.size} of ${chunks.size} chunks\n`,
  );
}

try {
  run('npm', ['run', 'build']);
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', work]),
  );
  const tarball = join(work, filename);
  process.stdout.write(run('npx', ['publint', tarball, '--strict']));
  run('npx', ['attw', tarball, '--profile', 'esm-only']);

  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: app });
  const program = `
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    import { problem, solve } from 'ansatz';
    import { catalogue, loadProblem } from 'ansatz/node';
    const schema = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('ansatz/problem.schema.json')), 'utf8'));
    if (!('equations' in schema.properties)) throw new Error('the schema lacks equations');
    if (catalogue().length < 10) throw new Error('the catalogue is not in the package');
    await loadProblem(catalogue()[0].file);
    const beam = problem({ name: 'beam', domain: { x: [0, 1] }, fields: ['u'], equations: ['u_xx = -1'],
      conditions: [{ on: 'boundary', equation: 'u = 0' }] });
    for (const engine of ['f64', 'tfjs']) {
      const solution = await solve(beam, { engine, optimizer: 'lbfgs', network: '8x2', points: 40, iterations: 400 });
      const error = Math.abs(solution.at({ x: 0.5 }).u - 0.125);
      if (!(error < 2e-3)) throw new Error(engine + ' is off by ' + error);
    }`;
  run(process.execPath, ['--input-type=module', '--eval', program], { cwd: app });
  expect(/^burgers /m.test(run('npx', ['ansatz', 'list'], { cwd: app })), 'ansatz list lacks burgers');
  const flags = [
    '--network',
    '8x2',
    '--target',
    '1e-2',
    '--time-limit',
    '20',
    '--report',
    'r.html',
    '--json',
  ];
  const result = JSON.parse(run('npx', ['ansatz', 'solve', 'damped-oscillator', ...flags], { cwd: app }));
  expect(Object.values(result.errors)[0].relativeL2 < 1e-2, 'ansatz solve is not accurate');
  process.stdout.write('browser bundle\n');
  await bundleForBrowser();
  process.stdout.write('the package is well\n');
} finally {
  rmSync(work, { recursive: true, force: true });
}
