/** Every named model with random rates, and its reproduction numbers worked out by hand. */
import {
  type CompartmentModelName,
  type CompartmentModelOptions,
  compartmentModel,
  compartmentModels,
} from '../../src/epidemiology/index.ts';
import { type Problem, problem } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';

type Rates = Readonly<Record<string, number>>;

/** By hand from the next-generation matrix of each model, strain by strain. */
export const reproductionNumbersByHand: Record<CompartmentModelName, (r: Rates) => number[]> = {
  SI: () => [Number.POSITIVE_INFINITY],
  SIS: (r) => [r.beta / r.gamma],
  SIR: (r) => [r.beta / r.gamma],
  SIRS: (r) => [r.beta / r.gamma],
  SEIR: (r) => [r.beta / r.gamma],
  SEIRD: (r) => [r.beta / (r.gamma + r.alpha)],
  SEIAR: (r) => [(r.p * r.beta) / r.gamma + ((1 - r.p) * r.kappa * r.beta) / r.gammaA],
  'SIR with births and deaths': (r) => [r.beta / (r.gamma + r.mu)],
  // susceptible without disease: (1 − p) μ/(μ + ν)
  'SIR with vaccination': (r) => [((r.beta / (r.gamma + r.mu)) * (1 - r.p) * r.mu) / (r.mu + r.nu)],
  'two-strain SIR': (r) => [r.beta1 / r.gamma1, r.beta2 / r.gamma2],
  'two-strain SIR with partial immunity': (r) => [r.beta1 / r.gamma1, r.beta2 / r.gamma2],
  // K = (β11/γ, β12 N1/(γ N2); β21 N2/(γ N1), β22/γ): the larger root of λ² − trace λ + determinant
  'two-age-group SIR': (r) => {
    const trace = (r.beta11 + r.beta22) / r.gamma;
    const determinant = (r.beta11 * r.beta22 - r.beta12 * r.beta21) / r.gamma ** 2;
    return [trace / 2 + Math.sqrt((trace / 2) ** 2 - determinant)];
  },
};

export const modelNames = Object.keys(compartmentModels) as CompartmentModelName[];

export interface RandomModel {
  readonly rates: Record<string, number>;
  readonly options: CompartmentModelOptions;
  readonly problem: Problem;
}

/** Rates between 0.05 and 1.05 per day, populations between 100 and 1100, one person infected of each kind. */
export function randomModel(
  name: CompartmentModelName,
  seed: number,
  chosen: Rates = {},
  duration = 40,
): RandomModel {
  const { uniform } = randomGenerator(seed);
  const { parameters, populations } = compartmentModels[name];
  const rates: Record<string, number> = {};
  for (const [key, { fraction }] of Object.entries(parameters))
    rates[key] = chosen[key] ?? (fraction === true ? uniform() : 0.05 + uniform());
  const members = Object.values(populations).flat();
  const options: CompartmentModelOptions = {
    population: Object.fromEntries(Object.keys(populations).map((key) => [key, 100 + 1000 * uniform()])),
    initial: Object.fromEntries(members.filter((c) => /^I/.test(c)).map((c) => [c, 1])),
    duration,
    parameters: rates,
  };
  return { rates, options, problem: problem(compartmentModel(name, options)) };
}
