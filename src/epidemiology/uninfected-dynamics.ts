/** A model without infection: how it moves, and where it comes to rest. */
import { EigenvalueDecomposition, LuDecomposition, Matrix, pseudoInverse } from 'ml-matrix';
import { subtract, sum } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import type { Expression } from '../expression/expression.ts';
import { compartmentLeaf, evaluateRate, type FlowNetwork, type RateValues } from './flow-network.ts';
import type { Infection } from './infected-compartments.ts';

/** Changes of the uninfected, and their derivatives. */
export class UninfectedDynamics {
  readonly names: readonly string[];
  private readonly balances: readonly Expression[];
  private readonly slopes: readonly (readonly Expression[])[];
  private readonly rates: readonly Expression[];

  constructor(
    network: FlowNetwork,
    infection: Infection,
    private readonly values: RateValues,
  ) {
    this.names = network.compartments.filter((name) => !infection.infected.includes(name));
    const flows = network.flows.filter(({ from, to }) =>
      [from, to].every((end) => end === undefined || this.names.includes(end)),
    );
    this.rates = flows.map(({ rate }) => rate);
    this.balances = this.names.map((name) =>
      subtract(
        sum(flows.filter(({ to }) => to === name).map(({ rate }) => rate)),
        sum(flows.filter(({ from }) => from === name).map(({ rate }) => rate)),
      ),
    );
    this.slopes = this.balances.map((balance) =>
      this.names.map((name) => partial(balance, compartmentLeaf(name))),
    );
  }

  /** Changes, their Jacobian matrix, and the size of the flows; undefined where they are not finite. */
  at(people: readonly number[]): { change: Matrix; jacobian: Matrix; size: number } | undefined {
    const state = {
      ...this.values.state,
      ...Object.fromEntries(this.names.map((name, i) => [name, people[i]])),
    };
    const evaluate = (expression: Expression): number => evaluateRate(expression, { ...this.values, state });
    const change = Matrix.columnVector(this.balances.map(evaluate));
    const jacobian = new Matrix(this.slopes.map((row) => row.map(evaluate)));
    const size = this.rates.reduce((total, rate) => total + Math.abs(evaluate(rate)), 0);
    const finite = [...change.to1DArray(), ...jacobian.to1DArray(), size].every(Number.isFinite);
    return finite ? { change, jacobian, size } : undefined;
  }
}

/** Share of the flows below which a change counts as zero. */
const tolerance = 1e-12;

const largest = (matrix: Matrix): number => Math.max(0, ...matrix.to1DArray().map(Math.abs));

const fastestGrowth = (jacobian: Matrix): number =>
  Math.max(...new EigenvalueDecomposition(jacobian).realEigenvalues);

/** Newton's method within the changes that the flows allow, so that what they conserve is kept. */
export function stableEquilibrium(
  dynamics: UninfectedDynamics,
  start: readonly number[],
): number[] | undefined {
  const total = start.reduce((sum, x) => sum + Math.abs(x), 0);
  let people = [...start];
  for (let iteration = 0; iteration < 50; iteration++) {
    const now = dynamics.at(people);
    if (now === undefined) return undefined;
    const { change, jacobian, size } = now;
    if (largest(change) <= tolerance * size) {
      const stable = fastestGrowth(jacobian) <= 1e-7 * largest(jacobian);
      return stable && people.every((x) => x >= -1e-9 * total) ? people : undefined;
    }
    const step = jacobian.mmul(pseudoInverse(jacobian.mmul(jacobian))).mmul(change);
    people = people.map((x, i) => {
      const next = x - step.get(i, 0);
      return Math.abs(next) <= 1e-14 * total ? 0 : next;
    });
  }
  return undefined;
}

/** Implicit Euler steps that grow as they may: the way the model takes from a start far from its equilibrium. */
export function later(dynamics: UninfectedDynamics, start: readonly number[]): number[] {
  let people = [...start];
  let step = 0;
  for (let iteration = 0; iteration < 300; iteration++) {
    const now = dynamics.at(people);
    if (now === undefined) return people;
    const { change, jacobian } = now;
    const fastest = largest(jacobian);
    if (fastest === 0) return people;
    step = Math.min(Math.max(1.3 * step, 0.1 / fastest), 1e4 / fastest);
    const growth = fastestGrowth(jacobian);
    if (growth > 0) step = Math.min(step, 0.3 / growth);
    const system = Matrix.eye(people.length)
      .mul(1 / step)
      .sub(jacobian);
    const factors = new LuDecomposition(system);
    if (factors.isSingular()) return people;
    const move = factors.solve(change);
    people = people.map((x, i) => x + move.get(i, 0));
  }
  return people;
}
