import { multiIndexKey } from '../jet/multi-index.ts';
import { trialSize } from '../network/trial-solution.ts';
import { drawInputs, problemOf } from '../operator/index.ts';
import { resolveTraining } from '../operator/training/resolve-training.ts';
import { checkExact } from '../problem/exact-check.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import { type BoundaryCondition, noiseWords, type Observation, type Problem } from '../problem/index.ts';
import { inputWords } from '../problem/input-words.ts';
import { shapeWords } from '../problem/shape-words.ts';
import { missingConditions } from '../problem/unconditioned.ts';
import { defaultTrial, periodicCoordinates } from '../solve/default-trial.ts';
import { isDirect } from '../solve/optimizer-choice.ts';
import { resolveSettings } from '../solve/settings.ts';
import { wavesInPlaceOfFeatures } from '../solve/spectral/spectral-solution.ts';
import { resolveProblemFile } from './catalogue.ts';
import { loadProblem } from './problem-file.ts';

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Bounds of a shape end in rounding. */
const rounded = (value: number): number => Number(value.toPrecision(12));

/** Derivatives that the equations need, as they would be written. */
function derivativesNeeded(problem: Problem): string[] {
  const accumulated = problem.fields.flatMap((f) => (f.accumulated === true ? [f.name] : []));
  const leaves = fieldLeaves(problem.equations.flatMap(({ left, right }) => [left, right])).filter(
    ({ name }) => !accumulated.includes(name),
  );
  const seen = new Set<string>();
  return leaves.flatMap((leaf) => {
    const key = `${leaf.name} ${multiIndexKey(leaf.order)}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const suffix = leaf.order.map((k, i) => problem.coordinates[i].name.repeat(k)).join('');
    return [suffix === '' ? leaf.name : `${leaf.name}_${suffix}`];
  });
}

/** An operator problem for one draw of its input functions. */
function oneDraw(problem: Problem): Problem {
  return problem.inputs.length === 0 ? problem : problemOf(problem, drawInputs(problem, 0, 0));
}

/** What is observed, and how. */
function observationWords(
  { definition, coordinates, time }: Problem,
  { path, text, count, missing, over, noise }: Observation,
): string {
  const entry = definition.data?.[Number(/^data\[(\d+)\]/.exec(path)?.[1] ?? -1)];
  const span = over === undefined ? '' : `, summed over ${over} up to each ${coordinates[time!].name}`;
  const delay = entry?.delay === undefined ? '' : `, reported with a delay of ${entry.delay}`;
  const gaps = missing > 0 ? `, missing at ${missing}` : '';
  return `${text} observed at ${plural(count, 'point')}${gaps}${span}${delay}; ${noiseWords(noise)}`;
}

/** The parts of a boundary by their names, as far as they have some. */
function partWords({ parts }: BoundaryCondition, { space }: Problem): string {
  if (space !== undefined && parts.length === space.shape.boundary.length) return 'the boundary';
  const names = new Set(parts.map(({ name, plane }) => name ?? (plane === undefined ? undefined : 'faces')));
  return [...names].map((name) => name ?? 'other parts').join(', ');
}

function builtIn({ hard }: { readonly hard?: boolean }): string {
  return hard === true ? ', built into the solution' : '';
}

/** How the operator would be trained. */
function trainingWords(problem: Problem): (readonly [label: string, text: string])[] {
  const { engine, engineReason, architecture, branch, loss, functions, testFunctions, timeLimit } =
    resolveTraining(problem);
  const fields = problem.fields.map(({ name }) => name).join(', ');
  const exact = problem.fields.every(({ name }) => problem.exact.has(name));
  return [
    [
      'operator',
      `${problem.inputs.map(({ name }) => name).join(', ')} -> ${fields}; ${architecture}, branch: ${branch}`,
    ],
    ['engine', `${engine} (${engineReason})`],
    ['loss', loss],
    [
      'functions',
      functions === undefined ? `as many as help within ${timeLimit} s` : `${functions} to train on`,
    ],
    [
      'tested',
      `on ${plural(testFunctions, 'function')} never trained on, against ${exact ? 'the exact solution' : 'the classical reference'}`,
    ],
  ];
}

/** What would be solved, line by line. */
function describeProblem(problem: Problem): string[] {
  const settings = resolveSettings(oneDraw(problem), {});
  const periodic = periodicCoordinates(problem, settings);
  const lines: string[] = [`${problem.name}: well formed`];
  const item = (label: string, text: string): void => {
    lines.push(`  ${label.padEnd(12)} ${text}`);
  };
  item(
    'domain',
    problem.coordinates
      .map(
        ({ name, low, high }, i) =>
          `${name} in [${rounded(low)}, ${rounded(high)}]${i === problem.time ? ' (time)' : ''}`,
      )
      .join(', '),
  );
  if (problem.space !== undefined) item('geometry', shapeWords(problem.space.shape.definition));
  for (const name of Object.keys(problem.definition.regions ?? {}))
    item('region', `${name}: ${shapeWords(problem.regions.get(name)!.shape.definition)}`);
  item(
    'fields',
    problem.fields
      .filter(({ accumulated }) => accumulated !== true)
      .map(
        ({ name, of, unknown, pieces }) =>
          `${name}(${of.map((i) => problem.coordinates[i].name).join(', ')})${unknown ? ', unknown' : ''}${pieces === undefined ? '' : `, in ${pieces.length} pieces`}`,
      )
      .join(', '),
  );
  if (problem.constants.size > 0)
    item('constants', [...problem.constants].map(([name, value]) => `${name} = ${value}`).join(', '));
  for (const input of problem.inputs) item('input', inputWords(input));
  for (const { name, initial, min, max } of problem.unknowns)
    item('unknown', `${name}, from ${initial}, in [${min ?? '−∞'}, ${max ?? '∞'}]`);
  // What accumulates for the data is said at the end, apart from what was written.
  const accumulated = new Set(
    problem.fields.flatMap((f) => (f.accumulated === true ? [`fields.${f.name}`] : [])),
  );
  for (const { text, where, path } of problem.equations)
    if (!accumulated.has(path)) item('equation', where === undefined ? text : `${text} (where it holds)`);
  item('derivatives', derivativesNeeded(problem).join(', '));
  for (const condition of problem.conditions) {
    if (accumulated.has(condition.path.replace(/\.start$/, ''))) continue;
    if (condition.kind === 'periodic')
      item(
        'condition',
        `${condition.text}${periodic.has(condition.coordinate) ? ', built into the network' : ` to order ${condition.order}`}`,
      );
    else if (condition.kind === 'points')
      item('condition', `${condition.text} at ${plural(condition.count, 'point')}${builtIn(condition)}`);
    else if (condition.kind === 'interface')
      item(
        'condition',
        `${condition.text} between ${condition.region.name} and ${condition.other?.name ?? 'what lies beyond'}`,
      );
    else if (condition.kind === 'parts')
      item('condition', `${condition.text} on ${partWords(condition, problem)}${builtIn(condition)}`);
    else
      item(
        'condition',
        `${condition.text} on ${condition.planes.map((p) => `${problem.coordinates[p.coordinate].name} = ${p.value}`).join(', ')}${builtIn(condition)}`,
      );
  }
  for (const observation of problem.observations) item('data', observationWords(problem, observation));
  for (const { text, path } of problem.equations)
    if (accumulated.has(path)) item('cumulative', `${text}, solved for along with the fields`);
  for (const name of problem.exact.keys()) item('exact', `${name} is known`);
  const bare = missingConditions(problem);
  if (bare !== undefined) item('warning', bare);
  for (const { path, text, share } of checkExact(oneDraw(problem)))
    item('warning', `exact misses ${path} (${text}) by ${share.toExponential(1)} of its largest term`);
  for (const { name, text } of problem.derived) item('derived', `${name} = ${text}`);
  if (problem.inputs.length > 0) {
    for (const [label, text] of trainingWords(problem)) item(label, text);
    return lines;
  }
  item('engine', `${settings.engine} (${settings.engineReason})`);
  item('optimizer', `${settings.optimizers.join(', then ')} (${settings.optimizerReason})`);
  if (isDirect(settings) && settings.randomFeatures === undefined) {
    const given = problem.definition.solve ?? {};
    const waves = wavesInPlaceOfFeatures({ problem, settings, settingsGiven: given });
    if (waves !== undefined)
      item(
        settings.linear ? 'otherwise' : 'at first',
        'spectral: waves in space, collocated in windows of time',
      );
    item('network', 'random features: their number and frequencies are searched for, points in proportion');
    if (settings.optimizerReason !== 'asked for')
      item('otherwise', 'lm on a network, where a residual is left');
    return lines;
  }
  const trial = defaultTrial(problem, settings);
  item(
    'network',
    `${settings.width}x${settings.depth}, ${settings.activation}, ${plural(trialSize(trial) + problem.unknowns.length, 'parameter')}`,
  );
  const onBoundary = 2 * (problem.space?.coordinates.length ?? 0) * settings.conditionPoints;
  const onFaces = plural(settings.conditionPoints, 'point');
  item(
    'points',
    `${settings.points} inside, ${onBoundary > 0 ? `${onBoundary} on the boundary` : `${onFaces} on each face`}`,
  );
  return lines;
}

/** `ansatz check FILE`. */
export async function checkCommand(file: string): Promise<void> {
  const problem = await loadProblem(resolveProblemFile(file));
  process.stdout.write(`${describeProblem(problem).join('\n')}\n`);
}
