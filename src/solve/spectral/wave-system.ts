/** Waves whose speed varies in space, in sines and cosines that vanish on the faces of a box or have no slope there. */
import { NotSupportedError } from '../../errors.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Problem } from '../../problem/index.ts';
import { bindProgram } from '../../reference/bound-program.ts';
import { type Ends, MirrorGrid } from '../../reference/fourier/mirror-grid.ts';
import type { PeriodicForm } from '../../reference/fourier/periodic-form.ts';
import type { ModalSystem } from '../../reference/fourier/refined-evolution.ts';
import { waveTerms } from '../../reference/fourier/wave-operator.ts';
import { initialFields } from '../../reference/initial-fields.ts';

/** Points along each axis at most, by their number. */
const mostPoints = [2048, 96, 24];

/** On a line a fast transform asks for powers of 2 and 3. */
const next = (n: number, dimension: number): number => {
  if (dimension > 1) return Math.round(1.25 * n);
  return n % 3 === 0 ? (4 * n) / 3 : (3 * n) / 2;
};

/** Terms with the same coefficient, which is taken apart into what L holds of it and the rest. */
interface Part {
  /** What the derivatives with that coefficient multiply each mode by. */
  readonly symbol: Float64Array;
  /** At the points. */
  readonly rest: Float64Array;
}

/**
 * u_tt = Σ a(x) ∂²u/∂x² − b(x) u as a system of first order. Beyond the faces the coefficients need not go on as what is
 * reflected there: coefficients of the solution then fall with a power of the wave number. L holds the coefficients' middle
 * values, so that the rest is smaller than L in however short waves.
 */
export class WaveSystem implements ModalSystem {
  readonly grid: MirrorGrid;
  readonly modes: number;
  readonly states = 2;
  readonly linear: Float64Array;
  readonly nonlinear: boolean;
  readonly pointwise = false;
  readonly start: readonly Float64Array[];
  private readonly parts: readonly Part[];
  private readonly derived: Float64Array;
  private readonly values: Float64Array;
  private readonly sum: Float64Array;

  /**
   * @param ends  parities of the field along the axes
   * @param points  along each space coordinate
   * @throws NotSupportedError where the equation is not that of a wave
   */
  constructor(
    private readonly problem: Problem,
    private readonly form: PeriodicForm,
    private readonly ends: readonly Ends[],
    private readonly side: number,
  ) {
    const { space, states } = form;
    const sizes = space.map(() => side);
    // All but the highest, which is another's alias at the midpoints where it is odd.
    this.grid = new MirrorGrid(
      space.map((axis) => problem.coordinates[axis]),
      sizes,
      sizes.map((n) => n - 1),
    );
    const { grid } = this;
    this.modes = grid.modes;
    this.derived = new Float64Array(2 * grid.modes);
    this.values = new Float64Array(grid.points);
    this.sum = new Float64Array(grid.points);
    const positions = space.map((_, axis) => grid.positions(axis));
    this.linear = new Float64Array(2 * 4 * this.modes);
    for (let mode = 0; mode < this.modes; mode++) this.linear[2 * (4 * mode + 1)] = 1;
    const coefficients = waveTerms(form).map(({ axis, coefficient }) => ({
      axis,
      values: coefficientAt(coefficient, form, problem.coordinates.length, positions, grid.points),
    }));
    this.parts = withEqual(coefficients).flatMap((terms): Part[] => {
      const { values } = terms[0];
      const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      if (!terms.every(({ axis }) => (axis === undefined ? most <= 0 : least >= 0)))
        throw new NotSupportedError('the coefficients are not those of a wave everywhere');
      const middle = (least + most) / 2;
      const symbol = new Float64Array(this.modes);
      for (const { axis } of terms) {
        const own = grid.symbol(
          space.map((_, i) => (i === axis ? 2 : 0)),
          ends,
        );
        for (let mode = 0; mode < this.modes; mode++) symbol[mode] += own[mode];
      }
      for (let mode = 0; mode < this.modes; mode++) this.linear[2 * (4 * mode + 2)] += middle * symbol[mode];
      return least === most ? [] : [{ symbol, rest: values.map((value) => value - middle) }];
    });
    this.nonlinear = this.parts.length > 0;
    this.start = initialFields(problem, states, form.initial, space, positions).map((field) => {
      const spectrum = new Float64Array(2 * this.modes);
      grid.toSpectrum(field, ends, spectrum);
      return spectrum;
    });
  }

  get points(): number {
    return this.grid.points;
  }

  get size(): string {
    return this.grid.sizes.join(' by ');
  }

  evaluate(_: number, y: readonly Float64Array[], out: readonly Float64Array[]): void {
    const { grid, parts, derived, values, sum, ends } = this;
    const orders = grid.sizes.map(() => 0);
    sum.fill(0);
    for (const { symbol, rest } of parts) {
      for (let mode = 0; mode < this.modes; mode++) derived[2 * mode] = symbol[mode] * y[0][2 * mode];
      grid.toPoints(derived, orders, ends, values);
      for (let i = 0; i < sum.length; i++) sum[i] += rest[i] * values[i];
    }
    grid.toSpectrum(sum, ends, out[1]);
  }

  tail(y: readonly Float64Array[]): number {
    let worst = 0;
    for (const spectrum of y) {
      const { tails, total } = this.grid.tails(spectrum);
      if (!Number.isFinite(total)) return Number.NaN;
      if (total > 0) worst = Math.max(worst, ...tails.map((tail) => tail / total));
    }
    return worst;
  }

  interpolant(spectrum: Float64Array): (point: readonly number[]) => number {
    return this.grid.interpolant(spectrum, this.ends);
  }

  refined(): WaveSystem | undefined {
    const { length } = this.grid.sizes;
    const side = next(this.side, length);
    if (side > mostPoints[length - 1]) return undefined;
    return new WaveSystem(this.problem, this.form, this.ends, side);
  }
}

interface Coefficient {
  readonly axis: number | undefined;
  readonly values: Float64Array;
}

/** Derivatives along several axes often have the same factor. */
function withEqual(coefficients: readonly Coefficient[]): Coefficient[][] {
  const groups: Coefficient[][] = [];
  for (const own of coefficients) {
    const group = groups.find(([other]) => other.values.every((value, i) => value === own.values[i]));
    if (group === undefined) groups.push([own]);
    else group.push(own);
  }
  return groups;
}

function coefficientAt(
  coefficient: Expression,
  { space }: PeriodicForm,
  coordinates: number,
  positions: readonly Float64Array[],
  points: number,
): Float64Array {
  const program = bindProgram([coefficient], (leaf) => (leaf.kind === 'coordinate' ? leaf.index : 0));
  const point = new Float64Array(coordinates);
  const value = new Float64Array(1);
  return Float64Array.from({ length: points }, (_, i) => {
    space.forEach((k, at) => {
      point[k] = positions[at][i];
    });
    program(point, value);
    return value[0];
  });
}
