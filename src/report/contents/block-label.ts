/** What the blocks of the loss are called in a report. */
import type { Problem } from '../../problem/index.ts';
import { placeOf } from './problem-statements.ts';

const longest = 60;

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}

function conditionLabel(problem: Problem, paths: readonly string[]): string | undefined {
  const conditions = problem.conditions.filter(({ path }) => paths.includes(path));
  if (conditions.length === 0) return undefined;
  const texts = conditions.map(({ text }) => text.trim()).join(', ');
  const [first] = conditions;
  if (first.kind === 'periodic') return texts;
  const place = placeOf(problem, first);
  if (place === undefined) return `${texts} at points`;
  return place === 'boundary' ? `${texts} on the boundary` : `${texts} on ${place}`;
}

/** `equations[0]` as the equation itself, `conditions[0], conditions[1]` as what they say and where. */
export function blockLabel(problem: Problem, path: string): string {
  if (path === 'equations') {
    const together = problem.equations.filter(({ where }) => where === undefined);
    const texts = together.map(({ text }) => text.trim()).join(', ');
    return [...texts].length <= longest ? texts : `the ${together.length} equations`;
  }
  const equation = problem.equations.find((candidate) => candidate.path === path);
  if (equation !== undefined) return shortened(equation.text.trim());
  const observation = problem.observations.find((candidate) => candidate.path === path);
  if (observation !== undefined) {
    const alike = problem.observations.filter(({ text }) => text === observation.text);
    const which = alike.length === 1 ? '' : ` (${alike.indexOf(observation) + 1})`;
    return shortened(`data of ${observation.text.trim()}${which}`);
  }
  const between = /^subdomains\.(.*)$/.exec(path);
  if (between !== null) return `agreement of subdomains along ${between[1]}`;
  return shortened(conditionLabel(problem, path.split(', ')) ?? path);
}

/** Conditions that no block of the loss holds: they are true by construction of the network. */
export function builtInConditions(
  problem: Problem,
  blocks: readonly { readonly path: string }[],
): ReadonlySet<string> {
  if (blocks.length === 0) return new Set();
  const held = new Set(blocks.flatMap(({ path }) => path.split(', ')));
  return new Set(problem.conditions.flatMap(({ path }) => (held.has(path) ? [] : [path])));
}
