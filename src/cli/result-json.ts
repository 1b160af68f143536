import type { AssessedEstimate, Assessment } from '../estimate/index.ts';
import type { Solution } from '../solve/index.ts';

/** The one JSON object that `solve --json` prints. */
export function resultJson(solution: Solution, assessment: Assessment): object {
  const { run, problem } = solution;
  const { settings } = run;
  const { shooting } = assessment;
  return {
    problem: problem.name,
    engine: settings.engine,
    engineReason: settings.engineReason,
    backend: run.backend,
    optimizer: settings.optimizers.join('+'),
    optimizerReason: settings.optimizerReason,
    network: `${settings.width}x${settings.depth}`,
    activation: settings.activation,
    points: settings.points,
    ...(settings.weighting.kind === 'fixed' ? {} : { weighting: settings.weighting.kind }),
    ...(settings.causal === undefined ? {} : { causal: true }),
    ...(settings.windows === 1 ? {} : { windows: settings.windows }),
    ...(settings.resampling === undefined ? {} : { resampling: settings.resampling.kind }),
    seed: settings.seed,
    seconds: Number(run.seconds.toFixed(3)),
    iterations: run.iterations,
    loss: run.loss,
    ...(run.heldOutResidual === undefined ? {} : { heldOutResidual: run.heldOutResidual }),
    parameters: assessment.parameters,
    derived: assessment.derived,
    errors: assessment.errors,
    ...(assessment.errors === null ? { reason: assessment.reason } : {}),
    ...(assessment.sumOfSquares === undefined ? {} : { sumOfSquares: assessment.sumOfSquares }),
    ...(shooting === undefined
      ? {}
      : {
          shooting: {
            parameters: estimates(shooting.estimates, shooting.level),
            derived: estimates(shooting.derived, shooting.level),
            sumOfSquares: shooting.sumOfSquares,
          },
        }),
    ...(assessment.notes.length === 0 ? {} : { notes: assessment.notes }),
    stopped: run.stopped,
  };
}

function estimates(
  values: Readonly<Record<string, { value: number; low: number; high: number }>>,
  level: number,
): Record<string, AssessedEstimate> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { value, low, high }]) => [name, { value, low, high, level }]),
  );
}
