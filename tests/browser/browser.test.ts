import { accessSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { createF64Engine } from '../../src/engine/f64/index.ts';
import { bootstrappedSlopes, type EvaluationResult, evaluation } from './entry.ts';

/** The first browser on the path that speaks Chromium's protocol. */
function browserPath(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const candidates = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate);
      return true;
    } catch {
      return false;
    }
  });
}

const executablePath = browserPath();
let browser: Browser | undefined;
let server: Server | undefined;
let address = '';

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Serves the bundled entry and a page that loads it. */
async function serve(): Promise<string> {
  const bundle = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: fileURLToPath(new URL('entry.ts', import.meta.url)) },
    },
  })) as Rolldown.RolldownOutput;
  const files = new Map(
    bundle.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
  const entry = bundle.output.find((file) => file.type === 'chunk' && file.isEntry)!.fileName;
  server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.setHeader('content-type', file === undefined ? 'text/html' : 'text/javascript');
    response.end(file ?? `<script type="module" src="/${entry}"></script>`);
  });
  await new Promise<void>((resolve) => {
    server!.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function opened(): Promise<Page> {
  if (browser === undefined) {
    address = await serve();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction('globalThis.evaluation');
  return page;
}

describe.skipIf(executablePath === undefined)('in a browser', () => {
  it('the engine has the values that it has in Node, on one thread and on two', async () => {
    const page = await opened();
    const expected = await evaluation(createF64Engine, 1);
    for (const threads of [1, 2]) {
      const found = (await page.evaluate(`globalThis.evaluation(${threads})`)) as EvaluationResult;
      expect(found.backend.endsWith('(2 threads)')).toBe(threads === 2);
      expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-13);
      expect(Math.abs(found.gradient / expected.gradient - 1)).toBeLessThan(1e-12);
      expect(Math.abs(found.trace / expected.trace - 1)).toBeLessThan(1e-12);
    }
  });

  it('the bootstrap has the replicates that it has in Node, in workers too', async () => {
    const page = await opened();
    const expected = await bootstrappedSlopes(1);
    for (const threads of [1, 2]) {
      const found = (await page.evaluate(`globalThis.bootstrappedSlopes(${threads})`)) as number[];
      expect(found).toHaveLength(expected.length);
      for (const [i, slope] of found.entries()) expect(Math.abs(slope / expected[i] - 1)).toBeLessThan(1e-9);
    }
  });
});
