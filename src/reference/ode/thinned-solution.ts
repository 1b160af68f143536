import { SolveError } from '../../errors.ts';
import { barycentricWeights, chebyshevLobattoPoints, lagrangeValues } from '../collocation/polynomial.ts';
import { type DenseSegment, evaluateSegment, findSegment } from './dense-output.ts';

/** Steps that a polynomial takes the place of, and its points: a wave of few of those steps is seen by it. */
const stepsTogether = 24;
const pointCount = 12;

const nodes = chebyshevLobattoPoints(pointCount);
const weights = barycentricWeights(nodes);

/** States at Chebyshev points of an interval of time. */
interface Samples {
  readonly t: number;
  readonly h: number;
  readonly states: readonly Float64Array[];
}

type Piece = Samples | { readonly t: number; readonly h: number; readonly segments: readonly DenseSegment[] };

/**
 * The dense output of an integration whose steps are shorter than what they follow, as where stability bounds them:
 * in place of many steps a polynomial of degree 11 through states at Chebyshev points, where its highest coefficients
 * are below a tolerance, else the steps themselves.
 */
export class ThinnedSolution {
  /** Steps so far. */
  steps = 0;
  private readonly pieces: Piece[] = [];
  private pending: DenseSegment[] = [];
  private numbers = 0;

  /**
   * @param tolerance  of each component
   * @param memory  numbers kept at most
   */
  constructor(
    private readonly tolerance: ArrayLike<number>,
    private readonly memory: number,
  ) {}

  /**
   * Forward in time, without gaps; the segment's state is copied.
   *
   * @throws SolveError where there is no room for more
   */
  add(segment: DenseSegment): void {
    this.steps++;
    this.pending.push({ ...segment, y: segment.y.slice() });
    if (this.pending.length === stepsTogether) this.settle();
  }

  evaluate(t: number, out: Float64Array): void {
    if (this.pending.length > 0) this.settle();
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.pieces[middle].t <= t) low = middle;
      else high = middle - 1;
    }
    const piece = this.pieces[low];
    if ('segments' in piece) {
      evaluateSegment(findSegment(piece.segments, t), t, out);
      return;
    }
    const place = Math.min(1, Math.max(-1, (2 * (t - piece.t)) / piece.h - 1));
    const shares = lagrangeValues(nodes, weights, place);
    out.fill(0);
    piece.states.forEach((state, k) => {
      const share = shares[k];
      if (share !== 0) for (let i = 0; i < out.length; i++) out[i] += share * state[i];
    });
  }

  private settle(): void {
    const segments = this.pending;
    this.pending = [];
    const last = segments[segments.length - 1];
    const { t } = segments[0];
    const h = last.t + last.h - t;
    const n = last.y.length;
    const states = Array.from(nodes, (node) => {
      const state = new Float64Array(n);
      const at = t + ((1 + node) / 2) * h;
      evaluateSegment(findSegment(segments, at), at, state);
      return state;
    });
    const smooth = segments.length > pointCount && this.isSmooth(states);
    this.pieces.push(smooth ? { t, h, states } : { t, h, segments });
    this.numbers += smooth
      ? n * pointCount
      : segments.reduce((sum, { y, coefficients }) => sum + y.length + coefficients.length, 0);
    if (this.numbers > this.memory)
      throw new SolveError(`the solution up to t = ${t + h} fills the memory set aside for it`);
  }

  /** Whether the two highest Chebyshev coefficients are below the tolerance, as a root mean square of all components. */
  private isSmooth(states: readonly Float64Array[]): boolean {
    const degree = pointCount - 1;
    const n = states[0].length;
    return [degree - 1, degree].every((k) => {
      const factors = states.map(
        (_, j) =>
          ((j === 0 || j === degree ? 0.5 : 1) * (k === degree ? 1 : 2) * nodeValue(k, degree - j)) / degree,
      );
      let squares = 0;
      for (let i = 0; i < n; i++) {
        let coefficient = 0;
        for (let j = 0; j <= degree; j++) coefficient += factors[j] * states[j][i];
        squares += (coefficient / this.tolerance[i]) ** 2;
      }
      return squares <= n;
    });
  }
}

/** T_k at the Lobatto point of that number, from 1 downwards. */
function nodeValue(k: number, place: number): number {
  return Math.cos((Math.PI * k * place) / (pointCount - 1));
}
