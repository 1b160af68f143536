/** Quadratic functions of a triangle's six nodes with their derivatives, at a place with barycentric coordinates 1 − s − t, s, t. */
export interface QuadraticBasis {
  readonly values: Float64Array;
  readonly alongS: Float64Array;
  readonly alongT: Float64Array;
}

export function quadraticBasis(s: number, t: number): QuadraticBasis {
  const r = 1 - s - t;
  return {
    values: Float64Array.of(
      r * (2 * r - 1),
      s * (2 * s - 1),
      t * (2 * t - 1),
      4 * r * s,
      4 * s * t,
      4 * t * r,
    ),
    alongS: Float64Array.of(1 - 4 * r, 4 * s - 1, 0, 4 * (r - s), 4 * t, -4 * t),
    alongT: Float64Array.of(1 - 4 * r, 0, 4 * t - 1, -4 * s, 4 * s, 4 * (r - t)),
  };
}

/** Places (s, t) and weights, in shares of the triangle's area: Radon's formula of degree 5 (Monatsh. Math. Phys. 52, 1948). */
export const trianglePlaces: readonly { readonly s: number; readonly t: number; readonly weight: number }[] =
  (() => {
    const root = Math.sqrt(15);
    return [
      { s: 1 / 3, t: 1 / 3, weight: 9 / 40 },
      ...[-1, 1].flatMap((sign) => {
        const a = (6 + sign * root) / 21;
        const weight = (155 + sign * root) / 1200;
        return [
          { s: a, t: a, weight },
          { s: 1 - 2 * a, t: a, weight },
          { s: a, t: 1 - 2 * a, weight },
        ];
      }),
    ];
  })();

/** Gauss's places and weights on [0, 1], of degree 5. */
export const edgePlaces: readonly { readonly at: number; readonly weight: number }[] = [-1, 0, 1].map(
  (sign) => ({
    at: 0.5 + sign * Math.sqrt(3 / 20),
    weight: sign === 0 ? 4 / 9 : 5 / 18,
  }),
);
