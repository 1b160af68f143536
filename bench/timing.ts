/** Durations of repeated runs. */

export interface Timing {
  /** Milliseconds; the shortest run: other work on the machine only ever adds. */
  readonly shortest: number;
  /** Milliseconds. */
  readonly median: number;
  readonly runs: number;
}

/** Repeats a run for so many seconds, at least five times, after a warm-up of a fifth of that time. */
export async function timed(run: () => unknown, seconds: number): Promise<Timing> {
  const warmUntil = performance.now() + 200 * seconds;
  do await run();
  while (performance.now() < warmUntil);
  const durations: number[] = [];
  const until = performance.now() + 1000 * seconds;
  while (durations.length < 5 || performance.now() < until) {
    const start = performance.now();
    await run();
    durations.push(performance.now() - start);
  }
  durations.sort((a, b) => a - b);
  return {
    shortest: durations[0],
    median: durations[durations.length >> 1],
    runs: durations.length,
  };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
