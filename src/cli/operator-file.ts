/** Trained operators on disk. */
import { readFileSync } from 'node:fs';
import { ProblemError } from '../errors.ts';
import { operatorFrom, type TrainedOperator } from '../operator/index.ts';
import { writeFileAtomically } from '../report/atomic-file.ts';
import { parseJson } from './json-text.ts';

/** Writes the file whole or not at all. */
export async function saveOperator(operator: TrainedOperator, file: string): Promise<void> {
  await writeFileAtomically(file, JSON.stringify(operator.save()));
}

/** @throws ProblemError where there is no such file, or what stands in it is no operator, of another version, or damaged */
export async function loadOperator(file: string): Promise<TrainedOperator> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProblemError(
      code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code})`,
      {
        path: file,
      },
    );
  }
  return operatorFrom(parseJson(text, file));
}
