/**
 * Training begun with few neurons, to which more are added. A step of Levenberg–Marquardt costs as the square of the
 * number of parameters and more, and finding the shape of a solution takes many steps and few parameters: Burgers'
 * equation is at 1e-3 after 200 steps of a network 10x3, which take as long as 15 of a network 20x3.
 */
import type { SolveSettings } from '../../problem/index.ts';
import { defaultTrial } from '../default-trial.ts';
import { networkOption } from '../network-settings.ts';
import { type PlannedPhase, planPhases } from '../plan.ts';
import type { RunStart, RunTask } from '../run-task.ts';
import { resolveSettings } from '../settings.ts';

/** The same problem with the network of one width. */
export interface Stage {
  readonly task: RunTask;
  readonly start: RunStart;
  readonly phases: readonly PlannedPhase[];
}

/** Draws of points without gain after which a wider network is due. */
const patientDraws = 3;

/**
 * A stage that a wider one follows: it ends where it stands still. From the network on that was asked for it may take
 * more points first, where the loss at others is far above that at its own: then it is not neurons that are missing.
 */
function passing({ task, start, phases }: Stage, opening: boolean): Stage {
  const { settings } = task;
  const { points, largestPoints } = settings;
  return {
    task: { ...task, settings: { ...settings, largestPoints: opening ? points : largestPoints } },
    start,
    phases: phases.map((phase) => ({
      ...phase,
      name: `${phase.name}, width ${settings.width}`,
      drawsWithoutGain: patientDraws,
    })),
  };
}

/** The stages of a run that begins anew, and which of them has the network that was asked for. */
export function stagesOf(task: RunTask, start: RunStart): { stages: Stage[]; whole: number } {
  const { problem, settings, settingsGiven } = task;
  const { openingWidths, laterWidths } = settings;
  const atWidth = (width: number): Stage => {
    const network = networkOption({ ...settings, width }, problem);
    const given: SolveSettings = { ...settingsGiven, network };
    const own = resolveSettings(problem, given);
    return {
      task: { problem, settings: own, settingsGiven },
      start: { trial: defaultTrial(problem, own), scaling: start.scaling },
      phases: planPhases(problem, own),
    };
  };
  const stages = [
    ...openingWidths.map(atWidth),
    { task, start, phases: planPhases(problem, settings) },
    ...laterWidths.map(atWidth),
  ];
  return {
    stages: stages.map((stage, s) =>
      s === stages.length - 1 ? stage : passing(stage, s < openingWidths.length),
    ),
    whole: openingWidths.length,
  };
}
