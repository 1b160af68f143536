/** How good a trained operator is: its errors as a distribution, and away from the functions of training. */
import type { OperatorAssessment, VariedErrors } from '../../operator/assessment/assess-operator.ts';
import type { FunctionError } from '../../operator/assessment/function-errors.ts';
import type { TrainedOperator } from '../../operator/trained-operator.ts';
import { formatNumber } from '../number-format.ts';
import type { NamedCurve, PlotPanel, ReportSection, SectionFigure } from '../report-section.ts';
import { problemTex } from './problem-tex.ts';

const mostFields = 3;
const binsPerDecade = 4;
/** Beyond so many decades bins are wider. */
const mostBins = 40;

/** Counts over the decimal logarithm; errors of zero stand with the smallest. */
function histogram(errors: readonly number[]): { readonly at: number[]; readonly values: number[] } {
  const least = errors
    .filter((error) => error > 0)
    .reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const logs = errors.map((error) => Math.log10(error > 0 ? error : Number.isFinite(least) ? least : 1e-16));
  const low = Math.min(...logs);
  const high = Math.max(...logs);
  const width = Math.max(1 / binsPerDecade, (high - low) / mostBins);
  const first = Math.floor(low / width);
  const values = new Array<number>(Math.floor(high / width) - first + 1).fill(0);
  for (const log of logs) values[Math.floor(log / width) - first]++;
  return { at: values.map((_, k) => (first + k + 0.5) * width), values };
}

/** Undefined where nothing was compared with. */
export function distributionSection({ problem, errors }: TrainedOperator): ReportSection | undefined {
  if (errors === null) return undefined;
  const tex = problemTex(problem);
  const shown = Object.entries(errors).slice(0, mostFields);
  const words = shown.map(
    ([name, { relativeL2, median, worst, functions }]) =>
      `${name}: of ${functions} functions half are below ${formatNumber(median, 2)}, the mean is ${formatNumber(relativeL2, 2)}, the worst is ${formatNumber(worst, 2)}`,
  );
  return {
    heading: 'Test errors',
    parts: [
      `Relative L² errors on functions never trained on. ${words.join('; ')}.`,
      {
        caption: 'How many of the test functions have which error; powers of ten along the horizontal axis.',
        panels: shown.map(
          ([name, { each }]): PlotPanel => ({
            title: tex.label(name),
            horizontal: { name: 'error, power of ten' },
            vertical: { name: 'functions' },
            curves: [{ name: 'test functions', curve: histogram(each), mark: 'bars' }],
          }),
        ),
      },
    ],
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const median = (values: readonly number[]): number => {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
};
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

function factorPanels(varied: readonly VariedErrors[], fields: readonly string[]): PlotPanel[] {
  const titles = { lengthScale: 'length scale', amplitude: 'amplitude' } as const;
  return (['lengthScale', 'amplitude'] as const).flatMap((measure): PlotPanel[] => {
    const own = varied.filter((entry) => entry.measure === measure);
    if (own.length < 2) return [];
    const at = own.map(({ factor }) => factor);
    const curves = fields.flatMap((field): NamedCurve[] => {
      const errors = own.map(({ functions }) => functions.map(({ relativeL2 }) => relativeL2[field]));
      return [
        { name: `${field}, mean`, curve: { at, values: errors.map(mean) } },
        { name: `${field}, median`, curve: { at, values: errors.map(median) }, mark: 'dashes' },
      ];
    });
    return [
      {
        title: { name: `other ${titles[measure]}s` },
        horizontal: { name: `${titles[measure]}, training = 1` },
        vertical: { name: 'relative L² error' },
        logarithmic: 'both',
        curves,
      },
    ];
  });
}

/** The largest over the fields against the distance. */
function scattered(name: string, functions: readonly FunctionError[]): NamedCurve[] {
  const shown = functions.filter(
    ({ distance, relativeL2 }) => distance > 0 && Object.values(relativeL2).every((error) => error > 0),
  );
  if (shown.length === 0) return [];
  return [
    {
      name,
      curve: {
        at: shown.map(({ distance }) => distance),
        values: shown.map(({ relativeL2 }) => largest(Object.values(relativeL2))),
      },
      mark: 'circle',
    },
  ];
}

/** Undefined where no function was drawn from elsewhere. */
export function distanceSection(
  { problem }: TrainedOperator,
  { tested, varied, notes }: OperatorAssessment,
): ReportSection | undefined {
  const fields = problem.fields.slice(0, mostFields).map(({ name }) => name);
  const panels = factorPanels(varied, fields);
  const elsewhere = (measure: VariedErrors['measure']): FunctionError[] =>
    varied.flatMap((entry) => (entry.measure === measure && entry.factor !== 1 ? entry.functions : []));
  const clouds = [
    ...scattered('other length scales', elsewhere('lengthScale')),
    ...scattered('other amplitudes', elsewhere('amplitude')),
    ...scattered('test functions', tested),
  ];
  if (panels.length === 0 && clouds.length === 0) return undefined;
  const functions = varied.filter(({ factor }) => factor !== 1).map((entry) => entry.functions.length);
  const figures: SectionFigure[] = [];
  if (panels.length > 0)
    figures.push({
      caption: `Errors on functions whose length scale or amplitude is a multiple of that of training, ${Math.min(...functions)}${Math.max(...functions) > Math.min(...functions) ? ` to ${Math.max(...functions)}` : ''} functions for each; at 1 the test functions.`,
      panels,
    });
  if (clouds.length > 0)
    figures.push({
      caption:
        'Error of each function against its distance from those of training, which is known without a reference: the Mahalanobis distance of its sensors, in principal components.',
      panels: [
        {
          horizontal: { name: 'distance from the training functions' },
          vertical: { name: 'relative L² error' },
          logarithmic: 'both',
          curves: clouds,
        },
      ],
    });
  return {
    heading: 'Away from the training functions',
    parts: [
      'An operator is trained on functions of one kind. How its error grows for others, which are rougher, smoother, larger or smaller:',
      ...figures,
      ...notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`),
    ],
  };
}
