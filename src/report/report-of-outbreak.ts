/** An outbreak's analysis as the data of a report. */
import type { OutbreakAnalysis } from '../epidemiology/outbreak-analysis.ts';
import type { EstimatedValue } from '../estimate/estimate.ts';
import type { ProfileCurve } from '../estimate/profile-curve.ts';
import type { Observation } from '../problem/index.ts';
import { problemDescription } from './contents/problem-statements.ts';
import { type ProblemTex, problemTex } from './contents/problem-tex.ts';
import type { RunCircumstances } from './contents/run-settings.ts';
import { formatLevel, formatNumber } from './number-format.ts';
import type {
  AssumptionTable,
  Curve,
  Estimate,
  EstimateTable,
  Note,
  ProfileSet,
  ReportData,
  Trajectory,
  TrajectoryFit,
} from './report-data.ts';

/**
 * The report of `analyzeOutbreak()`: estimates with their intervals by every way that was gone, profiles, what other
 * assumptions make of them, the fit with its bands, the forecast beside what was held out, R(t).
 *
 * @param about  command line, versions and date, where the report shall state them
 */
export function reportOfOutbreak(analysis: OutbreakAnalysis, about: RunCircumstances = {}): ReportData {
  const { problem, estimation, reproduction } = analysis;
  const tex = problemTex(problem);
  const [time] = problem.coordinates;
  const level = formatLevel(estimation.level);
  return {
    title: problem.definition.title ?? problem.name,
    problem: problemDescription(problem, new Set()),
    notes: notesOf(analysis),
    settings: {
      engine: estimation.method === 'shooting' ? 'Dormand–Prince' : 'f64, then Dormand–Prince',
      optimizer: 'maximum likelihood by Fisher scoring with damping',
      seed: analysis.seed,
      ...about,
      seconds: analysis.seconds,
      other: estimation.stages.map(({ stage, iterations, seconds, stopped, failure }) => ({
        name: stage,
        value: failure ?? `${iterations} steps, ${seconds.toFixed(2)} s, ${stopped}`,
      })),
    },
    estimates: estimateTableOf(analysis, tex),
    profiles: profilesOf(analysis, tex),
    assumptions: assumptionsOf(analysis, tex),
    trajectories: trajectoriesOf(analysis, tex),
    reproduction:
      reproduction === undefined
        ? undefined
        : {
            coordinate: tex.label(time.name),
            curve: { at: reproduction.t, values: reproduction.value },
            band: { at: reproduction.t, low: reproduction.low, high: reproduction.high },
            bandName: `${level} band (delta method)`,
          },
  };
}

function known({ value, low, high }: EstimatedValue): Estimate {
  return { value, low: low ?? undefined, high: high ?? undefined };
}

function profiled(curve: ProfileCurve | undefined): Estimate | null {
  if (curve === undefined) return null;
  return { value: curve.estimate, low: curve.low ?? undefined, high: curve.high ?? undefined };
}

function estimateTableOf(analysis: OutbreakAnalysis, tex: ProblemTex): EstimateTable {
  const { problem, estimation, profiles, bootstrap, reproduction } = analysis;
  const { parameters, derived, noise, sumOfSquares, fit } = estimation;
  const leastSquares = fit !== undefined && fit.aic !== undefined && Object.keys(noise).length > 0;
  const wald = leastSquares ? 'by the curvature of the likelihood' : 'by Fisher’s information';
  const byProfile = new Map(profiles.map((curve) => [curve.name, curve]));
  const row = (name: string, value: EstimatedValue, isDerived: boolean) => {
    const sample = bootstrap?.intervals[name];
    return {
      ...(name in noise ? { name } : tex.label(name)),
      derived: isDerived,
      values: [
        known(value),
        ...(profiles.length === 0 ? [] : [profiled(byProfile.get(name))]),
        ...(bootstrap === undefined
          ? []
          : [sample === undefined ? null : { value: sample.median, low: sample.low, high: sample.high }]),
      ],
    };
  };
  const basic = reproduction?.basic;
  const named = new Set(problem.derived.map(({ name }) => name));
  const replicates = bootstrap === undefined ? 0 : Object.values(bootstrap.replicates)[0].length;
  return {
    level: estimation.level,
    methods: [
      { name: 'maximum likelihood', interval: wald, sumOfSquares },
      ...(profiles.length === 0 ? [] : [{ name: 'profile', interval: 'profile likelihood' }]),
      ...(bootstrap === undefined
        ? []
        : [
            {
              name: 'bootstrap',
              interval: `percentiles of ${replicates} parametric replicates, beside their median`,
            },
          ]),
    ],
    rows: [
      ...Object.entries(parameters).map(([name, value]) => row(name, value, false)),
      ...Object.entries(noise).map(([name, value]) => row(name, value, false)),
      ...Object.entries(derived).map(([name, value]) => row(name, value, true)),
      // The model's own, where the problem does not name it.
      ...(basic === undefined || named.has('R0') ? [] : [row('R0', basic, true)]),
    ],
  };
}

function profilesOf({ profiles, estimation }: OutbreakAnalysis, tex: ProblemTex): ProfileSet {
  return {
    level: estimation.level,
    profiles: profiles.map((curve) => ({
      ...(curve.name in estimation.noise ? { name: curve.name } : tex.label(curve.name)),
      values: curve.values,
      deviance: curve.deviance,
      threshold: curve.threshold,
      estimate: curve.estimate,
      low: curve.low ?? undefined,
      high: curve.high ?? undefined,
      words: `${curve.words[0].toUpperCase()}${curve.words.slice(1)}.`,
    })),
  };
}

function assumptionsOf(
  { assumptions, problem, estimation }: OutbreakAnalysis,
  tex: ProblemTex,
): AssumptionTable {
  const names = [...problem.unknowns, ...problem.derived].map(({ name }) => name);
  return {
    level: estimation.level,
    quantities: names.map((name) => tex.label(name)),
    rows: assumptions.map(({ assumption, fit, failure }) => ({
      assumption,
      failure,
      values: names.map((name) => {
        const value = fit?.estimates[name] ?? fit?.derived[name];
        return value === undefined ? null : { value: value.value, low: value.low, high: value.high };
      }),
      aic: fit?.aic,
      sumOfSquares: fit?.sumOfSquares,
    })),
  };
}

function dataOf(observations: readonly Observation[], name: string): Curve | undefined {
  const own = observations.filter(({ text }) => text.trim() === name);
  if (own.length === 0) return undefined;
  return {
    at: own.flatMap(({ points }) => [...points]),
    values: own.flatMap(({ values }) => [...values]),
  };
}

function trajectoriesOf(
  { problem, heldOut, bands, estimation }: OutbreakAnalysis,
  tex: ProblemTex,
): TrajectoryFit | undefined {
  if (bands.length === 0) return undefined;
  const accumulated = new Set(
    problem.fields.flatMap((field) => (field.accumulated === true ? [field.name] : [])),
  );
  const means = bands.filter(({ kind, name }) => kind === 'mean' && !accumulated.has(name));
  // An observed field has a band as a field and one as an observation: the latter says more.
  const last = means.filter(({ name }, i) => means.findLastIndex((other) => other.name === name) === i);
  const level = formatLevel(estimation.level);
  return {
    coordinate: tex.label(problem.coordinates[0].name),
    solutionName: 'fit',
    bandName: `${level} band of the mean`,
    predictionName: `${level} band of further observations`,
    forecastFrom:
      heldOut.length === 0
        ? undefined
        : Math.max(...problem.observations.map(({ points }) => points[points.length - 1])),
    fields: last.map((band): Trajectory => {
      const prediction = bands.find(({ kind, name }) => kind === 'prediction' && name === band.name);
      return {
        name: band.name,
        tex: tex.text(band.name),
        solution: { at: band.t, values: band.value },
        band: { at: band.t, low: band.low, high: band.high },
        prediction:
          prediction === undefined
            ? undefined
            : { at: prediction.t, low: prediction.low, high: prediction.high },
        data: dataOf(problem.observations, band.name),
        later: dataOf(heldOut, band.name),
      };
    }),
  };
}

function notesOf({
  estimation,
  profiles,
  assumptions,
  scores,
  notes,
  reproduction,
}: OutbreakAnalysis): Note[] {
  const unbounded = profiles.filter(({ identifiable }) => identifiable !== 'yes');
  const basics = assumptions.flatMap(({ fit }) => {
    const value = fit?.derived['R0']?.value;
    return value === undefined ? [] : [value];
  });
  const threshold = reproduction?.herdImmunityThreshold;
  return [
    ...unbounded.map(({ words }): Note => ({ kind: 'warning', text: `${words}.` })),
    ...estimation.atBounds.map(
      (name): Note => ({
        kind: 'warning',
        text: `${name} ended at one of its bounds: its interval does not know of it.`,
      }),
    ),
    ...(basics.length < 2
      ? []
      : [
          {
            kind: 'note' as const,
            text: `R0 runs from ${formatNumber(Math.min(...basics), 3)} to ${formatNumber(Math.max(...basics), 3)} with the assumptions about noise and initial values: its interval under one of them understates what is not known.`,
          },
        ]),
    ...(threshold === undefined
      ? []
      : [
          {
            kind: 'note' as const,
            text: `An outbreak cannot begin where more than ${formatNumber(100 * threshold, 3)}% are immune (1 − 1/R0).`,
          },
        ]),
    ...scores.map(
      ({ observed, count, covered, rootMeanSquare }): Note => ({
        kind: 'note',
        text: `Of ${count} observations of ${observed} that were held out ${covered} lie in the band of further observations; root mean square difference ${formatNumber(rootMeanSquare, 3)}.`,
      }),
    ),
    { kind: 'note', text: `${estimation.agreement[0].toUpperCase()}${estimation.agreement.slice(1)}.` },
    ...notes.map((text): Note => ({ kind: 'note', text })),
  ];
}
