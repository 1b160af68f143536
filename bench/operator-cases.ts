/** The operators that are measured: what is trained, and the error to be reached. */
import { readFileSync } from 'node:fs';
import type { TrainOptions } from '../src/index.ts';
import type { ProblemDefinition } from '../src/problem/index.ts';

export interface OperatorCase {
  readonly name: string;
  readonly title: string;
  readonly definition: ProblemDefinition;
  readonly options: TrainOptions;
  /** Mean relative L² error on test functions, and seconds of training. */
  readonly goal: { readonly error: number; readonly seconds?: number };
  /** What others published, in words. */
  readonly published?: string;
}

const catalogued = (name: string): ProblemDefinition =>
  JSON.parse(readFileSync(new URL(`../problems/${name}.json`, import.meta.url), 'utf8'));

const burgers = catalogued('burgers-operator');

/**
 * Initial value to the solution at t = 1 with ν = 0.1, from the field of covariance 625 (25 − Laplacian)^-2 on the
 * circle: Li et al., Fourier neural operator, ICLR 2021; in the Matérn form its smoothness is 3/2, its length √3/5. Its variance is 1.35 there and 2.5 here, a harder map.
 */
const fourierBurgers: ProblemDefinition = {
  ...burgers,
  name: 'burgers-at-one',
  constants: { nu: 0.1 },
  inputs: {
    v: {
      of: 'x',
      space: 'gaussian-random-field',
      kernel: 'periodic',
      smoothness: 1.5,
      lengthScale: Math.sqrt(3) / 5,
      variance: 2.5,
      sensors: 128,
    },
  },
};

export const operatorCases: readonly OperatorCase[] = [
  {
    name: 'integrator',
    title: 'integrator, 150 functions',
    definition: catalogued('integrator'),
    options: { functions: 150, testFunctions: 300, timeLimit: 100 },
    goal: { error: 1e-4, seconds: 20 },
    published: 'DeepXDE on two cores: 3.2e-2',
  },
  {
    name: 'forced-pendulum',
    title: 'pendulum with a force',
    definition: catalogued('forced-pendulum'),
    options: { timeLimit: 120 },
    goal: { error: 1e-3, seconds: 120 },
  },
  {
    name: 'logistic-rate',
    title: 'logistic growth with a varying rate',
    definition: catalogued('logistic-rate'),
    options: { timeLimit: 120 },
    goal: { error: 1e-3, seconds: 120 },
  },
  {
    name: 'integrator-physics',
    title: 'integrator, equations alone',
    definition: catalogued('integrator'),
    options: { loss: 'physics', testFunctions: 300, timeLimit: 60 },
    goal: { error: 2e-4, seconds: 60 },
    published: '2.5e-3 in 608 s',
  },
  {
    name: 'diffusion-reaction-physics',
    title: 'diffusion–reaction, equations alone',
    definition: catalogued('diffusion-reaction-operator'),
    options: { loss: 'physics', timeLimit: 100 },
    goal: { error: 2e-3, seconds: 300 },
    published: '5.3e-3 in 50 min',
  },
  {
    name: 'diffusion-reaction',
    title: 'diffusion–reaction, data',
    definition: catalogued('diffusion-reaction-operator'),
    options: { timeLimit: 100 },
    goal: { error: 2e-3, seconds: 300 },
    published: '9.7e-3 in 11 min',
  },
  {
    name: 'advection-physics',
    title: 'advection, equations alone',
    definition: catalogued('advection-operator'),
    options: { loss: 'physics', timeLimit: 300 },
    goal: { error: 1.2e-2, seconds: 600 },
    published: '2.4e-2',
  },
  {
    name: 'burgers-physics',
    title: 'Burgers, ν = 0.01, equations alone',
    definition: burgers,
    options: { loss: 'physics', timeLimit: 150 },
    goal: { error: 7e-3, seconds: 600 },
    published: '1.4e-2',
  },
  {
    name: 'burgers-at-one',
    title: 'Burgers, ν = 0.1, data',
    definition: fourierBurgers,
    options: { timeLimit: 300 },
    goal: { error: 9.5e-3 },
    published: 'DeepONet 2.2e-2, POD-DeepONet 1.9e-2 (at t = 1)',
  },
  {
    name: 'burgers-operator',
    title: 'Burgers, ν = 0.01, data',
    definition: burgers,
    options: { timeLimit: 120 },
    goal: { error: 9.5e-3 },
  },
  {
    name: 'darcy-operator',
    title: 'Darcy in one dimension, data',
    definition: catalogued('darcy-operator'),
    options: { timeLimit: 60 },
    goal: { error: 6.7e-3 },
    published: 'in two dimensions: DeepONet 3.0e-2, POD-DeepONet 2.3e-2, FNO 1.35e-2',
  },
  {
    name: 'poisson-operator',
    title: 'Poisson in one dimension, data',
    definition: catalogued('poisson-operator'),
    options: { timeLimit: 60 },
    goal: { error: 1e-3 },
  },
];
