/** The Radau IIA collocation method: Hairer & Wanner, Solving Ordinary Differential Equations II, section IV.5. */
import { gaussLegendre } from '../../expression/gauss-legendre.ts';
import {
  barycentricWeights,
  lagrangeValues,
  legendreValues,
} from '../../reference/collocation/polynomial.ts';

/** y(c_i h) = y(0) + h Σ_j a_ij y'(c_j h): exact where y' is a polynomial of a degree below the number of stages. */
export interface RadauTableau {
  readonly stages: number;
  /** On (0, 1], ascending; the last one is 1. */
  readonly nodes: Float64Array;
  /** (stages, stages), row-major. */
  readonly matrix: Float64Array;
}

/** Zeros of P_{s−1} − P_s on [−1, 1], ascending: Newton from the Chebyshev–Radau points. */
function radauPoints(stages: number): Float64Array {
  return Float64Array.from({ length: stages }, (_, i) => {
    const k = stages - 1 - i;
    if (k === 0) return 1;
    let x = Math.cos((2 * Math.PI * k) / (2 * stages - 1));
    for (let iteration = 0; iteration < 50; iteration++) {
      const p = legendreValues(stages, x);
      const slope = (n: number): number => (n === 0 ? 0 : (n * (x * p[n] - p[n - 1])) / (x * x - 1));
      const step = (p[stages - 1] - p[stages]) / (slope(stages - 1) - slope(stages));
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    return x;
  });
}

export function radauTableau(stages: number): RadauTableau {
  const nodes = radauPoints(stages).map((x) => (x + 1) / 2);
  const weights = barycentricWeights(nodes);
  const quadrature = gaussLegendre(stages);
  const matrix = new Float64Array(stages * stages);
  for (let i = 0; i < stages; i++)
    quadrature.nodes.forEach((x, q) => {
      const values = lagrangeValues(nodes, weights, ((x + 1) / 2) * nodes[i]);
      const weight = (quadrature.weights[q] / 2) * nodes[i];
      for (let j = 0; j < stages; j++) matrix[i * stages + j] += weight * values[j];
    });
  return { stages, nodes, matrix };
}
