/** φ(α) and φ′(α) of a function along a line. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

export interface StrongWolfeOptions {
  /** First step tried. */
  readonly initial: number;
  /** Sufficient decrease c₁ in φ(α) ≤ φ(0) + c₁ α φ′(0). Default 1e-4. */
  readonly decrease?: number;
  /** Curvature c₂ in |φ′(α)| ≤ c₂ |φ′(0)|. Default 0.9. */
  readonly curvature?: number;
  /** Relative noise of φ: differences below noise·|φ(0)| say nothing. Default 1e-6. */
  readonly noise?: number;
  /** Most evaluations of φ. Default 25. */
  readonly evaluations?: number;
}

export interface StrongWolfeResult<P extends LinePoint> {
  /** The accepted point; after a failure the lowest one seen, which may be the origin. */
  readonly point: P;
  /**
   * 'approximate': values differ by less than their noise, and the slopes alone show that the decrease is
   * sufficient, as Hager and Zhang (SIAM J. Optim. 16, 2005) have it.
   */
  readonly outcome: 'strong-wolfe' | 'approximate' | 'failed';
  readonly evaluations: number;
}

// Hager and Zhang's δ: slope ≤ (1 − 2δ)|φ′(0)| is the sufficient decrease of a quadratic, told by slopes.
const approximateDecrease = 0.1;

/**
 * A step that satisfies the strong Wolfe conditions: bracketing and zoom as in Nocedal and Wright, Numerical
 * Optimization (2006), algorithms 3.5 and 3.6, with cubic interpolation, and with every comparison of values
 * widened by the noise so that a single-precision φ does not end the search. A value that is not finite
 * counts as too high.
 * @param at evaluates φ and φ′ at a step; what else it returns comes back with the accepted point.
 * @param origin φ at 0, with φ′(0) < 0.
 */
export async function strongWolfe<P extends LinePoint>(
  at: (step: number) => Promise<P>,
  origin: P,
  options: StrongWolfeOptions,
): Promise<StrongWolfeResult<P>> {
  const { decrease = 1e-4, curvature = 0.9, noise = 1e-6, evaluations: limit = 25 } = options;
  const tolerance = noise * Math.abs(origin.value);
  const steepness = -origin.slope;
  let evaluations = 0;
  let lowest = origin;

  const evaluate = async (step: number): Promise<P> => {
    evaluations += 1;
    const point = await at(step);
    if (usable(point) && point.value < lowest.value) lowest = point;
    return point;
  };
  const armijo = (point: P) => point.value <= origin.value - decrease * point.step * steepness;
  const outcomeAt = (point: P): 'strong-wolfe' | 'approximate' | undefined => {
    if (Math.abs(point.slope) > curvature * steepness) return undefined;
    if (armijo(point)) return 'strong-wolfe';
    const level = point.value <= origin.value + tolerance;
    return level && tolerance > 0 && point.slope <= (1 - 2 * approximateDecrease) * steepness
      ? 'approximate'
      : undefined;
  };
  const tooHigh = (point: P, reference: P) =>
    !usable(point) ||
    point.value > origin.value - decrease * point.step * steepness + tolerance ||
    point.value > reference.value + tolerance;
  const failed = () => ({ point: lowest, outcome: 'failed', evaluations }) as const;

  let low = origin;
  let high: P | undefined;
  let step = options.initial;
  while (high === undefined) {
    if (evaluations >= limit || !Number.isFinite(step)) return failed();
    const point = await evaluate(step);
    if (tooHigh(point, low)) {
      high = point;
      break;
    }
    const outcome = outcomeAt(point);
    if (outcome !== undefined) return { point, outcome, evaluations };
    if (point.slope >= 0) {
      high = low;
      low = point;
      break;
    }
    const ahead = cubicMinimizer(low, point);
    step = clamp(ahead > point.step ? ahead : 4 * point.step, 2 * point.step, 10 * point.step);
    low = point;
  }

  let width = Math.abs(high.step - low.step);
  let slow = 0;
  while (evaluations < limit) {
    const gap = high.step - low.step;
    if (Math.abs(gap) <= 1e-15 * Math.max(Math.abs(high.step), Math.abs(low.step))) return failed();
    const trial = slow >= 2 ? low.step + gap / 2 : interpolated(low, high, tolerance);
    const point = await evaluate(trial);
    if (tooHigh(point, low)) {
      high = point;
    } else {
      const outcome = outcomeAt(point);
      if (outcome !== undefined) return { point, outcome, evaluations };
      if (point.slope * gap >= 0) high = low;
      low = point;
    }
    const narrowed: number = Math.abs(high.step - low.step);
    slow = narrowed > 0.66 * width ? slow + 1 : 0;
    width = narrowed;
  }
  return failed();
}

function usable(point: LinePoint): boolean {
  return Number.isFinite(point.value) && Number.isFinite(point.slope);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The local minimiser of the cubic through two points with their slopes; NaN where it has none. */
function cubicMinimizer(a: LinePoint, b: LinePoint): number {
  const gap = b.step - a.step;
  const d1 = a.slope + b.slope - (3 * (b.value - a.value)) / gap;
  const d2 = Math.sign(gap) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  return b.step - (gap * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}

/** A step inside the bracket, at least a tenth of its width away from its ends. */
function interpolated(low: LinePoint, high: LinePoint, tolerance: number): number {
  const gap = high.step - low.step;
  let trial = Number.NaN;
  if (usable(high)) {
    const level = Math.abs(high.value - low.value) <= tolerance;
    // Values within their noise would mislead the cubic: the slopes' secant is all there is to go by.
    if (!level) trial = cubicMinimizer(low, high);
    else if (low.slope * high.slope < 0) trial = low.step - (low.slope * gap) / (high.slope - low.slope);
  }
  const share = (trial - low.step) / gap;
  return low.step + gap * (Number.isFinite(share) ? clamp(share, 0.1, 0.9) : usable(high) ? 0.5 : 0.1);
}
