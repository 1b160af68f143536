import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/html-report.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { writeReport } from '../../src/report/report-file.ts';
import { type Element, outline } from './html-outline.ts';
import { FULL, LEAST } from './sample.ts';

const plotly = 'window.Plotly = { react() {} };';

function texts(elements: readonly Element[], name: string): string[] {
  return elements.filter((element) => element.name === name).map((element) => element.text);
}

function figureData(elements: readonly Element[]): string {
  return elements.find((element) => element.attributes.get('id') === 'figure-data')!.text;
}

/** The same data with every string replaced. */
function withStrings<T>(value: T, replace: (text: string) => string): T {
  if (typeof value === 'string') return replace(value) as T;
  if (ArrayBuffer.isView(value) || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => withStrings(item, replace)) as T;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === 'kind' ? item : withStrings(item, replace),
  ]);
  return Object.fromEntries(entries) as T;
}

describe('the report', () => {
  it('is well-formed HTML, full or least, with plotly itself inside once', async () => {
    const html = await renderReport(FULL);
    const elements = outline(html);
    const sources = texts(elements, 'script').filter((text) => text.includes('plotly.js v'));
    expect(sources).toHaveLength(1);
    expect(sources[0].length).toBeGreaterThan(1e6);
    outline(await renderReport(LEAST));
  });

  it('fetches nothing: no address in any attribute, and a policy that forbids every connection', async () => {
    const elements = outline(await renderReport(FULL, { plotly }));
    for (const { name, attributes } of elements) {
      expect(['link', 'iframe', 'object', 'embed', 'img', 'base']).not.toContain(name);
      for (const attribute of ['src', 'href', 'srcset', 'data', 'action']) {
        expect(attributes.has(attribute)).toBe(false);
      }
    }
    expect(texts(elements, 'style').join('')).not.toMatch(/url\(|@import/);
    const policy = elements.find((element) => element.attributes.has('http-equiv'))!.attributes;
    expect(policy.get('http-equiv')).toBe('Content-Security-Policy');
    expect(policy.get('content')).toContain("default-src 'none'");
    expect(policy.get('content')).not.toMatch(/https?:|connect-src|\*/);
  });

  it('keeps figures on the reader’s machine: plotly’s upload button is off', async () => {
    const html = await renderReport(FULL, { plotly });
    expect(html).toContain('showSendToCloud: false');
  });

  it('shows every part that is given', async () => {
    const elements = outline(await renderReport(FULL, { plotly }));
    expect(texts(elements, 'h2')).toEqual(['Problem', 'Estimates', 'Solution', 'Training', 'Reproduction']);
    expect(texts(elements, 'h3')).toEqual(['Equations', 'Domain', 'Conditions', 'Data']);
    const plots = elements.filter((element) => element.attributes.get('class') === 'plots');
    expect(plots.map((element) => element.attributes.get('id'))).toEqual([
      'parameters',
      'trajectories',
      'surfaces',
      'slices',
      'loss',
      'residuals',
    ]);
    const page = texts(elements, 'body')[0];
    for (const text of ['763', '14 rows', 'built into the network', '3 min 20 s', 'no reference converged']) {
      expect(page).toContain(text);
    }
    expect(page).toContain('1.70 (1.64–1.77)');
    expect(texts(elements, 'pre')).toEqual(['ansatz solve influenza-1978 --seed 7']);
  });

  it('leaves no trace of parts that are absent or empty', async () => {
    const bare: ReportData = {
      ...LEAST,
      problem: { equations: [], conditions: [], constants: [] },
      notes: [],
      errors: [],
      residuals: [],
      estimates: { level: 0.95, methods: [], rows: [] },
      trajectories: { coordinate: { name: 't' }, fields: [] },
      history: { iterations: [], total: [] },
      parameters: { iterations: [], parameters: [] },
    };
    for (const data of [LEAST, bare]) {
      const elements = outline(await renderReport(data, { plotly }));
      expect(texts(elements, 'h2')).toEqual(['Reproduction']);
      expect(texts(elements, 'h3')).toEqual([]);
      expect(elements.filter((element) => element.name === 'script')).toEqual([]);
      expect(elements.filter((element) => element.name === 'ul')).toEqual([]);
      expect(elements.filter((element) => element.name === 'figure')).toHaveLength(1);
    }
  });

  it('typesets mathematics as MathML and falls back to text where TeX is malformed', async () => {
    const problem = { equations: [{ tex: '\\frac{dS}{dt}' }, { tex: '\\frac{', text: 'u < v' }] };
    const elements = outline(await renderReport({ ...LEAST, problem }, { plotly }));
    const math = elements.filter((element) => element.name === 'math');
    expect(math).toHaveLength(1);
    expect(math[0].attributes.get('display')).toBe('block');
    expect(elements.some((element) => element.name === 'mfrac')).toBe(true);
    expect(texts(elements, 'code')).toEqual(['u < v']);
  });

  it('escapes every text: no string in the data can open, close or change an element', async () => {
    const plain = outline(
      await renderReport(
        withStrings(FULL, () => 'x'),
        { plotly },
      ),
    );
    const shape = (elements: readonly Element[]) =>
      elements.filter((element) => !element.inside.includes('math') && !element.inside.includes('code'));
    for (const hostile of [
      '</script><script>alert(1)</script>',
      '<!--<script>',
      '</title></style></figcaption>',
      '"><img src=x onerror=alert(1)>',
      "' onload='alert(1)",
      '& &lt; $& $1 %{y} `',
      ']]>\u2028\u2029\u0000',
    ]) {
      const html = await renderReport(
        withStrings(FULL, () => hostile),
        { plotly },
      );
      const elements = outline(html);
      expect(elements.some((element) => element.name === 'img')).toBe(false);
      expect(elements.filter((element) => element.name === 'script')).toHaveLength(3);
      const count = shape(elements).filter((e) => !/^(math|code|span)$/.test(e.name)).length;
      expect(count).toBe(shape(plain).filter((e) => !/^(math|code|span)$/.test(e.name)).length);
      expect(texts(elements, 'h1')[0]).toBe(hostile.replace('\u0000', ''));
      expect(() => JSON.parse(figureData(elements))).not.toThrow();
    }
  });

  it('carries any title and name through unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), async (text) => {
        const html = await renderReport(
          { ...LEAST, title: text, notes: [{ kind: 'note', text }] },
          { plotly },
        );
        const elements = outline(html);
        expect(texts(elements, 'title')[0]).toBe(text);
        expect(texts(elements, 'li')[0]).toBe(`Note. ${text}`);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('keeps the plotting library’s source from ending its own element', async () => {
    const source = 'const a = "</script>", b = "<!--<script>", c = /<\\/SCRIPT/;';
    const elements = outline(await renderReport(FULL, { plotly: source }));
    const script = texts(elements, 'script')[1];
    const read = new Function(`${script}; return [a, b];`);
    expect(read()).toEqual(['</script>', '<!--<script>']);
  });

  it('refuses data whose lengths disagree and names the place', async () => {
    const surfaces = { ...FULL.surfaces!, fields: [{ name: 'u', solution: [1, 2, 3] }] };
    await expect(renderReport({ ...LEAST, surfaces }, { plotly })).rejects.toThrow(
      'surfaces.fields[0].solution: 3 values where the grid has 6',
    );
    const history = { iterations: [0, 1], total: [1] };
    await expect(renderReport({ ...LEAST, history }, { plotly })).rejects.toThrow('history.total');
    await expect(renderReport({ ...LEAST, title: '' }, { plotly })).rejects.toThrow('title');
  });
});

describe('writing a report', () => {
  it('replaces the file whole and leaves nothing beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'));
    try {
      const path = join(folder, 'report.html');
      await writeFile(path, 'old');
      await writeReport(path, LEAST);
      expect(await readFile(path, 'utf8')).toBe(await renderReport(LEAST, { plotly }));
      expect(await readdir(folder)).toEqual(['report.html']);
      await expect(writeReport(path, { ...LEAST, title: '' })).rejects.toThrow('title');
      expect(await readFile(path, 'utf8')).toContain('A run');
      await expect(writeReport(join(folder, 'absent', 'report.html'), LEAST)).rejects.toThrow('ENOENT');
      expect(await readdir(folder)).toEqual(['report.html']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
