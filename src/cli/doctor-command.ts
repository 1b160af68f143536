import { availableParallelism } from 'node:os';
import { probeBackends } from '../engine/tfjs/index.ts';
import { versions } from './versions.ts';

/** `ansatz doctor`: which engines and backends load here, and why the others do not. */
export async function doctorCommand(): Promise<void> {
  const lines = [
    `ansatz ${versions().ansatz}, node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`,
    '',
    'engine f64',
  ];
  lines.push(`  ${await f64State()}`, '', 'engine tfjs');
  for (const { name, loads, reason, hint } of await probeBackends()) {
    lines.push(`  ${name.padEnd(14)} ${loads ? 'loads' : `does not load: ${reason}`}`);
    if (hint !== undefined) lines.push(`  ${''.padEnd(14)} ${hint}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Solves one equation with the float64 engine, to see that it works and not only that it is there. */
async function f64State(): Promise<string> {
  try {
    const { probeF64 } = await import('../engine/f64/index.ts');
    return await probeF64();
  } catch (error) {
    return `does not load: ${(error as Error).message}`;
  }
}
