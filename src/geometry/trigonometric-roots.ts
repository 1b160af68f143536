/** Coefficients of f(θ) = a₀ + a₁ cos θ + b₁ sin θ + a₂ cos 2θ + b₂ sin 2θ. */
export interface TrigonometricPolynomial {
  readonly a0: number;
  readonly a1: number;
  readonly b1: number;
  readonly a2: number;
  readonly b2: number;
}

const samples = 48;
const step = (2 * Math.PI) / samples;
/** A minimum of |f| this small against the coefficients is a double root. */
const doubleRoot = 1e-12;

/** The zero of f between `low` and `high`, where its sign changes: Newton's steps kept inside the bracket. */
function bracketedRoot(
  f: (x: number) => number,
  derivative: (x: number) => number,
  low: number,
  high: number,
): number {
  const rising = f(high) > 0;
  let x = 0.5 * (low + high);
  for (let iteration = 0; iteration < 80; iteration++) {
    const value = f(x);
    if (value === 0) return x;
    if (value > 0 === rising) high = x;
    else low = x;
    const newton = x - value / derivative(x);
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (Math.abs(next - x) < 1e-16 * (1 + Math.abs(x))) return next;
    x = next;
  }
  return x;
}

/** The (at most four) zeros in [0, 2π), double ones once; none where all coefficients are negligible. */
export function trigonometricRoots({ a0, a1, b1, a2, b2 }: TrigonometricPolynomial): number[] {
  const size = Math.abs(a0) + Math.abs(a1) + Math.abs(b1) + Math.abs(a2) + Math.abs(b2);
  const f = (x: number): number => {
    const [c, s] = [Math.cos(x), Math.sin(x)];
    return a0 + a1 * c + b1 * s + a2 * (c * c - s * s) + 2 * b2 * s * c;
  };
  const first = (x: number): number =>
    -a1 * Math.sin(x) + b1 * Math.cos(x) - 2 * a2 * Math.sin(2 * x) + 2 * b2 * Math.cos(2 * x);
  const second = (x: number): number =>
    -a1 * Math.cos(x) - b1 * Math.sin(x) - 4 * a2 * Math.cos(2 * x) - 4 * b2 * Math.sin(2 * x);
  // An offset that no exact angle of a construction falls upon.
  const start = 0.0123456789;
  const values = Array.from({ length: samples + 2 }, (_, i) => f(start + i * step));
  const roots: number[] = [];
  for (let i = 0; i < samples; i++) {
    const [left, middle, right] = [values[i], values[i + 1], values[i + 2]];
    const x = start + i * step;
    if (left > 0 !== middle > 0) roots.push(bracketedRoot(f, first, x, x + step));
    const dip = Math.abs(middle) <= Math.abs(left) && Math.abs(middle) <= Math.abs(right);
    if (!dip || left > 0 !== middle > 0 || middle > 0 !== right > 0) continue;
    if (first(x) > 0 === first(x + 2 * step) > 0) continue;
    // f comes close to zero here: it may touch it, or cross it twice between two samples.
    const extremum = bracketedRoot(first, second, x, x + 2 * step);
    const value = f(extremum);
    if (Math.abs(value) <= doubleRoot * size) roots.push(extremum);
    else if (value > 0 !== middle > 0)
      roots.push(bracketedRoot(f, first, x, extremum), bracketedRoot(f, first, extremum, x + 2 * step));
  }
  return roots.map((x) => (x >= 2 * Math.PI ? x - 2 * Math.PI : x)).sort((p, q) => p - q);
}
