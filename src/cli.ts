#!/usr/bin/env node
import { main } from './cli/main.ts';

// The reader of a pipe may have seen enough (`ansatz list | head -1`).
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });

process.exitCode = await main(process.argv.slice(2));
