/**
 * Least-squares problems with their published minima of Σ ρ_i²: Moré, Garbow and Hillstrom, Testing
 * Unconstrained Optimization Software, ACM TOMS 7(1), 1981, 17–41, numbered as there.
 */
export interface TestProblem {
  readonly name: string;
  readonly start: readonly number[];
  readonly residuals: (x: Float64Array) => number[];
  /** Minimum, and the further local ones that the paper lists. */
  readonly minima: readonly number[];
}

const { exp, sin, cos, sqrt, atan, PI } = Math;
const indices = (m: number) => Array.from({ length: m }, (_, i) => i + 1);

const bard = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];
const gaussian = [0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521, 0.3989];
const meyer = [
  34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872,
];
const kowalik = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
const kowalikAt = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];
const osborne = [
  0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628,
  0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42, 0.414,
  0.411, 0.406,
];

export const testProblems: readonly TestProblem[] = [
  {
    name: '1 Rosenbrock',
    start: [-1.2, 1],
    residuals: ([a, b]) => [10 * (b - a * a), 1 - a],
    minima: [0],
  },
  {
    name: '2 Freudenstein and Roth',
    start: [0.5, -2],
    residuals: ([a, b]) => [-13 + a + ((5 - b) * b - 2) * b, -29 + a + ((b + 1) * b - 14) * b],
    minima: [0, 48.9842],
  },
  {
    name: '3 Powell badly scaled',
    start: [0, 1],
    residuals: ([a, b]) => [1e4 * a * b - 1, exp(-a) + exp(-b) - 1.0001],
    minima: [0],
  },
  {
    name: '4 Brown badly scaled',
    start: [1, 1],
    residuals: ([a, b]) => [a - 1e6, b - 2e-6, a * b - 2],
    minima: [0],
  },
  {
    name: '5 Beale',
    start: [1, 1],
    residuals: ([a, b]) => [1.5, 2.25, 2.625].map((y, i) => y - a * (1 - b ** (i + 1))),
    minima: [0],
  },
  {
    name: '6 Jennrich and Sampson',
    start: [0.3, 0.4],
    residuals: ([a, b]) => indices(10).map((i) => 2 + 2 * i - (exp(i * a) + exp(i * b))),
    minima: [124.362],
  },
  {
    name: '7 helical valley',
    start: [-1, 0, 0],
    residuals: ([a, b, c]) => {
      const turn = atan(b / a) / (2 * PI) + (a > 0 ? 0 : 0.5);
      return [10 * (c - 10 * turn), 10 * (sqrt(a * a + b * b) - 1), c];
    },
    minima: [0],
  },
  {
    name: '8 Bard',
    start: [1, 1, 1],
    residuals: ([a, b, c]) =>
      bard.map((y, k) => {
        const [u, v] = [k + 1, 15 - k];
        return y - (a + u / (v * b + Math.min(u, v) * c));
      }),
    minima: [8.21487e-3, 17.4286],
  },
  {
    name: '9 Gaussian',
    start: [0.4, 1, 0],
    residuals: ([a, b, c]) =>
      indices(15).map((i) => a * exp((-b * ((8 - i) / 2 - c) ** 2) / 2) - gaussian[i <= 8 ? i - 1 : 15 - i]),
    minima: [1.12793e-8],
  },
  {
    name: '10 Meyer',
    start: [0.02, 4000, 250],
    residuals: ([a, b, c]) => meyer.map((y, k) => a * exp(b / (50 + 5 * k + c)) - y),
    minima: [87.9458],
  },
  {
    name: '12 Box three-dimensional',
    start: [0, 10, 20],
    residuals: ([a, b, c]) =>
      indices(10).map((i) => exp(-0.1 * i * a) - exp(-0.1 * i * b) - c * (exp(-0.1 * i) - exp(-i))),
    minima: [0],
  },
  {
    name: '13 Powell singular',
    start: [3, -1, 0, 1],
    residuals: ([a, b, c, d]) => [a + 10 * b, sqrt(5) * (c - d), (b - 2 * c) ** 2, sqrt(10) * (a - d) ** 2],
    minima: [0],
  },
  {
    name: '14 Wood',
    start: [-3, -1, -3, -1],
    residuals: ([a, b, c, d]) => [
      10 * (b - a * a),
      1 - a,
      sqrt(90) * (d - c * c),
      1 - c,
      sqrt(10) * (b + d - 2),
      (b - d) / sqrt(10),
    ],
    minima: [0],
  },
  {
    name: '15 Kowalik and Osborne',
    start: [0.25, 0.39, 0.415, 0.39],
    residuals: ([a, b, c, d]) =>
      kowalik.map(
        (y, i) => y - (a * kowalikAt[i] * (kowalikAt[i] + b)) / (kowalikAt[i] * (kowalikAt[i] + c) + d),
      ),
    minima: [3.07505e-4, 1.02734e-3],
  },
  {
    name: '16 Brown and Dennis',
    start: [25, 5, -5, -1],
    residuals: ([a, b, c, d]) =>
      indices(20).map((i) => (a + (i / 5) * b - exp(i / 5)) ** 2 + (c + d * sin(i / 5) - cos(i / 5)) ** 2),
    minima: [85822.2],
  },
  {
    name: '17 Osborne 1',
    start: [0.5, 1.5, -1, 0.01, 0.02],
    residuals: ([a, b, c, d, e]) =>
      osborne.map((y, i) => y - (a + b * exp(-10 * i * d) + c * exp(-10 * i * e))),
    minima: [5.46489e-5],
  },
  {
    name: '18 Biggs EXP6',
    start: [1, 2, 1, 1, 1, 1],
    residuals: ([a, b, c, d, e, f]) =>
      indices(13).map((i) => {
        const t = 0.1 * i;
        return (
          c * exp(-t * a) - d * exp(-t * b) + f * exp(-t * e) - (exp(-t) - 5 * exp(-10 * t) + 3 * exp(-4 * t))
        );
      }),
    minima: [0, 5.65565e-3],
  },
  {
    name: '20 Watson, n = 6',
    start: [0, 0, 0, 0, 0, 0],
    residuals: (x) => [
      ...indices(29).map((i) => {
        let [value, slope] = [0, 0];
        for (let j = x.length - 1; j >= 0; j--) value = value * (i / 29) + x[j];
        for (let j = x.length - 1; j >= 1; j--) slope = slope * (i / 29) + j * x[j];
        return slope - value * value - 1;
      }),
      x[0],
      x[1] - x[0] * x[0] - 1,
    ],
    minima: [2.28767e-3],
  },
  {
    name: '26 trigonometric, n = 10',
    start: new Array(10).fill(0.1),
    residuals: (x) => {
      const cosines = x.reduce((sum, value) => sum + cos(value), 0);
      return Array.from(x, (value, i) => 10 - cosines + (i + 1) * (1 - cos(value)) - sin(value));
    },
    minima: [0, 2.79506e-5],
  },
];
