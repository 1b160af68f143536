import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';

const pages = ['docs/problem-language.md', 'docs/operators.md'];
const blocks = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text)),
);

describe('the pages on the problem language', () => {
  it.each(blocks.map((definition) => [definition.name, definition]))(
    '%s is a problem',
    (name, definition) => {
      expect(problem(definition).name).toBe(name);
    },
  );
});
