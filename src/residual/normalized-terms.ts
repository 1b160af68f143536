/** Expressions term by term in normalised variables, and how large the terms are. */
import { isZero, multiply, number, sum, termsOf } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import { interiorPoints, type Subset } from './collocation.ts';
import { sampleCount, termMagnitude } from './magnitudes.ts';
import { inNormalizedVariables, type Scaling, withoutAnsatz } from './scaling.ts';

/** Σ parts + constant in normalised variables: an expression term by term, its numbers merged into one. */
export interface NormalizedTerms {
  readonly parts: readonly Expression[];
  readonly constant: number;
}

export function normalizedTerms(expression: Expression, scaling: Scaling): NormalizedTerms {
  const all = termsOf(expression).flatMap((term) => termsOf(inNormalizedVariables(term, scaling)));
  return {
    parts: all.filter((part) => part.kind !== 'number'),
    constant: all.reduce((total, part) => total + (part.kind === 'number' ? part.value : 0), 0),
  };
}

/**
 * The size of the largest term of an expression as it was written, whatever its fields are made of; see
 * {@link sizeOfTerms}.
 */
export function sizeOfExpression(
  expression: Expression,
  scaling: Scaling,
  fieldTermsOnly: boolean,
  within?: Subset,
): number {
  const plain = withoutAnsatz(scaling);
  return sizeOfTerms(normalizedTerms(expression, plain), plain, fieldTermsOnly, within);
}

/** The size of the largest of the terms that are not one-sided, if there are any; where `fieldTermsOnly`, of the largest one that holds a field. */
function sizeOfTerms(
  { parts, constant }: NormalizedTerms,
  scaling: Scaling,
  fieldTermsOnly: boolean,
  within?: Subset,
): number {
  const d = scaling.coordinates.length;
  const flat = interiorPoints('sobol', sampleCount, d, 0, within);
  const points = Array.from({ length: sampleCount }, (_, n) => [...flat.subarray(n * d, (n + 1) * d)]);
  const initial = new Map(scaling.unknowns.map((u) => [u.name, u.initialRaw]));
  const sizes = parts.map((part) =>
    fieldTermsOnly && fieldLeaves([part]).length === 0
      ? 0
      : termMagnitude(
          part,
          points,
          () => 1,
          (name) => initial.get(name)!,
        ),
  );
  const own = fieldTermsOnly ? 0 : Math.abs(constant);
  const lasting = Math.max(own, ...sizes.filter((_, k) => !isOneSided(parts[k])));
  const largest = lasting > 0 ? lasting : Math.max(own, ...sizes);
  return largest > 0 ? largest : 1;
}

/**
 * Whether a term is zero wherever its fields are on one side of something, as max(g - u, 0)/epsilon is: a penalty that a
 * solution makes all but vanish says nothing of how large the other terms are.
 */
function isOneSided(term: Expression): boolean {
  if (term.kind !== 'operation') return false;
  const { operation, operands } = term;
  switch (operation) {
    case 'max':
    case 'min':
      return operands.some(isZero) && fieldLeaves([term]).length > 0;
    case 'multiply':
      return operands.some(isOneSided);
    case 'negate':
    case 'divide':
    case 'power':
      return isOneSided(operands[0]);
    default:
      return false;
  }
}

/** factor · (Σ parts + constant). */
export function scaledSum({ parts, constant }: NormalizedTerms, factor: number): Expression {
  return sum([...parts.map((part) => multiply(number(factor), part)), number(factor * constant)]);
}
