/** The unknowns as the network and as classical least squares find them. */
import type { AssessedEstimate, Assessment } from '../../estimate/assess.ts';
import type { Solution } from '../../solve/solution.ts';
import { formatNumber } from '../number-format.ts';
import type { Estimate, EstimateMethod, EstimateRow, EstimateTable } from '../report-data.ts';
import { problemTex } from './problem-tex.ts';

export const shootingName = 'shooting (Dormand–Prince, least squares)';

function assessed(estimate: AssessedEstimate | undefined): Estimate | null {
  if (estimate === undefined) return null;
  return { value: estimate.value, low: estimate.low ?? undefined, high: estimate.high ?? undefined };
}

/** Undefined where the problem has neither unknowns nor derived quantities. */
export function estimatesOf({ problem }: Solution, assessment: Assessment): EstimateTable | undefined {
  const { parameters, derived, shooting } = assessment;
  if (problem.unknowns.length + problem.derived.length === 0) return undefined;
  const tex = problemTex(problem);
  const all = [...Object.values(parameters), ...Object.values(derived)];
  const withIntervals = all.some(({ low, high }) => low !== null || high !== null);
  const freedom =
    shooting === undefined ? '' : ` at ${formatNumber(shooting.degreesOfFreedom, 6)} degrees of freedom`;
  const gaussian = problem.observations.every(({ noise }) => noise.distribution === 'gaussian');
  const interval = gaussian ? `Gauss–Newton with Student’s t${freedom}` : 'Fisher’s information';
  const methods: EstimateMethod[] = [
    {
      name: 'PINN',
      interval: withIntervals ? interval : undefined,
      sumOfSquares: assessment.sumOfSquares,
    },
  ];
  if (shooting !== undefined)
    methods.push({ name: shootingName, interval, sumOfSquares: shooting.sumOfSquares });
  const row = (name: string, isDerived: boolean): EstimateRow => {
    const classical = isDerived ? shooting?.derived[name] : shooting?.estimates[name];
    return {
      ...tex.label(name),
      derived: isDerived,
      values: [
        assessed((isDerived ? derived : parameters)[name]),
        ...(shooting === undefined
          ? []
          : [
              classical === undefined
                ? null
                : { value: classical.value, low: classical.low, high: classical.high },
            ]),
      ],
    };
  };
  return {
    level: all[0]?.level ?? shooting?.level ?? 0.95,
    methods,
    rows: [
      ...problem.unknowns.map(({ name }) => row(name, false)),
      ...problem.derived.map(({ name }) => row(name, true)),
    ],
  };
}
