/**
 * Every operation of the expression graph on columns of tensors, with its adjoint written out: reverse mode
 * takes place once, over these rules, and never nests.
 */
import type { Operation } from '../../expression/operation.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

/** Operands are of shape (N) or (). */
export interface TensorOperation {
  value(arithmetic: TensorArithmetic, operands: readonly Tensor[]): Tensor;
  /**
   * What each operand receives of `bar`, the adjoint of the result: (N) or (), summed by the caller where the
   * operand is a scalar; null where it is zero.
   */
  adjoint(
    arithmetic: TensorArithmetic,
    bar: Tensor,
    operands: readonly Tensor[],
    result: Tensor,
    needed: readonly boolean[],
  ): readonly MaybeTensor[];
}

const constantNothing: TensorOperation['adjoint'] = (_, __, operands) => operands.map(() => null);

/** A function of one operand whose derivative is `slope`. */
function unary(
  value: (arithmetic: TensorArithmetic, a: Tensor) => Tensor,
  slope: (arithmetic: TensorArithmetic, a: Tensor, result: Tensor) => Tensor,
): TensorOperation {
  return {
    value: (arithmetic, [a]) => value(arithmetic, a),
    adjoint: (arithmetic, bar, [a], result) => [arithmetic.tf.mul(bar, slope(arithmetic, a, result))],
  };
}

/** A comparison or step: 1 or 0, without a derivative. */
function flat(value: TensorOperation['value']): TensorOperation {
  return { value, adjoint: constantNothing };
}

/** 1 where the comparison holds, else 0. */
function indicator({ tf }: TensorArithmetic, truth: Tensor): Tensor {
  return tf.cast(truth, 'float32');
}

/** The larger or smaller of two; at a tie the first has the derivative. */
function extremum(name: 'maximum' | 'minimum', first: 'greaterEqual' | 'lessEqual'): TensorOperation {
  return {
    value: ({ tf }, [a, b]) => tf[name](a, b),
    adjoint: (arithmetic, bar, [a, b]) => {
      const { tf } = arithmetic;
      const mask = indicator(arithmetic, tf[first](a, b));
      const toFirst = tf.mul(bar, mask);
      return [toFirst, tf.sub(bar, toFirst)];
    },
  };
}

const one = (arithmetic: TensorArithmetic): Tensor => arithmetic.scalar(1);

/** 1/√(1 − a²). */
const arcSlope = (arithmetic: TensorArithmetic, a: Tensor): Tensor =>
  arithmetic.tf.rsqrt(arithmetic.tf.sub(one(arithmetic), arithmetic.tf.square(a)));

export const tensorOperations: Readonly<Record<Exclude<Operation, 'power'>, TensorOperation>> = {
  add: {
    value: ({ tf }, [a, b]) => tf.add(a, b),
    adjoint: (_, bar) => [bar, bar],
  },
  subtract: {
    value: ({ tf }, [a, b]) => tf.sub(a, b),
    adjoint: ({ tf }, bar, _, __, needed) => [bar, needed[1] ? tf.neg(bar) : null],
  },
  multiply: {
    value: (arithmetic, [a, b]) => arithmetic.multiply(a, b)!,
    adjoint: ({ tf }, bar, [a, b], _, needed) => [
      needed[0] ? tf.mul(bar, b) : null,
      needed[1] ? tf.mul(bar, a) : null,
    ],
  },
  divide: {
    value: ({ tf }, [a, b]) => tf.div(a, b),
    adjoint: ({ tf }, bar, [, b], result, needed) => {
      const first = tf.div(bar, b);
      return [first, needed[1] ? tf.neg(tf.mul(first, result)) : null];
    },
  },
  negate: {
    value: ({ tf }, [a]) => tf.neg(a),
    adjoint: ({ tf }, bar) => [tf.neg(bar)],
  },
  sin: unary(
    ({ tf }, a) => tf.sin(a),
    ({ tf }, a) => tf.cos(a),
  ),
  cos: unary(
    ({ tf }, a) => tf.cos(a),
    ({ tf }, a) => tf.neg(tf.sin(a)),
  ),
  tan: unary(
    ({ tf }, a) => tf.tan(a),
    (arithmetic, _, result) => arithmetic.tf.add(one(arithmetic), arithmetic.tf.square(result)),
  ),
  asin: unary(({ tf }, a) => tf.asin(a), arcSlope),
  acos: unary(
    ({ tf }, a) => tf.acos(a),
    (arithmetic, a) => arithmetic.tf.neg(arcSlope(arithmetic, a)),
  ),
  atan: unary(
    ({ tf }, a) => tf.atan(a),
    (arithmetic, a) => arithmetic.tf.reciprocal(arithmetic.tf.add(one(arithmetic), arithmetic.tf.square(a))),
  ),
  atan2: {
    value: ({ tf }, [y, x]) => tf.atan2(y, x),
    adjoint: ({ tf }, bar, [y, x], _, needed) => {
      const scaled = tf.div(bar, tf.add(tf.square(x), tf.square(y)));
      return [needed[0] ? tf.mul(scaled, x) : null, needed[1] ? tf.neg(tf.mul(scaled, y)) : null];
    },
  },
  sinh: unary(
    ({ tf }, a) => tf.sinh(a),
    ({ tf }, a) => tf.cosh(a),
  ),
  cosh: unary(
    ({ tf }, a) => tf.cosh(a),
    ({ tf }, a) => tf.sinh(a),
  ),
  tanh: unary(
    ({ tf }, a) => tf.tanh(a),
    (arithmetic, _, result) => arithmetic.tf.sub(one(arithmetic), arithmetic.tf.square(result)),
  ),
  exp: unary(
    ({ tf }, a) => tf.exp(a),
    (_, __, result) => result,
  ),
  log: unary(
    ({ tf }, a) => tf.log(a),
    ({ tf }, a) => tf.reciprocal(a),
  ),
  sqrt: unary(
    ({ tf }, a) => tf.sqrt(a),
    (arithmetic, _, result) => arithmetic.tf.div(arithmetic.scalar(0.5), result),
  ),
  abs: unary(
    ({ tf }, a) => tf.abs(a),
    ({ tf }, a) => tf.sign(a),
  ),
  sign: flat(({ tf }, [a]) => tf.sign(a)),
  erf: unary(
    ({ tf }, a) => tf.erf(a),
    (arithmetic, a) =>
      arithmetic.scale(arithmetic.tf.exp(arithmetic.tf.neg(arithmetic.tf.square(a))), 2 / Math.sqrt(Math.PI)),
  ),
  floor: flat(({ tf }, [a]) => tf.floor(a)),
  max: extremum('maximum', 'greaterEqual'),
  min: extremum('minimum', 'lessEqual'),
  less: flat((arithmetic, [a, b]) => indicator(arithmetic, arithmetic.tf.less(a, b))),
  lessEqual: flat((arithmetic, [a, b]) => indicator(arithmetic, arithmetic.tf.lessEqual(a, b))),
  equal: flat((arithmetic, [a, b]) => indicator(arithmetic, arithmetic.tf.equal(a, b))),
  not: flat((arithmetic, [a]) => indicator(arithmetic, arithmetic.tf.equal(a, arithmetic.scalar(0)))),
  select: {
    value: (arithmetic, [condition, a, b]) =>
      arithmetic.tf.where(arithmetic.tf.notEqual(condition, arithmetic.scalar(0)), a, b),
    adjoint: (arithmetic, bar, [condition], _, needed) => {
      const { tf } = arithmetic;
      const truth = tf.notEqual(condition, arithmetic.scalar(0));
      const zero = arithmetic.scalar(0);
      // Chosen, not multiplied by a mask: what flows into the branch not taken has to be 0 even if bar is not finite.
      return [
        null,
        needed[1] ? tf.where(truth, bar, zero) : null,
        needed[2] ? tf.where(truth, zero, bar) : null,
      ];
    },
  },
};

/** Above this exponent `pow` takes over from repeated multiplication. */
const largestProduct = 12;

/** a^p by repeated squaring for whole p ≥ 0, which is exact in sign and has no trouble at a = 0. */
function wholePower(arithmetic: TensorArithmetic, a: Tensor, p: number): MaybeTensor {
  let result: MaybeTensor = null;
  let square = a;
  for (let rest = p; rest > 0; rest >>= 1) {
    if (rest & 1) result = result === null ? square : arithmetic.tf.mul(result, square);
    if (rest > 1) square = arithmetic.tf.square(square);
  }
  return result;
}

function constantPower(arithmetic: TensorArithmetic, a: Tensor, p: number): Tensor {
  const { tf } = arithmetic;
  if (p === 0) return tf.onesLike(a);
  if (Number.isInteger(p) && Math.abs(p) <= largestProduct) {
    const positive = wholePower(arithmetic, a, Math.abs(p))!;
    return p > 0 ? positive : tf.reciprocal(positive);
  }
  if (p === 0.5) return tf.sqrt(a);
  return tf.pow(a, arithmetic.scalar(p));
}

/** a^p with a constant exponent: negative bases where p is whole, and slope p·a^(p−1). */
export function powerWithExponent(p: number): TensorOperation {
  return {
    value: (arithmetic, [a]) => constantPower(arithmetic, a, p),
    adjoint: (arithmetic, bar, [a]) => {
      if (p === 0) return [null, null];
      if (p === 1) return [bar, null];
      return [arithmetic.tf.mul(bar, arithmetic.scale(constantPower(arithmetic, a, p - 1), p)), null];
    },
  };
}

/** a^b with both varying: b·a^(b−1) and a^b·ln a, the latter where a > 0 and 0 elsewhere. */
export const power: TensorOperation = {
  value: ({ tf }, [a, b]) => tf.pow(a, b),
  adjoint: (arithmetic, bar, [a, b], result, needed) => {
    const { tf } = arithmetic;
    const zero = arithmetic.scalar(0);
    const toBase = () => tf.mul(tf.mul(bar, b), tf.pow(a, tf.sub(b, arithmetic.scalar(1))));
    const toExponent = () => {
      const positive = tf.greater(a, zero);
      const safe = tf.where(positive, a, arithmetic.scalar(1));
      return tf.mul(tf.mul(bar, result), tf.log(safe));
    };
    return [needed[0] ? toBase() : null, needed[1] ? toExponent() : null];
  },
};
