/** ln Γ(x) for x > 0: Lanczos (1964), SIAM J. Numer. Anal. 1, 86–96, with g = 7 and nine terms. */
export function logGamma(x: number): number {
  let sum = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i] / (x - 1 + i);
  const w = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(w) - w + Math.log(sum);
}

const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** From here on the asymptotic series below have the digits of a double. */
const asymptotic = 12;

/** ψ(x) = d ln Γ(x)/dx for x > 0: recurrence, then DLMF 5.11.2. */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < asymptotic; z++) shift -= 1 / z;
  return shift + Math.log(z) - 0.5 / z - digammaSeries(z);
}

function digammaSeries(z: number): number {
  const r = 1 / (z * z);
  return r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760))))));
}

/** ψ′(x) for x > 0: recurrence, then the derivative of DLMF 5.11.2. */
export function trigamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < asymptotic; z++) shift += 1 / (z * z);
  const r = 1 / (z * z);
  const series = r * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (691 / 2730))))));
  return shift + 1 / z + 0.5 * r + series / z;
}

/** ln Γ(z) less Stirling's (z − ½) ln z − z + ½ ln 2π, for z ≥ 12. */
export function stirlingCorrection(z: number): number {
  const r = 1 / (z * z);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360)))))) / z;
}

/**
 * ln(Γ(x + y)/(Γ(x) xʸ)), x > 0, y ≥ 0. Where x is large the difference of two logarithms of Γ would have no
 * digits left.
 */
export function logRisingRatio(x: number, y: number): number {
  if (x < asymptotic) return logGamma(x + y) - logGamma(x) - y * Math.log(x);
  return (x + y - 0.5) * Math.log1p(y / x) - y + stirlingCorrection(x + y) - stirlingCorrection(x);
}

/** ψ(x + y) − ψ(x), x > 0, y ≥ 0, with the digits of a small difference. */
export function digammaDifference(x: number, y: number): number {
  if (x < asymptotic) return digamma(x + y) - digamma(x);
  return Math.log1p(y / x) + (0.5 * y) / (x * (x + y)) - digammaSeries(x + y) + digammaSeries(x);
}
