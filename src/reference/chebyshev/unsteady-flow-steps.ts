import type { UnsteadyFlowSystem } from './unsteady-flow-system.ts';

/** Unknowns at equally spaced times, the first at the start. */
export interface FlowSteps {
  readonly snapshots: readonly Float64Array[];
}

/** ARS(4,4,3): rows of the explicit part, then of the implicit one without its diagonal, which is 1/2. */
const explicitRows = [[1 / 2], [11 / 18, 1 / 18], [5 / 6, -5 / 6, 1 / 2], [1 / 4, 7 / 4, 3 / 4, -7 / 4]];
const implicitRows = [[], [1 / 6], [-1 / 2, 1 / 2], [3 / 2, -3 / 2, 1 / 2]];
const nodes = [1 / 2, 2 / 3, 1 / 2, 1];

/** Steps of the start are so many times as long: its systems have the same matrix. */
const longer = 12 / 11;

/** Of the third order: the highest at which both parts are stable for flows. */
const order = 3;

/** The pressure of the first steps, before the formula has what it needs, is that of the next ones continued. */
const extrapolated = 3;

/**
 * Carries a flow through time in equal steps by backward differentiation of order three, what is not linear extrapolated
 * (Karniadakis, Israeli & Orszag, J. Comput. Phys. 97, 1991, with the pressure solved for together with the velocity).
 * It starts by a Runge–Kutta method of order three (Ascher, Ruuth & Spiteri, Appl. Numer. Math. 25, 1997, section 2.8).
 *
 * @param every  steps between two snapshots
 * @returns undefined where numbers overflow or it is late
 */
export function flowSteps(
  system: UnsteadyFlowSystem,
  [low, high]: readonly [number, number],
  steps: number,
  every: number,
  deadline: number,
): FlowSteps | 'late' | undefined {
  const h = (high - low) / steps;
  const shift = 11 / (6 * h);
  const { size } = system;
  const carried = system.start.length;
  system.factor(shift);
  const begun = startingValues(system, low, h);
  const history = begun.map((u, k) => {
    const slope = new Float64Array(carried);
    system.explicit(low + k * h, u, slope);
    return { u, slope };
  });
  const snapshots: Float64Array[] = [];
  const first: Float64Array[] = begun.map((u) => {
    const whole = new Float64Array(size);
    whole.set(u);
    return whole;
  });
  for (let i = order; i <= steps; i++) {
    const [a, b, c] = history;
    const next = new Float64Array(size);
    for (let j = 0; j < carried; j++)
      next[j] = (3 * c.u[j] - 1.5 * b.u[j] + a.u[j] / 3) / h + 3 * c.slope[j] - 3 * b.slope[j] + a.slope[j];
    const t = low + i * h;
    system.solve(t, next);
    if (!Number.isFinite(next[0]) || !next.every(Number.isFinite)) return undefined;
    if (i === 2 * order) {
      // Cubic through the times 3, 4, 5, 6 steps after the start.
      const known = [...first.slice(order), next];
      for (let k = 0; k < extrapolated; k++) {
        const weights = known.map((_, m) =>
          known.reduce((product, __, l) => (l === m ? product : (product * (k - l - order)) / (m - l)), 1),
        );
        for (let j = carried; j < size; j++)
          first[k][j] = known.reduce((sum, values, m) => sum + weights[m] * values[j], 0);
      }
      first.forEach((values, k) => {
        if (k % every === 0) snapshots.push(values);
      });
    }
    if (i < 2 * order) first.push(next);
    else if (i % every === 0) snapshots.push(next);
    const slope = a.slope;
    system.explicit(t, next, slope);
    history.shift();
    history.push({ u: next, slope });
    if (performance.now() > deadline) return 'late';
  }
  return { snapshots };
}

/** Carried fields at the start and after one and two steps, interpolated between the steps of the Runge–Kutta method. */
function startingValues(system: UnsteadyFlowSystem, low: number, h: number): Float64Array[] {
  const step = longer * h;
  const carried = system.start.length;
  const shift = 2 / step;
  const states = [system.start];
  for (let k = 0; k < order; k++) {
    const t = low + k * step;
    const u = states[k];
    const slopes = [new Float64Array(carried)];
    const implicit: Float64Array[] = [];
    system.explicit(t, u, slopes[0]);
    let at = u;
    nodes.forEach((node, stage) => {
      const right = u.slice();
      explicitRows[stage].forEach((weight, j) => {
        for (let i = 0; i < carried; i++) right[i] += step * weight * slopes[j][i];
      });
      implicitRows[stage].forEach((weight, j) => {
        for (let i = 0; i < carried; i++) right[i] += step * weight * implicit[j][i];
      });
      const b = new Float64Array(system.size);
      for (let i = 0; i < carried; i++) b[i] = shift * right[i];
      system.solve(t + node * step, b);
      at = b.slice(0, carried);
      implicit.push(at.map((value, i) => shift * (value - right[i])));
      slopes.push(new Float64Array(carried));
      system.explicit(t + node * step, at, slopes[stage + 1]);
    });
    states.push(at);
  }
  return Array.from({ length: order }, (_, k) => {
    const place = k / longer;
    const weights = states.map((_, m) =>
      states.reduce((product, __, l) => (l === m ? product : (product * (place - l)) / (m - l)), 1),
    );
    const values = new Float64Array(carried);
    states.forEach((state, m) => {
      for (let i = 0; i < carried; i++) values[i] += weights[m] * state[i];
    });
    return values;
  });
}
