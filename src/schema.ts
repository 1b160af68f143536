/** Writes the problem format as JSON Schema to the file named on the command line; part of the build. */
import { writeFileSync } from 'node:fs';
import { problemJsonSchema } from './problem/index.ts';

writeFileSync(process.argv[2], `${JSON.stringify(problemJsonSchema(), null, 2)}\n`);
