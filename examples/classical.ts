/** The classical solvers on their own: the Arenstorf orbit closes. Run: npx tsx examples/classical.ts */
import { solveIvp } from 'ansatz';

const mu = 0.012277471;
const period = 17.065216560157964;

const orbit = solveIvp(
  (_, [x, y, vx, vy]) => {
    const earth = ((x + mu) ** 2 + y ** 2) ** 1.5;
    const moon = ((x - 1 + mu) ** 2 + y ** 2) ** 1.5;
    return [
      vx,
      vy,
      x + 2 * vy - ((1 - mu) * (x + mu)) / earth - (mu * (x - 1 + mu)) / moon,
      y - 2 * vx - ((1 - mu) * y) / earth - (mu * y) / moon,
    ];
  },
  [0, period],
  [0.994, 0, 0, -2.0015851063790824],
  { method: 'dormand-prince-8', rtol: 1e-12, atol: 1e-12 },
);

const [x, y] = orbit.at(period);
console.log(`${orbit.steps} steps, ${orbit.evaluations} evaluations`);
console.log(`distance from the start after one period: ${Math.hypot(x - 0.994, y).toExponential(1)}`);
