import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { indexPage, reportPath } from '../../examples/course/index-page.ts';
import { sessions } from '../../examples/course/sessions.ts';

const listed = sessions.flatMap(({ examples }) => examples);

describe('the course', () => {
  test('lists every example in its folders, and only what is there', () => {
    for (const { file } of listed) expect(existsSync(`examples/${file}`), file).toBe(true);
    const folders = ['foundations', 'session-1', 'session-2', 'session-3'];
    const there = folders.flatMap((folder) =>
      readdirSync(`examples/${folder}`)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/${file}`),
    );
    expect(there.filter((file) => !listed.some((own) => own.file === file))).toEqual([]);
  });

  test('has its map in the README', () => {
    const readme = readFileSync('README.md', 'utf8');
    for (const { file } of listed) expect(readme, file).toContain(`examples/${file}`);
  });

  test('leads from its index to every report that was written', () => {
    const [first, second] = listed;
    const page = indexPage(
      new Map([
        [first.file, { seconds: 12 }],
        [second.file, { seconds: 1, failure: 'failed (exit code 1)' }],
      ]),
    );
    expect(page).toContain(`href="${reportPath(first).replace('reports/course/', '')}"`);
    expect(page).not.toContain(`href="${reportPath(second).replace('reports/course/', '')}"`);
    expect(page).toContain('failed (exit code 1)');
    expect(page).toContain('not run yet');
  });
});
