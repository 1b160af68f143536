/** Options of training an operator, as they may stand under `solve.operator`. */
import { z } from 'zod';

const sides = z.union([z.int().positive(), z.array(z.int().positive()).min(1)]);

export const operatorOptionsSchema = z
  .strictObject({
    loss: z
      .enum(['data', 'physics', 'mixed'])
      .optional()
      .describe(
        'data: classical solutions of the training functions; physics: the equations alone; mixed: both. Default data',
      ),
    functions: z
      .int()
      .min(4)
      .optional()
      .describe('Input functions to train on; default: as many as help, within the time limit'),
    testFunctions: z
      .int()
      .min(0)
      .optional()
      .describe('Functions to test with, never trained on; default 100'),
    architecture: z
      .enum(['deeponet', 'pod-deeponet', 'fourier'])
      .optional()
      .describe(
        'deeponet: branch and trunk; pod-deeponet: the trunk from solutions; fourier: a Fourier neural operator',
      ),
    branch: z
      .enum(['auto', 'linear', 'kernel', 'network'])
      .optional()
      .describe(
        'From sensors to coefficients; auto: linear where that is exact, else what predicts functions left out best',
      ),
    product: z.boolean().optional().describe('Branches of several input functions are multiplied (MIONet)'),
    batch: z.int().positive().optional().describe('Of operator networks: functions in a step of Adam'),
    modes: z
      .union([z.int().positive(), z.array(z.int().positive()).min(1)])
      .optional()
      .describe('Of a Fourier neural operator: waves that are kept, along each axis'),
    points: z
      .union([sides, z.strictObject({ random: z.int().positive() })])
      .optional()
      .describe(
        'Output points of the data: a grid with so many along each coordinate, or { "random": 50 } for each function',
      ),
  })
  .describe('Of operator problems');

export type OperatorSettings = z.input<typeof operatorOptionsSchema>;
