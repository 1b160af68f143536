/** SIR or SEIR? By Akaike's criterion, and by days that the fit has not seen. Run: npx tsx examples/model-choice.ts */
import {
  estimate,
  loadProblem,
  type ProblemDefinition,
  problem,
  profileLikelihood,
  resolveProblemFile,
} from 'ansatz/node';

const lastSeen = 7;
const school = await loadProblem(resolveProblemFile('influenza-1978'));
const [{ points: days, values: inBed }] = school.observations;
const rows = Array.from(days, (day, n) => ({ day, in_bed: inBed[n] }));
const rate = (initial: number) => ({ initial, min: 0 });
const { domain, constants } = school.definition;
const start = (compartments: Record<string, number>) =>
  Object.entries(compartments).map(([name, value]) => ({ on: 't = 0', equation: `${name} = ${value}` }));

const models: ProblemDefinition[] = [
  {
    domain,
    constants,
    name: 'SIR',
    unknowns: { beta: rate(1.5), gamma: rate(0.5) },
    flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I'],
    conditions: start({ S: 760, I: 3, R: 0 }),
  },
  {
    domain,
    constants,
    name: 'SEIR',
    unknowns: { beta: rate(2), sigma: rate(2), gamma: rate(0.5) },
    flows: ['S -> E: beta*S*I/N', 'E -> I: sigma*E', 'I -> R: gamma*I'],
    conditions: start({ S: 760, E: 0, I: 3, R: 0 }),
  },
];

function upTo(last: number, model: ProblemDefinition) {
  const seen = rows.filter(({ day }) => day <= last);
  return problem({ ...model, data: [{ rows: seen, at: { t: 'day' }, observe: { I: 'in_bed' } }] });
}

console.log(`model   unknowns   sum of squares     AIC   error on days ${lastSeen + 1} to 13`);
for (const model of models) {
  const whole = upTo(13, model);
  // SEIR has two maxima here; from one start shooting may end at the lower one.
  const fit = (await estimate(whole)).fit!;
  const early = (await estimate(upTo(lastSeen, model))).fit!;
  const heldOut = rows.filter(({ day }) => day > lastSeen);
  const squares = heldOut.reduce((sum, r) => sum + (early.trajectory.at(r.day).I - r.in_bed) ** 2, 0);
  console.log(
    `${model.name.padEnd(5)}   ${String(whole.unknowns.length).padStart(8)}   ${fit.sumOfSquares.toFixed(0).padStart(14)}   ` +
      `${fit.aic.toFixed(1)}   ${Math.sqrt(squares / heldOut.length).toFixed(1)} boys`,
  );
  for (const { name, low, high } of profileLikelihood(whole, { fit, names: Object.keys(fit.estimates) }))
    console.log(
      `        ${name} = ${fit.estimates[name].value.toFixed(3)} (${low?.toFixed(3) ?? '0'} to ${high?.toFixed(3) ?? 'any size'})`,
    );
}
