/** The course of a training run, thinned so that a long run stays small. */

/** What is recorded at one iteration. */
export interface HistoryEntry {
  readonly iteration: number;
  readonly seconds: number;
  readonly loss: number;
  /** Mean square of each block, weights taken out, in the order of the blocks. */
  readonly terms: readonly number[];
  /** Unknowns in the user's units, in the problem's order. */
  readonly unknowns: readonly number[];
}

export interface Phase {
  readonly name: string;
  /** Iteration at which it begins. */
  readonly start: number;
}

export interface HistoryRecord {
  readonly entries: readonly HistoryEntry[];
  readonly phases: readonly Phase[];
}

const capacity = 1000;

/** Keeps every entry at first; when full, every second one is dropped and the stride doubles. */
export class History {
  private entries: HistoryEntry[];
  private readonly phases: Phase[];
  private stride = 1;

  constructor(from?: HistoryRecord) {
    this.entries = [...(from?.entries ?? [])];
    this.phases = [...(from?.phases ?? [])];
    while (this.entries.length > capacity) this.thin();
  }

  private thin(): void {
    this.entries = this.entries.filter((_, i) => i % 2 === 0);
    this.stride *= 2;
  }

  startPhase(name: string, iteration: number): void {
    this.phases.push({ name, start: iteration });
  }

  /** Whether the entry of this iteration would be kept. */
  wants(iteration: number): boolean {
    return iteration % this.stride === 0;
  }

  add(entry: HistoryEntry): void {
    if (!this.wants(entry.iteration)) return;
    this.entries.push(entry);
    if (this.entries.length > capacity) this.thin();
  }

  record(): HistoryRecord {
    return { entries: this.entries, phases: this.phases };
  }
}
