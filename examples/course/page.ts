/** Where an example of the course puts its report: reports/course/<folder>/<name>.html. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportSection } from 'ansatz';
import { writeReport } from 'ansatz/node';

export interface CoursePage {
  readonly title: string;
  readonly notes?: readonly string[];
  readonly sections: readonly ReportSection[];
  readonly settings: {
    readonly seed: number;
    readonly backend?: string;
    readonly optimizer?: string;
    readonly network?: string;
  };
}

const started = performance.now();

/** @param example  `import.meta.url` of the example */
export async function coursePage(
  example: string,
  { title, notes, sections, settings }: CoursePage,
): Promise<void> {
  const file = fileURLToPath(example);
  const [folder, name] = [basename(dirname(file)), basename(file, '.ts')];
  const path = join('reports', 'course', folder, `${name}.html`);
  await mkdir(dirname(path), { recursive: true });
  await writeReport(path, {
    title,
    notes: notes?.map((text) => ({ kind: 'note', text })),
    sections,
    settings: {
      engine: settings.backend === undefined ? 'float64' : 'tfjs',
      optimizer: '',
      ...settings,
      command: `npx tsx examples/${folder}/${name}.ts`,
      seconds: (performance.now() - started) / 1000,
    },
  });
  console.log(`Report: ${path}`);
}
