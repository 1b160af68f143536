import { logGamma } from './gamma-function.ts';

/** I_x(a, b), the regularized incomplete beta function, by its continued fraction (DLMF 8.17.22). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // Lentz's recurrence for numerator over denominator.
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return (front * fraction) / a;
}

/** P(T ≤ t) for Student's t distribution; infinitely many degrees of freedom are not taken. */
export function studentTProbability(t: number, degreesOfFreedom: number): number {
  const tail = 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** The t with P(|T| ≤ t) = level for Student's t distribution: 1.96 for level 0.95 and many degrees of freedom. */
export function twoSidedStudentT(level: number, degreesOfFreedom: number): number {
  const target = (1 + level) / 2;
  let low = 0;
  let high = 1;
  while (studentTProbability(high, degreesOfFreedom) < target && high < 1e300) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (studentTProbability(middle, degreesOfFreedom) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
