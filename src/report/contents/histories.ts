/** The course of the training: the loss with its terms, and the unknowns. */

import type { Assessment } from '../../estimate/assess.ts';
import type { HistoryEntry } from '../../solve/history.ts';
import type { Solution } from '../../solve/solution.ts';
import type { LossHistory, ParameterHistory } from '../report-data.ts';
import { blockLabel } from './block-label.ts';
import { shootingName } from './estimates.ts';
import { problemTex } from './problem-tex.ts';

/** The recorded entries and, where thinning has dropped it, the state at the end. */
function entriesOf({ run, unknowns, problem }: Solution): HistoryEntry[] {
  const entries = [...run.history.entries];
  const last = entries.at(-1);
  if (last !== undefined && last.iteration < run.iterations)
    entries.push({
      iteration: run.iterations,
      seconds: run.seconds,
      loss: run.loss,
      terms: run.terms,
      unknowns: problem.unknowns.map(({ name }) => unknowns[name]),
    });
  return entries;
}

/** A stored run writes what is not a number as null. */
function orGap(value: number | null | undefined): number {
  return value ?? Number.NaN;
}

export function lossHistory(solution: Solution): LossHistory | undefined {
  const entries = entriesOf(solution);
  if (entries.length === 0) return undefined;
  const { run, problem } = solution;
  return {
    iterations: entries.map(({ iteration }) => iteration),
    total: entries.map(({ loss }) => orGap(loss)),
    terms: run.blocks.map(({ path }, k) => ({
      name: blockLabel(problem, path),
      values: entries.map(({ terms }) => orGap(terms[k])),
    })),
    unweighted: true,
    phases: run.history.phases,
  };
}

export function parameterHistory(solution: Solution, assessment: Assessment): ParameterHistory | undefined {
  const entries = entriesOf(solution);
  const { problem, run } = solution;
  if (entries.length === 0 || problem.unknowns.length === 0) return undefined;
  const tex = problemTex(problem);
  return {
    iterations: entries.map(({ iteration }) => iteration),
    parameters: problem.unknowns.map(({ name }, i) => ({
      ...tex.label(name),
      values: entries.map(({ unknowns }) => orGap(unknowns[i])),
      reference: assessment.shooting?.estimates[name]?.value,
    })),
    phases: run.history.phases,
    referenceName: shootingName,
  };
}
