/**
 * The operations of the expression graph. Comparisons and logic give 1 or 0; `select` takes its second
 * operand where the first is not zero, else its third. `max`, `min`, `atan2`, `power` take two operands.
 */
export const operations = {
  add: 2,
  subtract: 2,
  multiply: 2,
  divide: 2,
  power: 2,
  negate: 1,
  sin: 1,
  cos: 1,
  tan: 1,
  asin: 1,
  acos: 1,
  atan: 1,
  atan2: 2,
  sinh: 1,
  cosh: 1,
  tanh: 1,
  exp: 1,
  log: 1,
  sqrt: 1,
  abs: 1,
  sign: 1,
  erf: 1,
  floor: 1,
  max: 2,
  min: 2,
  less: 2,
  lessEqual: 2,
  equal: 2,
  not: 1,
  select: 3,
} as const satisfies Record<string, number>;

/** The name of an operation; `operations` maps it to its number of operands. */
export type Operation = keyof typeof operations;
