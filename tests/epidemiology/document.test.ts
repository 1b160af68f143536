import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compartmentModels } from '../../src/epidemiology/index.ts';

test('the document lists every named model with its flows and its reproduction numbers', () => {
  const rows = readFileSync(join(import.meta.dirname, '../../docs/epidemiology.md'), 'utf8').split('\n');
  for (const [name, { flows, reproductionNumbers }] of Object.entries(compartmentModels)) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
    const cells = row?.split(' | ') ?? [];
    expect(cells[1], name).toBe(flows.map((flow) => `\`${flow}\``).join('<br>'));
    const forms = Object.values(reproductionNumbers).map((text) => `\`${text}\``);
    expect(cells[2], name).toBe(`${forms.length === 0 ? '∞' : forms.join('; ')} |`);
  }
});
