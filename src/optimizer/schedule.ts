import { ProblemError } from '../errors.ts';

/** How the learning rate depends on the iteration (counted from 0), as data. */
export type Schedule =
  /** η_t = rate. */
  | { readonly kind: 'constant'; readonly rate: number }
  /** η_t = rate · factor^(t / every), with t / every rounded down if `staircase`; not below `minimum` (0). */
  | {
      readonly kind: 'exponential';
      readonly rate: number;
      readonly factor: number;
      readonly every: number;
      readonly staircase?: boolean;
      readonly minimum?: number;
    }
  /** Half a cosine from `rate` to `final` (0) over `iterations`, then `final`; Loshchilov and Hutter, ICLR 2017. */
  | { readonly kind: 'cosine'; readonly rate: number; readonly iterations: number; readonly final?: number }
  /** Linear from `from` (0) times the rate of `next` up to it over `iterations`; then `next`, counted from its own 0. */
  | { readonly kind: 'warm-up'; readonly iterations: number; readonly from?: number; readonly next: Schedule }
  /**
   * The rate is multiplied by `factor` (0.5) whenever the loss has not fallen below (1 − `threshold` (1e-4)) times
   * its best over `patience` (100) iterations; not below `minimum` (0).
   */
  | {
      readonly kind: 'plateau';
      readonly rate: number;
      readonly factor?: number;
      readonly patience?: number;
      readonly threshold?: number;
      readonly minimum?: number;
    };

/** What reduce-on-plateau has seen so far; the other schedules need no memory. */
export interface PlateauMemory {
  readonly best: number;
  /** Iterations since the best loss. */
  readonly waited: number;
  /** How often the rate has been reduced. */
  readonly reductions: number;
}

/** Nothing seen yet; the best loss is finite so that it can be stored as JSON. */
export const noPlateau: PlateauMemory = { best: Number.MAX_VALUE, waited: 0, reductions: 0 };

/** The learning rate of `iteration`, counted from 0. */
export function rateAt(schedule: Schedule, iteration: number, memory: PlateauMemory = noPlateau): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'exponential': {
      const periods = iteration / schedule.every;
      const decay = schedule.factor ** (schedule.staircase ? Math.floor(periods) : periods);
      return Math.max(schedule.minimum ?? 0, schedule.rate * decay);
    }
    case 'cosine': {
      const final = schedule.final ?? 0;
      const share = Math.min(1, iteration / schedule.iterations);
      return final + ((schedule.rate - final) * (1 + Math.cos(Math.PI * share))) / 2;
    }
    case 'warm-up': {
      const target = rateAt(schedule.next, Math.max(0, iteration - schedule.iterations), memory);
      if (iteration >= schedule.iterations) return target;
      const from = schedule.from ?? 0;
      // Counting from 1, so that the first iteration moves even when `from` is 0.
      return target * (from + ((1 - from) * (iteration + 1)) / schedule.iterations);
    }
    case 'plateau':
      return Math.max(schedule.minimum ?? 0, schedule.rate * (schedule.factor ?? 0.5) ** memory.reductions);
  }
}

/** The plateau memory after a loss has been seen; schedules without a plateau leave it as it is. */
export function observeLoss(schedule: Schedule, memory: PlateauMemory, loss: number): PlateauMemory {
  if (schedule.kind === 'warm-up') return observeLoss(schedule.next, memory, loss);
  if (schedule.kind !== 'plateau') return memory;
  const threshold = schedule.threshold ?? 1e-4;
  if (loss < memory.best - threshold * Math.abs(memory.best)) {
    return { best: loss, waited: 0, reductions: memory.reductions };
  }
  const waited = memory.waited + 1;
  return waited >= (schedule.patience ?? 100)
    ? { best: memory.best, waited: 0, reductions: memory.reductions + 1 }
    : { ...memory, waited };
}

/** @throws ProblemError when a rate, a factor or a length of the schedule is out of its range. */
export function checkSchedule(schedule: Schedule, path = 'schedule'): void {
  const require = (key: string, value: number | undefined, low: number, high: number, open: boolean) => {
    if (value === undefined) return;
    if ((open ? value > low : value >= low) && value <= high) return;
    const range =
      high === Number.POSITIVE_INFINITY
        ? `${open ? 'greater than' : 'at least'} ${low}`
        : `in (${low}, ${high}]`;
    throw new ProblemError(`${key} is ${value}`, { path: `${path}.${key}`, hint: `it must be ${range}` });
  };
  const infinity = Number.POSITIVE_INFINITY;
  if (schedule.kind !== 'warm-up') require('rate', schedule.rate ?? Number.NaN, 0, infinity, true);
  switch (schedule.kind) {
    case 'constant':
      return;
    case 'exponential':
      require('factor', schedule.factor ?? Number.NaN, 0, 1, true);
      require('every', schedule.every ?? Number.NaN, 0, infinity, true);
      require('minimum', schedule.minimum, 0, infinity, false);
      return;
    case 'cosine':
      require('iterations', schedule.iterations ?? Number.NaN, 0, infinity, true);
      require('final', schedule.final, 0, infinity, false);
      return;
    case 'warm-up':
      require('iterations', schedule.iterations ?? Number.NaN, 0, infinity, true);
      require('from', schedule.from, 0, 1, false);
      checkSchedule(schedule.next, `${path}.next`);
      return;
    case 'plateau':
      require('factor', schedule.factor, 0, 1, true);
      require('patience', schedule.patience, 1, infinity, false);
      require('threshold', schedule.threshold, 0, 1, false);
      require('minimum', schedule.minimum, 0, infinity, false);
      return;
    default:
      throw new ProblemError(`unknown schedule "${(schedule as { kind: string }).kind}"`, {
        path: `${path}.kind`,
        hint: 'schedules are constant, exponential, cosine, warm-up, plateau',
      });
  }
}
