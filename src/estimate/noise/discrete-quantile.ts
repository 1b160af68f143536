import { normalQuantile } from '../normal-distribution.ts';

interface Masses {
  /** P(Y = y). */
  probability(y: number): number;
  /** P(Y = y + 1)/P(Y = y). */
  ratio(y: number): number;
}

/** The smallest whole y with P(Y ≤ y) ≥ p: a step at a time from where a normal distribution has it. */
export function discreteQuantile(p: number, mean: number, variance: number, masses: Masses): number {
  let y = Math.max(0, Math.floor(mean + Math.sqrt(variance) * normalQuantile(p)));
  let mass = masses.probability(y);
  let below = mass;
  for (let j = y - 1, term = mass; j >= 0; j--) {
    term /= masses.ratio(j);
    below += term;
    if (j < mean && term < 1e-17 * below) break;
  }
  while (y > 0 && below - mass >= p) {
    below -= mass;
    y--;
    mass /= masses.ratio(y);
  }
  // Sums that round to less than p would otherwise climb for ever.
  const end = 4 * (mean + 40 * Math.sqrt(variance) + 40);
  while (below < p && y < end) {
    mass *= masses.ratio(y);
    y++;
    below += mass;
  }
  return y;
}
