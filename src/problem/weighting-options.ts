/** The parts of solve()'s options that say what counts in the loss, where and when. */
import { z } from 'zod';

const every = z.int().positive().optional().describe('Optimizer steps between updates');

export const weightsSchema = z
  .strictObject({
    equations: z.number().positive().optional(),
    conditions: z.number().positive().optional(),
    data: z.number().positive().optional(),
  })
  .describe('Factors of the terms of the loss, beside the weights of single equations and conditions');

const weightingNames = ['fixed', 'gradient-norm', 'ntk', 'self-adaptive'] as const;

const average = z
  .number()
  .min(0)
  .lt(1)
  .optional()
  .describe('Share of the old weights that stays at an update');

export const weightingSchema = z
  .union([
    z.enum(weightingNames),
    z.strictObject({ kind: z.literal('fixed') }),
    z.strictObject({ kind: z.literal('gradient-norm'), every, average }),
    z.strictObject({ kind: z.literal('ntk'), every, average }),
    z.strictObject({
      kind: z.literal('self-adaptive'),
      every,
      rate: z.number().positive().optional().describe('Step of the ascent; default 0.1'),
    }),
  ])
  .describe('How the terms of the loss are weighed against each other');

export const causalSchema = z
  .union([
    z.boolean(),
    z.strictObject({
      epsilons: z
        .array(z.number().positive())
        .min(1)
        .optional()
        .describe('From loose to strict; default 1 to 10,000 in powers of ten'),
      slabs: z.int().min(2).optional().describe('Parts of time that have a weight each; default 32'),
      every,
    }),
  ])
  .describe('Residuals count only where those at earlier times are small');

export const curriculumSchema = z
  .union([
    z.boolean(),
    z.strictObject({ parts: z.int().min(2).describe('Equal parts in which time grows to its end') }),
  ])
  .describe('Train on the beginning of time first, then on more and more of it');

const candidates = z.int().positive().optional().describe('Points among which is chosen; default 4 for each');

export const resamplingSchema = z
  .union([
    z.enum(['none', 'rad', 'rar']),
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('rad'),
      every,
      k: z.number().min(0).optional().describe('Exponent of the residual in the density; default 1'),
      c: z.number().min(0).optional().describe('Uniform part of the density; default 1'),
      candidates,
    }),
    z.strictObject({
      kind: z.literal('rar'),
      every,
      add: z.int().positive().optional().describe('Points added at a time; default 2% of the points'),
      candidates,
    }),
  ])
  .describe('Collocation points drawn anew (rad) or added (rar) where residuals are large');
