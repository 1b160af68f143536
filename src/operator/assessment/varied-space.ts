/** The space of input functions with another length scale or amplitude. */

import { type Problem, type ProblemDefinition, problem as readProblem } from '../../problem/index.ts';
import type { InputDefinition } from '../../problem/input-options.ts';

/** By what the spaces are multiplied. */
export interface SpaceFactors {
  /** Of the length scale; default 1. */
  readonly lengthScale?: number;
  /** Of the deviation from the mean; default 1. */
  readonly amplitude?: number;
}

/** Whether an input function has a length scale. */
export const hasLengthScale = ({ space }: InputDefinition): boolean => space === 'gaussian-random-field';

/** Whether an input function has an amplitude: numbers and given functions have ranges of their own. */
export const hasAmplitude = ({ space }: InputDefinition): boolean =>
  space !== 'uniform' && space !== 'functions';

function varied(input: InputDefinition, { lengthScale = 1, amplitude = 1 }: SpaceFactors): InputDefinition {
  if (hasLengthScale(input)) {
    const own = input.lengthScale!;
    return {
      ...input,
      lengthScale: typeof own === 'number' ? own * lengthScale : own.map((length) => length * lengthScale),
      variance: (input.variance ?? 1) * amplitude ** 2,
    };
  }
  if (!hasAmplitude(input)) return input;
  return { ...input, amplitude: (input.amplitude ?? 1) * amplitude };
}

/** The problem with all its input functions from other spaces; sensors stay where they are. */
export function variedSpace(problem: Problem, factors: SpaceFactors): Problem {
  const { definition } = problem;
  const inputs = Object.entries(definition.inputs ?? {}).map(
    ([name, input]) => [name, varied(input, factors)] as const,
  );
  return readProblem({ ...definition, inputs: Object.fromEntries(inputs) } satisfies ProblemDefinition);
}
