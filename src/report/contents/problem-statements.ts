/** The problem as mathematics: equations, conditions, data, domain, constants and unknowns. */
import { type Condition, noiseWords, type Observation, type Problem } from '../../problem/index.ts';
import { sensorWords, spaceWords } from '../../problem/input-words.ts';
import { shapeWords } from '../../problem/shape-words.ts';
import { formatNumber } from '../number-format.ts';
import type { ProblemDescription, Statement } from '../report-data.ts';
import { type ProblemTex, problemTex, signedTex, wordsTex } from './problem-tex.ts';

function remark(parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(', ');
}

function weightRemark(weight: number): string | undefined {
  return weight === 1 ? undefined : `weight ${formatNumber(weight)}`;
}

function equationStatements(problem: Problem, tex: ProblemTex): Statement[] {
  const { definition } = problem;
  const accumulated = problem.fields.flatMap((f) => (f.accumulated === true ? [`fields.${f.name}`] : []));
  const equations = problem.equations.map(({ text, weight, path }, i): Statement => {
    const entry = definition.equations?.[i];
    const where = typeof entry === 'object' ? entry.where : undefined;
    return {
      tex: tex.text(text),
      text,
      note: remark([
        where === undefined ? undefined : `where ${where}`,
        accumulated.includes(path) ? 'accumulated for the data' : undefined,
        weightRemark(weight),
      ]),
    };
  });
  const named = (
    entries: readonly (readonly [string, string | number])[],
    note: string,
    argument = '',
  ): Statement[] =>
    entries.map(([name, value]) => ({
      tex: `${tex.name(name)}${argument} = ${tex.text(String(value))}`,
      text: `${name} = ${value}`,
      note,
    }));
  return [
    ...equations,
    ...named(Object.entries(definition.functions ?? {}), 'defined'),
    ...named(
      problem.derived.map(({ name, text }) => [name, text] as const),
      'derived from the unknowns',
    ),
    ...named(Object.entries(definition.exact ?? {}), 'exact solution, for comparison alone'),
  ];
}

/** The space of a problem that is no box, and its regions. */
function shapeStatements({ space, regions, definition }: Problem): Statement[] {
  const said = (text: string): Statement => ({ tex: wordsTex(text), text });
  const declared = Object.keys(definition.regions ?? {});
  return [
    ...(space === undefined ? [] : [said(`geometry: ${shapeWords(space.shape.definition)}`)]),
    ...declared.map((name) => said(`region ${name}: ${shapeWords(regions.get(name)!.shape.definition)}`)),
  ];
}

function domainStatements(problem: Problem, tex: ProblemTex): Statement[] {
  const intervals = problem.coordinates.map(({ name, low, high }, i) => {
    const written = problem.definition.domain[name];
    const [from, to] = Array.isArray(written)
      ? written
      : // Bounds of a shape end in rounding.
        [low, high].map((value) => Number(value.toPrecision(12)));
    const end = (value: unknown): string => tex.text(String(value));
    return {
      tex: `${tex.name(name)} \\in [${end(from)},\\, ${end(to)}]`,
      text: `${name} in [${from}, ${to}]`,
      note: i === problem.time && name !== 't' ? 'time' : undefined,
    };
  });
  return [...intervals, ...shapeStatements(problem)];
}

function inputStatements({ inputs }: Problem, tex: ProblemTex): Statement[] {
  return inputs.map((input) => {
    const argument = input.coordinates.map(({ name }) => tex.name(name)).join(',\\, ');
    const plain = input.coordinates.map(({ name }) => name).join(', ');
    const isNumber = input.of.length === 0;
    return {
      tex: isNumber ? tex.name(input.name) : `${tex.name(input.name)}(${argument})`,
      text: isNumber ? input.name : `${input.name}(${plain})`,
      note: isNumber ? spaceWords(input) : `${spaceWords(input)}, seen at ${sensorWords(input)}`,
    };
  });
}

/** A point as mathematics: one number alone, or (a, b). */
function pointTex(point: readonly number[]): string {
  const numbers = point.map((value) => signedTex(String(value))).join(',\\, ');
  return point.length === 1 ? numbers : `\\left(${numbers}\\right)`;
}

/** The place of a condition, as it was written: "t = 0", "boundary", or undefined for a set of points. */
export function placeOf(problem: Problem, condition: Condition): string | undefined {
  const definition = problem.definition.conditions?.[problem.conditions.indexOf(condition)];
  if (definition === undefined && condition.kind === 'planes') {
    const [{ coordinate, value }] = condition.planes;
    return `${problem.coordinates[coordinate].name} = ${value}`;
  }
  return definition !== undefined && 'on' in definition && typeof definition.on === 'string'
    ? definition.on.trim()
    : undefined;
}

function conditionStatement(
  condition: Condition,
  problem: Problem,
  tex: ProblemTex,
  builtIn: boolean,
): Statement {
  const notes = [builtIn ? 'built into the network' : undefined, weightRemark(condition.weight)];
  if (condition.kind === 'periodic') {
    const { name } = problem.coordinates[condition.coordinate];
    const order =
      condition.order === 0 ? 'values alone' : `values and derivatives up to order ${condition.order}`;
    return {
      tex: `\\text{periodic in } ${tex.name(name)}`,
      text: condition.text,
      note: remark([order, ...notes]),
    };
  }
  const equation = tex.text(condition.text);
  if (condition.kind === 'points') {
    const d = problem.coordinates.length;
    const names = problem.coordinates.map(({ name }) => tex.name(name)).join(',\\, ');
    const first = pointTex([...condition.points.subarray(0, d)]);
    const place =
      condition.count === 1
        ? `\\text{at } ${d === 1 ? names : `(${names})`} = ${first}`
        : `\\text{at ${condition.count} points}`;
    return { tex: `${equation} \\quad ${place}`, text: condition.text, note: remark(notes) };
  }
  const place = placeOf(problem, condition) ?? 'boundary';
  const where =
    place === 'boundary'
      ? wordsTex('on the boundary')
      : condition.kind === 'planes' && place.includes('=')
        ? `\\text{on } ${tex.text(place)}`
        : wordsTex(`on ${place}`);
  return {
    tex: `${equation} \\quad ${where}`,
    text: `${condition.text} on ${place}`,
    note: remark(notes),
  };
}

function observationStatement(observation: Observation, problem: Problem, tex: ProblemTex): Statement {
  const { path, text, count, missing, noise, weight, over } = observation;
  const index = Number(/^data\[(\d+)\]/.exec(path)?.[1] ?? 0);
  const definition = problem.definition.data?.[index];
  const places = problem.coordinates.map(({ name }) => {
    const coordinate = tex.name(name);
    return coordinate.includes('_') ? `{${coordinate}}_{i}` : `${coordinate}_{i}`;
  });
  const isField = problem.fields.some(({ name }) => name === text.trim());
  const at = places.join(',\\, ');
  const time = problem.time === null ? 't' : tex.name(problem.coordinates[problem.time].name);
  const observed =
    over !== undefined
      ? `\\int_{${time}_{i}-${over}}^{${time}_{i}} ${tex.text(text)} \\, d${time}`
      : isField
        ? `${tex.name(text.trim())}(${at})`
        : `\\left.\\left(${tex.text(text)}\\right)\\right|_{${at}}`;
  const from = definition?.file === undefined ? '' : ` of ${definition.file}`;
  const column = definition?.observe[text];
  return {
    tex: `${observed} \\approx y_{i}`,
    text: `${text} observed`,
    note: remark([
      over === undefined ? undefined : `summed over ${formatNumber(over)} up to each date`,
      definition?.delay === undefined ? undefined : `reported with a delay of ${definition.delay}`,
      `${count} ${count === 1 ? 'observation' : 'observations'}${from}`,
      column === undefined || column === text ? undefined : `column ${column}`,
      missing === 0 ? undefined : `${missing} missing`,
      definition?.noise === undefined ? undefined : noiseWords(noise, (value) => formatNumber(value)),
      weightRemark(weight),
    ]),
  };
}

/**
 * The problem as a report states it.
 *
 * @param builtIn  paths of conditions that hold by construction of the network
 */
export function problemDescription(problem: Problem, builtIn: ReadonlySet<string>): ProblemDescription {
  const tex = problemTex(problem);
  const { name, description, source } = problem.definition;
  return {
    name,
    description,
    source,
    domain: domainStatements(problem, tex),
    equations: equationStatements(problem, tex),
    inputs: inputStatements(problem, tex),
    conditions: problem.conditions.map((condition) =>
      conditionStatement(condition, problem, tex, builtIn.has(condition.path)),
    ),
    data: problem.observations.map((observation) => observationStatement(observation, problem, tex)),
    constants: [...problem.constants].map(([constant, value]) => ({ ...tex.label(constant), value })),
    unknowns: problem.unknowns.map(({ name: unknown, initial, min, max }) => ({
      ...tex.label(unknown),
      initial,
      min,
      max,
    })),
  };
}
