/** The problem format: a problem as plain data, the same in TypeScript and in a `.json` file. */
import { z } from 'zod';
import { inputSchema } from './input-options.ts';
import { solveOptionsSchema } from './solve-options.ts';

const text = z.string().trim().min(1);
/** Keys stay as they are written: two that differ by spaces must not become one. */
const key = z.string().min(1);
const finite = z.number();
/** A number, or an expression in constants. */
const numberOrExpression = z.union([finite, text]);
const interval = z
  .tuple([numberOrExpression, numberOrExpression])
  .describe('An interval [low, high]; numbers, or expressions in constants');
const weight = z.number().positive().describe('Factor of this part of the loss');

const fieldsSchema = z
  .union([
    z.array(text).min(1),
    z.record(
      key,
      z.strictObject({
        of: z.array(text).min(1).optional().describe('The coordinates it depends on; default: all'),
        pieces: z
          .array(text)
          .min(1)
          .optional()
          .describe('Regions in each of which the field is a smooth function of its own'),
        unknown: z
          .boolean()
          .optional()
          .describe('A coefficient without an equation of its own, found from data'),
        smooth: z
          .number()
          .nonnegative()
          .optional()
          .describe(
            'Of an unknown field: weight of the mean square of its second derivatives, coordinates and field scaled to order one; 0 for none',
          ),
      }),
    ),
  ])
  .describe('Names of the unknown functions');

const unknownSchema = z.strictObject({
  initial: finite.describe('Starting value'),
  min: finite.optional(),
  max: finite.optional(),
  scale: z.number().positive().optional().describe('Typical size, where the starting value does not tell'),
});

const equationSchema = z.union([
  text,
  z.strictObject({
    equation: text,
    weight: weight.optional(),
    where: text.optional().describe('The equation holds where this expression is true'),
  }),
]);

const conditionSchema = z.union([
  z.strictObject({
    on: z
      .union([
        text.describe(
          'A face ("t = 0"), "boundary", a named part of the geometry, or the interface of a region ("inner", "inner|outer")',
        ),
        z.strictObject({ points: z.array(z.array(finite).min(1)).min(1) }),
      ])
      .describe('Where the condition holds'),
    equation: text,
    weight: weight.optional(),
    hard: z.boolean().optional().describe('Build the condition into the trial solution'),
  }),
  z.strictObject({
    periodic: text.describe('A coordinate on whose two faces the solution agrees'),
    order: z.int().min(0).optional().describe('Derivatives up to this order agree; default 1'),
    weight: weight.optional(),
    hard: z.boolean().optional(),
  }),
]);

const cell = z.union([finite, z.string(), z.null()]);
const distribution = z.enum(['gaussian', 'poisson', 'negative-binomial', 'log-normal']);

export const noiseSchema = z
  .union([
    z.number().positive(),
    distribution,
    z.strictObject({
      distribution,
      dispersion: z
        .number()
        .positive()
        .optional()
        .describe('k of a negative binomial distribution, whose variance is m + m^2/k; default: estimated'),
      standardDeviation: z
        .number()
        .positive()
        .optional()
        .describe('Of a gaussian distribution, or of ln y for a log-normal one; default: estimated'),
    }),
  ])
  .describe(
    'How the observations scatter: a standard deviation (Gaussian), the name of a distribution, or an object with its parameter; default: Gaussian, its size estimated',
  );

const dataSchema = z.strictObject({
  file: text.optional().describe('CSV with a header; the path is relative to the problem file'),
  rows: z.array(z.record(z.string(), cell)).optional(),
  at: z.record(key, text).describe('Coordinate: column'),
  observe: z.record(key, text).describe('Field or expression: column'),
  weight: weight.optional(),
  noise: noiseSchema.optional(),
  over: z
    .number()
    .positive()
    .optional()
    .describe(
      'What is observed is the integral of the expression over this span of time up to the row: 7 for weekly sums',
    ),
  delay: numberOrExpression
    .optional()
    .describe('The value in the row at t is that of t - delay; a number, or an expression in constants'),
});

const namedExpressions = z.record(key, numberOrExpression);

export const definitionSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: text,
    title: z.string().optional(),
    description: z.string().optional(),
    source: z.string().optional().describe('Citation'),
    domain: z
      .record(key, z.union([interval, z.record(z.string(), z.unknown())]))
      .describe(
        'Coordinates with their intervals, in order; in place of those of space a shape: { "geometry": { "disk": … }, "t": [0, 1] }',
      ),
    regions: z
      .record(key, z.record(z.string(), z.unknown()))
      .optional()
      .describe('Named parts of space, as shapes: for inside("name"), interfaces and fields in pieces'),
    time: text.optional().describe('Which coordinate is time; default: the one named t, if any'),
    fields: fieldsSchema.optional(),
    constants: namedExpressions.optional().describe('Numbers, or expressions in earlier constants'),
    unknowns: z.record(key, unknownSchema).optional().describe('Scalars to be estimated'),
    functions: namedExpressions.optional().describe('Named expressions'),
    equations: z.array(equationSchema).min(1).optional().describe('Equations inside the domain'),
    conditions: z.array(conditionSchema).optional(),
    data: z.array(dataSchema).optional(),
    exact: namedExpressions.optional().describe('Exact solution by field'),
    derived: namedExpressions.optional().describe('Expressions in unknowns and constants to report'),
    flows: z.array(text).min(1).optional().describe('A compartment model: "S -> I: beta*S*I/N"'),
    inputs: z.record(key, inputSchema).optional().describe('Input functions of an operator problem'),
    solve: solveOptionsSchema.optional().describe("Defaults for solve()'s options"),
  })
  .describe('A problem of differential equations, as Ansatz reads it');

/** A problem as a person writes it. See the table of keys in the README. */
export type ProblemDefinition = z.input<typeof definitionSchema>;

/** The format as JSON Schema (draft 2020-12), for editors and other programs. */
export function problemJsonSchema(): object {
  return {
    ...z.toJSONSchema(definitionSchema, { io: 'input' }),
    $id: 'ansatz/problem.schema.json',
    title: 'Ansatz problem',
  };
}
