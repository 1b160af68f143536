/** What a solution forecasts beyond its data, as a frame of an animated figure. */
import type { Band } from '../../estimate/band.ts';
import type { Problem } from '../../problem/index.ts';
import type { Solution } from '../../solve/solution.ts';
import type { Curve, ForecastFrame, Trajectory } from '../report-data.ts';
import { problemTex } from './problem-tex.ts';

/** Every frame has its own curves: they are coarser than those of a single figure. */
const curvePoints = 151;

export interface ForecastFrameOptions {
  /** Shown beside the slider; default: `t = 3`, where the data end. */
  readonly label?: string;
  /** As `predictionBands()` gives them; those of the mean are drawn. */
  readonly bands?: readonly Band[];
  /** The problem with all the data there are: those beyond the solution's own are shown as not yet seen. */
  readonly all?: Problem;
  /** Curves to compare with, by field. */
  readonly reference?: Readonly<Record<string, Curve>>;
}

/** Observations of a field itself at times that `kept` accepts. */
function observed(
  problem: Problem,
  name: string,
  kept: (t: number) => boolean = () => true,
): Curve | undefined {
  const rows = problem.observations
    .filter(({ text }) => text.trim() === name)
    .flatMap(({ points, values }) => Array.from(points, (t, n) => [t, values[n]] as const))
    .filter(([t]) => kept(t));
  return rows.length === 0 ? undefined : { at: rows.map(([t]) => t), values: rows.map(([, value]) => value) };
}

/**
 * The fields of an ordinary problem over its whole domain, with what was observed by then and what came later.
 *
 * @example
 * const report = { ...reportOf(last, await assess(last)), forecasts: { coordinate: { name: 't' }, frames } };
 */
export function forecastFrame(solution: Solution, options: ForecastFrameOptions = {}): ForecastFrame {
  const { problem } = solution;
  const tex = problemTex(problem);
  const [{ low, high }] = problem.coordinates;
  const at = Float64Array.from(
    { length: curvePoints },
    (_, n) => low + ((high - low) * n) / (curvePoints - 1),
  );
  const values = solution.evaluateFields(at);
  const from = Math.max(...problem.observations.flatMap(({ points }) => Array.from(points)));
  return {
    label: options.label ?? `${problem.coordinates[0].name} = ${from}`,
    from,
    fields: problem.fields
      .filter((field) => field.accumulated !== true)
      .map(({ name }): Trajectory => {
        const band = options.bands?.find((own) => own.name === name && own.kind === 'mean');
        return {
          ...tex.label(name),
          solution: { at, values: values[name] },
          band: band && { at: band.t, low: band.low, high: band.high },
          reference: options.reference?.[name],
          data: observed(problem, name),
          later: options.all && observed(options.all, name, (t) => t > from),
        };
      }),
  };
}
