import type { Coordinate } from '../../problem/problem.ts';

/** Functions of one coordinate by which a solution is expanded, numbered from 0 in order of resolution. */
export interface AxisBasis {
  /** Derivative of the given order of functions 0 … degree at x. */
  values(x: number, order: number, degree: number): Float64Array;
  /** Points at which `count` of the functions are told apart, none of them at an end. */
  points(count: number): Float64Array;
}

/** Chebyshev polynomials. */
export function chebyshevBasis({ low, high }: Coordinate): AxisBasis {
  const scale = 2 / (high - low);
  return {
    values(x, order, degree) {
      const xi = scale * (x - low) - 1;
      // T⁽ʳ⁾ of T_{k+1} = 2ξ T_k − T_{k−1}, order by order.
      let lower = new Float64Array(degree + 1);
      for (let r = 0; r <= order; r++) {
        const values = new Float64Array(degree + 1);
        if (r === 0) values[0] = 1;
        if (degree > 0) values[1] = r === 0 ? xi : r === 1 ? 1 : 0;
        for (let k = 1; k < degree; k++)
          values[k + 1] = 2 * xi * values[k] + 2 * r * lower[k] - values[k - 1];
        lower = values;
      }
      return order === 0 ? lower : lower.map((value) => value * scale ** order);
    },
    points: (count) =>
      Float64Array.from(
        { length: count },
        (_, i) => low + (1 - Math.cos((Math.PI * (i + 0.5)) / count)) / scale,
      ),
  };
}

/** 1, cos κx, sin κx, cos 2κx, … of the interval's length, for a periodic coordinate. */
export function fourierBasis({ low, high }: Coordinate): AxisBasis {
  return {
    values(x, order, degree) {
      return Float64Array.from({ length: degree + 1 }, (_, k) => {
        const wavenumber = (2 * Math.PI * Math.ceil(k / 2)) / (high - low);
        const turn = (Math.PI / 2) * (order - (k % 2 === 0 && k > 0 ? 1 : 0));
        return order > 0 && k === 0 ? 0 : wavenumber ** order * Math.cos(wavenumber * (x - low) + turn);
      });
    },
    points: (count) =>
      Float64Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.25)) / count),
  };
}
