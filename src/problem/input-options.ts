/** The key `inputs` of a problem: input functions, as they are written. */
import { z } from 'zod';

const text = z.string().trim().min(1);
const finite = z.number();
const numberOrExpression = z.union([finite, text]);
const positive = z.number().positive();
const range = z.tuple([numberOrExpression, numberOrExpression]);

export const inputSpaces = [
  'gaussian-random-field',
  'chebyshev',
  'power-series',
  'spline',
  'functions',
  'uniform',
] as const;

export const inputSchema = z
  .strictObject({
    of: z
      .union([text, z.array(text)])
      .optional()
      .describe('The coordinates it depends on; default: all. An empty list: it is a number'),
    space: z.enum(inputSpaces).describe('Where it is drawn from'),
    sensors: z
      .union([z.int().positive(), z.array(z.union([finite, z.array(finite).min(1)])).min(1)])
      .optional()
      .describe(
        'Points at which the network sees it: a number of equidistant ones, of two coordinates a number for each, or a list of points; default 100',
      ),
    kernel: z.enum(['rbf', 'matern', 'periodic']).optional().describe('Covariance; default rbf'),
    lengthScale: z
      .union([positive, z.array(positive).min(1)])
      .optional()
      .describe('Length over which values are correlated, in units of the coordinate, or one for each'),
    smoothness: z
      .number()
      .positive()
      .optional()
      .describe(
        'Of a Matérn kernel: 0.5, 1.5, 2.5, 3.5 or 4.5. With kernel "periodic": that of the Matérn field on the circle',
      ),
    variance: positive.optional().describe('At every point; default 1'),
    mean: numberOrExpression.optional().describe('A number, or an expression in its coordinates; default 0'),
    centered: z
      .boolean()
      .optional()
      .describe('Of a periodic field: every draw has the mean given, not only all draws together'),
    minimum: finite.optional().describe('Every draw is shifted so that this is its least value'),
    terms: z
      .int()
      .positive()
      .optional()
      .describe('Number of coefficients (of knots for a spline) along each coordinate; default 10'),
    amplitude: positive
      .optional()
      .describe('Coefficients (values at the knots) are uniform in [-amplitude, amplitude]; default 1'),
    expressions: z
      .array(text)
      .min(1)
      .optional()
      .describe('Functions whose combinations are drawn, in its coordinates and `parameters`'),
    coefficients: range.optional().describe('Of the expressions: uniform in [low, high]'),
    parameters: z
      .record(z.string().min(1), range)
      .optional()
      .describe('Parameters of the expressions, each uniform in [low, high]'),
    range: range.optional().describe('Of a number: [low, high]'),
  })
  .describe('An input function: for every draw of it the problem has another solution');

export type InputDefinition = z.output<typeof inputSchema>;
