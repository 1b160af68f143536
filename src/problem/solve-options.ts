/** Options of `solve()`, as they may also stand under a problem's `solve` key. */
import { z } from 'zod';
import { operatorOptionsSchema } from './operator-options.ts';
import {
  causalSchema,
  curriculumSchema,
  resamplingSchema,
  weightingSchema,
  weightsSchema,
} from './weighting-options.ts';

/** More than these fill the memory of a computer. */
const mostPoints = 10_000_000;
const mostFeatures = 100_000;

const subdomainsSchema = z
  .object({
    overlap: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'How far neighbours reach into each other, over the length of a part; 0: tied where they meet',
      ),
  })
  .catchall(z.int().positive())
  .describe('By coordinate the number of parts into which it is divided: a network for each box');

const scaleSchema = z.union([z.number().positive(), z.array(z.number().positive()).min(1)]);

const networkSchema = z.union([
  z
    .string()
    .regex(/^\s*0*[1-9]\d*\s*[xX×]\s*0*[1-9]\d*\s*$/)
    .describe('Width and depth: "20x4" is four hidden layers of 20'),
  z.strictObject({
    width: z.int().positive().optional(),
    depth: z.int().positive().optional(),
    architecture: z
      .enum(['multilayer-perceptron', 'modified'])
      .optional()
      .describe('modified: each hidden layer is a gate between two encodings of the input'),
    separate: z.boolean().optional().describe('A network for each field'),
    fourierFeatures: z
      .strictObject({
        count: z
          .int()
          .positive()
          .max(mostFeatures)
          .describe('Number of random frequencies; twice as many inputs'),
        scale: z
          .union([scaleSchema, z.record(z.string(), scaleSchema)])
          .describe(
            'Standard deviation of the frequencies; several share the features; one or several by coordinate',
          ),
      })
      .optional(),
    subdomains: subdomainsSchema.optional(),
  }),
  z.strictObject({
    randomFeatures: z
      .strictObject({
        count: z.int().positive().describe('Number of features, sines of fixed random frequencies'),
        scale: z
          .union([z.number().positive(), z.record(z.string(), z.number().positive())])
          .describe(
            'Largest angular frequency along every coordinate, or by coordinate, with the domain mapped to [-1, 1]',
          ),
      })
      .describe('In place of hidden layers: the parameters are those of a linear last layer alone'),
    subdomains: subdomainsSchema.optional(),
  }),
]);

const scheduleSchema = z.union([
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('exponential'),
    factor: z.number().positive().max(1),
    every: z.int().positive().describe('The rate is multiplied by the factor over so many steps'),
  }),
  z.strictObject({ kind: z.literal('cosine') }),
]);

export const solveOptionsSchema = z.strictObject({
  engine: z.enum(['f64', 'tfjs']).optional(),
  backend: z.string().optional().describe('Of the tfjs engine: tfjs-node-gpu, tfjs-node, wasm, cpu, …'),
  threads: z.int().positive().optional().describe('Of the f64 engine'),
  optimizer: z
    .string()
    .optional()
    .describe(
      'spectral, random-features, lm, lbfgs, adam, broyden, spring; joined by "+" they run one after another: "adam+lbfgs"',
    ),
  learningRate: z.number().positive().optional().describe('Of Adam'),
  schedule: scheduleSchema.optional().describe('Of the learning rate of Adam'),
  network: networkSchema.optional(),
  activation: z.string().optional(),
  initialization: z.enum(['glorot', 'he', 'lecun', 'siren']).optional(),
  points: z
    .int()
    .positive()
    .max(mostPoints)
    .optional()
    .describe('Number of collocation points inside the domain'),
  conditionPoints: z.int().positive().max(mostPoints).optional().describe('Number of points on each face'),
  sampling: z.enum(['sobol', 'halton', 'uniform', 'latin-hypercube', 'grid']).optional(),
  weights: weightsSchema.optional(),
  weighting: weightingSchema.optional(),
  causal: causalSchema.optional(),
  curriculum: curriculumSchema.optional(),
  windows: z
    .int()
    .positive()
    .optional()
    .describe('Successive windows of time, each with parameters of its own that start where the last ended'),
  resampling: resamplingSchema.optional(),
  operator: operatorOptionsSchema.optional(),
  seed: z.int().min(0).optional(),
  iterations: z.int().positive().optional().describe('At most so many optimizer steps in all'),
  timeLimit: z.number().positive().optional().describe('Seconds'),
  target: z.number().positive().optional().describe('Stop once the relative L2 error is estimated below'),
});

/** The part of `solve()`'s options that is plain data. */
export type SolveSettings = z.input<typeof solveOptionsSchema>;
