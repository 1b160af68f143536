/** Profiles of the likelihood: how much worse the best fit gets as one unknown is held away from its estimate. */
import { formatLevel, formatNumber } from '../number-format.ts';
import type { Profile, ProfileSet } from '../report-data.ts';
import {
  axis,
  columnsFor,
  type Figure,
  horizontalMark,
  layout,
  line,
  type Panel,
  quantityText,
  type Trace,
  verticalMark,
} from './figure.ts';
import { color } from './palette.ts';

/** Beyond so many thresholds a curve is cut off: the interval's ends are what is looked for. */
const tallest = 2;

function profilePanel(profile: Profile): Panel {
  const { values, deviance, threshold, low, high, estimate } = profile;
  const marks: Trace[] = [horizontalMark(threshold, 'dash')];
  for (const bound of [low, high])
    if (bound !== undefined && Number.isFinite(bound)) marks.push(verticalMark(bound));
  return {
    title: profile,
    description: `deviance over ${profile.name}`,
    traces: [
      line(values, deviance, 'profile', 'network'),
      {
        type: 'scatter',
        mode: 'markers',
        name: 'estimate',
        x: [estimate],
        y: [0],
        cliponaxis: false,
        marker: { size: 7, color: color('network') },
      },
    ],
    layout: layout(axis(quantityText(profile)), axis('deviance', { range: [0, tallest * threshold] }), {
      shapes: marks,
    }),
  };
}

export function profileFigure(set: ProfileSet | undefined): Figure | null {
  if (set === undefined || set.profiles.length === 0) return null;
  const words = set.profiles.flatMap(({ words }) => (words === undefined ? [] : [words]));
  const [{ threshold }] = set.profiles;
  return {
    id: 'profiles',
    caption: [
      `Profiles of the likelihood: twice the logarithm of how much less likely the data become where one quantity is held and the others are fitted anew. Dashed, the deviance ${formatNumber(threshold)} below which the ${formatLevel(set.level)} interval lies; dotted, its ends.`,
      ...words,
    ].join(' '),
    panels: set.profiles.map(profilePanel),
    legend: [],
    columns: columnsFor(set.profiles.length),
  };
}
