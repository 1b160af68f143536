/**
 * Named compartment models as data. People who meet anybody alike: β is the rate at which one infectious
 * person would infect a wholly susceptible population (frequency-dependent transmission βSI/N). Symbols as in
 * Keeling & Rohani (2008), Modeling Infectious Diseases in Humans and Animals; α, deaths by the disease, as in
 * Anderson & May (1991), Infectious Diseases of Humans.
 */
export interface ParameterMeaning {
  readonly meaning: string;
  /** Used where no value is given. */
  readonly default?: number;
  /** A share of people, between 0 and 1, and not a rate. */
  readonly fraction?: boolean;
}

export interface CompartmentModel {
  readonly title: string;
  readonly source: string;
  readonly flows: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterMeaning>>;
  /** Constants that hold a number of people: which compartments they count, the one that takes the rest first. */
  readonly populations: Readonly<Record<string, readonly string[]>>;
  /** Reproduction numbers in closed form, by name. */
  readonly reproductionNumbers: Readonly<Record<string, string>>;
}

const beta: ParameterMeaning = { meaning: 'transmission rate' };
const gamma: ParameterMeaning = { meaning: 'recovery rate, 1/(infectious period)' };
const sigma: ParameterMeaning = { meaning: '1/(latent period)' };
const omega: ParameterMeaning = { meaning: 'rate of losing immunity' };
const mu: ParameterMeaning = { meaning: 'birth and death rate' };

const keelingRohani = 'Keeling & Rohani (2008), Modeling Infectious Diseases in Humans and Animals';

const models = {
  SI: {
    title: 'SI: infected for ever',
    source: `${keelingRohani}, chapter 2`,
    flows: ['S -> I: beta*S*I/N'],
    parameters: { beta },
    populations: { N: ['S', 'I'] },
    reproductionNumbers: {},
  },
  SIS: {
    title: 'SIS: no immunity',
    source: `${keelingRohani}, section 2.3`,
    flows: ['S -> I: beta*S*I/N', 'I -> S: gamma*I'],
    parameters: { beta, gamma },
    populations: { N: ['S', 'I'] },
    reproductionNumbers: { R0: 'beta/gamma' },
  },
  SIR: {
    title: 'SIR: immunity for life',
    source: 'Kermack & McKendrick, Proc. R. Soc. Lond. A 115 (1927) 700-721',
    flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I'],
    parameters: { beta, gamma },
    populations: { N: ['S', 'I', 'R'] },
    reproductionNumbers: { R0: 'beta/gamma' },
  },
  SIRS: {
    title: 'SIRS: immunity that wanes',
    source: `${keelingRohani}, section 2.4`,
    flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I', 'R -> S: omega*R'],
    parameters: { beta, gamma, omega },
    populations: { N: ['S', 'I', 'R'] },
    reproductionNumbers: { R0: 'beta/gamma' },
  },
  SEIR: {
    title: 'SEIR: a latent period before the infectious one',
    source: `${keelingRohani}, section 2.5`,
    flows: ['S -> E: beta*S*I/N', 'E -> I: sigma*E', 'I -> R: gamma*I'],
    parameters: { beta, sigma, gamma },
    populations: { N: ['S', 'E', 'I', 'R'] },
    reproductionNumbers: { R0: 'beta/gamma' },
  },
  SEIRD: {
    title: 'SEIRD: SEIR with deaths by the disease',
    source: 'Anderson & May (1991), Infectious Diseases of Humans, for deaths by the disease',
    flows: ['S -> E: beta*S*I/N', 'E -> I: sigma*E', 'I -> R: gamma*I', 'I -> D: alpha*I'],
    parameters: { beta, sigma, gamma, alpha: { meaning: 'death rate of the infectious' } },
    populations: { N: ['S', 'E', 'I', 'R', 'D'] },
    reproductionNumbers: { R0: 'beta/(gamma + alpha)' },
  },
  SEIAR: {
    title: 'SEIAR: some infections without symptoms',
    source: 'Arino, Brauer, van den Driessche, Watmough & Wu, J. R. Soc. Interface 3 (2006) 453-457',
    flows: [
      'S -> E: beta*S*(I + kappa*A)/N',
      'E -> I: p*sigma*E',
      'E -> A: (1 - p)*sigma*E',
      'I -> R: gamma*I',
      'A -> R: gammaA*A',
    ],
    parameters: {
      beta,
      sigma,
      gamma,
      gammaA: { meaning: 'recovery rate without symptoms' },
      p: { meaning: 'share of infections with symptoms', fraction: true },
      kappa: { meaning: 'infectiousness without symptoms, relative to that with them' },
    },
    populations: { N: ['S', 'E', 'I', 'A', 'R'] },
    reproductionNumbers: { R0: 'beta*(p/gamma + kappa*(1 - p)/gammaA)' },
  },
  'SIR with births and deaths': {
    title: 'SIR with births and deaths in balance',
    source: `${keelingRohani}, section 2.1.2`,
    flows: [
      '-> S: mu*N',
      'S -> I: beta*S*I/N',
      'I -> R: gamma*I',
      'S -> : mu*S',
      'I -> : mu*I',
      'R -> : mu*R',
    ],
    parameters: { beta, gamma, mu },
    populations: { N: ['S', 'I', 'R'] },
    reproductionNumbers: { R0: 'beta/(gamma + mu)' },
  },
  'SIR with vaccination': {
    title: 'SIR with births and deaths, and vaccination at birth and later',
    source: `${keelingRohani}, section 8.1`,
    flows: [
      '-> S: (1 - p)*mu*N',
      '-> V: p*mu*N',
      'S -> V: nu*S',
      'S -> I: beta*S*I/N',
      'I -> R: gamma*I',
      'S -> : mu*S',
      'V -> : mu*V',
      'I -> : mu*I',
      'R -> : mu*R',
    ],
    parameters: {
      beta,
      gamma,
      mu: { ...mu, default: 0 },
      p: { meaning: 'share vaccinated at birth', default: 0, fraction: true },
      nu: { meaning: 'rate of vaccinating the susceptible', default: 0 },
    },
    populations: { N: ['S', 'V', 'I', 'R'] },
    reproductionNumbers: { R0: 'beta/(gamma + mu)*(1 - p)*mu/(mu + nu)' },
  },
  'two-strain SIR': {
    title: 'Two strains, either of which protects from both',
    source: `${keelingRohani}, section 4.1`,
    flows: ['S -> I1: beta1*S*I1/N', 'S -> I2: beta2*S*I2/N', 'I1 -> R: gamma1*I1', 'I2 -> R: gamma2*I2'],
    parameters: { beta1: beta, beta2: beta, gamma1: gamma, gamma2: gamma },
    populations: { N: ['S', 'I1', 'I2', 'R'] },
    reproductionNumbers: { R0_1: 'beta1/gamma1', R0_2: 'beta2/gamma2' },
  },
  'two-strain SIR with partial immunity': {
    title:
      'Two strains, one of which protects from the other in part: J1, J2 have the second of their infections',
    source: `${keelingRohani}, section 4.1`,
    flows: [
      'S -> I1: beta1*S*(I1 + J1)/N',
      'S -> I2: beta2*S*(I2 + J2)/N',
      'I1 -> R1: gamma1*I1',
      'I2 -> R2: gamma2*I2',
      'R1 -> J2: psi*beta2*R1*(I2 + J2)/N',
      'R2 -> J1: psi*beta1*R2*(I1 + J1)/N',
      'J1 -> R: gamma1*J1',
      'J2 -> R: gamma2*J2',
    ],
    parameters: {
      beta1: beta,
      beta2: beta,
      gamma1: gamma,
      gamma2: gamma,
      psi: { meaning: 'susceptibility after the other strain, relative to that before' },
    },
    populations: { N: ['S', 'I1', 'I2', 'R1', 'R2', 'J1', 'J2', 'R'] },
    reproductionNumbers: { R0_1: 'beta1/gamma1', R0_2: 'beta2/gamma2' },
  },
  'two-age-group SIR': {
    title: 'SIR in two age groups: a member of group i meets infection from group j at the rate betaij*Ij/Nj',
    source:
      'Diekmann, Heesterbeek & Britton (2013), Mathematical Tools for Understanding Infectious Disease Dynamics',
    flows: [
      'S1 -> I1: S1*(beta11*I1/N1 + beta12*I2/N2)',
      'S2 -> I2: S2*(beta21*I1/N1 + beta22*I2/N2)',
      'I1 -> R1: gamma*I1',
      'I2 -> R2: gamma*I2',
    ],
    parameters: {
      beta11: beta,
      beta12: { meaning: 'transmission rate to group 1 from group 2' },
      beta21: { meaning: 'transmission rate to group 2 from group 1' },
      beta22: beta,
      gamma,
    },
    populations: { N1: ['S1', 'I1', 'R1'], N2: ['S2', 'I2', 'R2'] },
    reproductionNumbers: {
      R0: '(beta11 + beta22 + sqrt((beta11 - beta22)^2 + 4*beta12*beta21))/(2*gamma)',
    },
  },
} satisfies Record<string, CompartmentModel>;

export type CompartmentModelName = keyof typeof models;

/** Every named model. */
export const compartmentModels: Readonly<Record<CompartmentModelName, CompartmentModel>> = models;
