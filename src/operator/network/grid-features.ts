/** What a Fourier neural operator sees at every node: the input functions and the coordinates. */
import { NotSupportedError } from '../../errors.ts';
import type { InputFunction, Problem } from '../../problem/problem.ts';
import { type GridAxis, interpolated, type NodeWeights, nodeWeights } from './axis-interpolation.ts';
import type { FourierAxis } from './output-grid.ts';

export interface InputScaling {
  readonly input: string;
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and deviation of every input function over all sensors and functions. */
export function inputScaling(
  problem: Problem,
  inputs: Readonly<Record<string, Float64Array>>,
): InputScaling[] {
  return problem.inputs.map(({ name }) => {
    const values = inputs[name];
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    return { input: name, mean, deviation: Math.sqrt(square) || 1 };
  });
}

/** From sensors to the nodes of a padded grid. */
export class GridFeatures {
  readonly channels: number;
  /** Nodes of the padded grid. */
  readonly size: number;
  readonly #problem: Problem;
  readonly #axes: readonly FourierAxis[];
  readonly #scaling: readonly InputScaling[];
  /** Of each input function: nodes with a value, and how it comes from the sensors. */
  readonly #maps: readonly InputMap[];
  /** Of nodes: where they lie in the padded grid. */
  readonly #places: readonly number[];

  /** @throws NotSupportedError for sensors that are no grid, and functions of what is no axis of the grid */
  constructor(problem: Problem, axes: readonly FourierAxis[], scaling: readonly InputScaling[]) {
    this.#problem = problem;
    this.#axes = axes;
    this.#scaling = scaling;
    this.size = axes.reduce((all, { padded }) => all * padded, 1);
    this.#places = nodePlaces(axes);
    const points = nodesOf(axes);
    this.#maps = problem.inputs.map((input) => inputMap(input, axes, points));
    this.channels =
      problem.inputs.length +
      axes.reduce((sum, { seen, periodic }) => sum + (seen ? (periodic ? 2 : 1) : 0), 0);
  }

  /** (count, size, channels). */
  of(inputs: Readonly<Record<string, Float64Array>>, count: number): Float64Array {
    const { size, channels } = this;
    const result = new Float64Array(count * size * channels);
    this.#problem.inputs.forEach(({ name }, channel) => {
      const { mean, deviation } = this.#scaling[channel];
      const { sides, weights } = this.#maps[channel];
      const values =
        weights.length === 0
          ? Float64Array.from(
              { length: count * this.#places.length },
              (_, k) => inputs[name][Math.floor(k / this.#places.length)],
            )
          : interpolated(inputs[name], count, sides, weights);
      for (let n = 0; n < count; n++)
        this.#places.forEach((place, p) => {
          const v = values[n * this.#places.length + p];
          result[(n * size + place) * channels + channel] = (v - mean) / deviation;
        });
    });
    let channel = this.#problem.inputs.length;
    this.#axes.forEach((axis, a) => {
      if (!axis.seen) return;
      const inner = this.#axes.slice(a + 1).reduce((all, { padded }) => all * padded, 1);
      const step = axis.nodes[1] - axis.nodes[0];
      for (let place = 0; place < size; place++) {
        const share = (step * (Math.floor(place / inner) % axis.padded)) / (axis.high - axis.low);
        const values = axis.periodic
          ? [Math.sin(2 * Math.PI * share), Math.cos(2 * Math.PI * share)]
          : [2 * share - 1];
        for (let n = 0; n < count; n++)
          values.forEach((value, k) => {
            result[(n * size + place) * channels + channel + k] = value;
          });
      }
      channel += axis.periodic ? 2 : 1;
    });
    return result;
  }
}

interface InputMap {
  readonly sides: readonly number[];
  /** Of each sensor axis, (nodes); none for a number. */
  readonly weights: readonly (readonly NodeWeights[])[];
}

function inputMap(input: InputFunction, axes: readonly FourierAxis[], points: Float64Array): InputMap {
  const { name, of, coordinates, sensors, sensorSides: sides } = input;
  if (of.length === 0) return { sides: [], weights: [] };
  if (sides === undefined)
    throw new NotSupportedError(`a Fourier neural operator with a list of sensors of ${name}`, {
      path: `inputs.${name}.sensors`,
      hint: 'give a number of sensors along each coordinate',
    });
  const d = axes.length;
  const count = points.length / d;
  const weights = of.map((coordinate, k) => {
    const axis = axes.findIndex((own) => own.coordinate === coordinate);
    if (axis < 0)
      throw new NotSupportedError(
        `a Fourier neural operator with ${name}, a function of ${coordinates[k].name}, where the output has one value of it`,
        { path: `inputs.${name}`, hint: 'take the architecture "deeponet"' },
      );
    const inner = sides.slice(k + 1).reduce((a, b) => a * b, 1);
    const nodes = Array.from({ length: sides[k] }, (_, j) => sensors[j * inner * of.length + k]);
    const { low, high } = coordinates[k];
    const open = nodes[nodes.length - 1] < high - 1e-9 * (high - low);
    const own: GridAxis = { low, high, nodes, periodic: open };
    return nodeWeights(
      own,
      Float64Array.from({ length: count }, (_, p) => points[p * d + axis]),
    );
  });
  return { sides, weights };
}

/** Coordinates of the nodes along the axes, (nodes, axes). */
export function nodesOf(axes: readonly GridAxis[]): Float64Array {
  const count = axes.reduce((all, { nodes }) => all * nodes.length, 1);
  const points = new Float64Array(count * axes.length);
  for (let p = 0; p < count; p++) {
    let rest = p;
    for (let a = axes.length - 1; a >= 0; a--) {
      const { nodes } = axes[a];
      points[p * axes.length + a] = nodes[rest % nodes.length];
      rest = Math.floor(rest / nodes.length);
    }
  }
  return points;
}

/** Places of the nodes in the padded grid. */
export function nodePlaces(axes: readonly FourierAxis[]): number[] {
  return axes.reduce<number[]>(
    (places, { nodes, padded }) => places.flatMap((place) => nodes.map((_, k) => place * padded + k)),
    [0],
  );
}
