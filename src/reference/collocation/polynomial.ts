import { DenseLU } from '../linear/dense-lu.ts';

/** Points cos(π(n − 1 − i)/(n − 1)) of [−1, 1], ascending, ends included. */
export function chebyshevLobattoPoints(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => -Math.cos((Math.PI * i) / (count - 1)));
}

/** Legendre polynomials P₀ … P_degree at x. */
export function legendreValues(degree: number, x: number): Float64Array {
  const values = new Float64Array(degree + 1);
  values[0] = 1;
  if (degree > 0) values[1] = x;
  for (let n = 1; n < degree; n++)
    values[n + 1] = ((2 * n + 1) * x * values[n] - n * values[n - 1]) / (n + 1);
  return values;
}

/** Zeros of the Legendre polynomial P_count, ascending: Newton from Tricomi's approximation. */
export function gaussPoints(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    for (let iteration = 0; iteration < 20; iteration++) {
      const p = legendreValues(count, x);
      const step = (p[count] * (x * x - 1)) / (count * (x * p[count] - p[count - 1]));
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    return x;
  });
}

/** Barycentric weights of a few nodes: Berrut & Trefethen (2004), SIAM Review 46, 501–517. */
export function barycentricWeights(nodes: Float64Array): Float64Array {
  return nodes.map((x, i) => {
    let product = 1;
    nodes.forEach((z, j) => {
      if (j !== i) product *= 2 * (x - z);
    });
    return 1 / product;
  });
}

/** Values at x of the Lagrange polynomials of the nodes. */
export function lagrangeValues(nodes: Float64Array, weights: Float64Array, x: number): Float64Array {
  const exact = nodes.indexOf(x);
  if (exact >= 0) return nodes.map((_, j) => (j === exact ? 1 : 0));
  const terms = nodes.map((z, j) => weights[j] / (x - z));
  const sum = terms.reduce((total, term) => total + term, 0);
  return terms.map((term) => term / sum);
}

/** The differentiation matrix of the nodes, (n, n) row-major. */
export function differentiationMatrix(nodes: Float64Array, weights: Float64Array): Float64Array {
  const n = nodes.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    let diagonal = 0;
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      matrix[i * n + j] = weights[j] / weights[i] / (nodes[i] - nodes[j]);
      diagonal -= matrix[i * n + j];
    }
    matrix[i * n + i] = diagonal;
  }
  return matrix;
}

/** Row r of the result: the derivative of order r (0 … highest) at x as a combination of nodal values. */
export function derivativeRows(nodes: Float64Array, x: number, highest: number): Float64Array[] {
  const weights = barycentricWeights(nodes);
  const matrix = differentiationMatrix(nodes, weights);
  const n = nodes.length;
  const rows = [lagrangeValues(nodes, weights, x)];
  for (let order = 1; order <= highest; order++) {
    const previous = rows[order - 1];
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) next[j] += previous[i] * matrix[i * n + j];
    rows.push(next);
  }
  return rows;
}

/** Rows that give the two highest Legendre coefficients of the interpolant from its nodal values. */
export function legendreTail(nodes: Float64Array): [Float64Array, Float64Array] {
  const n = nodes.length;
  const lu = new DenseLU(n);
  // The transposed Vandermonde matrix: its solutions with unit vectors are rows of the inverse.
  nodes.forEach((x, i) => {
    legendreValues(n - 1, x).forEach((value, degree) => {
      lu.matrix[degree * n + i] = value;
    });
  });
  lu.factor();
  const row = (degree: number): Float64Array => {
    const unit = new Float64Array(n);
    unit[degree] = 1;
    lu.solve(unit);
    return unit;
  };
  return [row(n - 1), row(Math.max(0, n - 2))];
}
