/** The next-generation matrix of a compartment model, and what follows from it. */
import { SolveError } from '../errors.ts';
import { apply, column, isZero, subtract, sum } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { type Expression, leavesOf } from '../expression/expression.ts';
import type { Problem, ProblemDefinition } from '../problem/index.ts';
import { diseaseFreeState, givenState } from './disease-free-state.ts';
import { compartmentLeaf, evaluateRate, type FlowNetwork, type RateValues } from './flow-network.ts';
import { findInfection, type Infection, type InfectionOptions } from './infected-compartments.ts';
import {
  growthRateOf,
  nextGenerationMatrix,
  reproductionNumberOf,
  strongComponents,
} from './next-generation-matrix.ts';
import { flowNetwork, withValues } from './problem-network.ts';
import { vanishesWithout } from './rate-identities.ts';

export interface NextGenerationOptions extends InfectionOptions {
  /**
   * The state without disease, compartments not named being empty, and values of unknown functions; default:
   * where the model without infection comes to rest.
   */
  readonly diseaseFree?: Readonly<Record<string, number>>;
  /** For rates that change with time; default: the start. */
  readonly time?: number;
}

export interface StrainReproduction {
  readonly infected: readonly string[];
  readonly reproductionNumber: number;
}

export interface NextGeneration {
  /** Rows and columns of the matrices. */
  readonly infected: readonly string[];
  /** Flows by name. */
  readonly newInfections: readonly string[];
  /** The state at which the matrices are taken. */
  readonly state: Readonly<Record<string, number>>;
  /** F: rate of new infections in i for each one in j, per unit of time. */
  readonly transmission: readonly (readonly number[])[];
  /** V: rate at which those in j leave (diagonal), less those that arrive in i. */
  readonly transition: readonly (readonly number[])[];
  /** K = F V⁻¹: infections in i caused by one who starts in j; undefined where an infection never ends. */
  readonly matrix: readonly (readonly number[])[] | undefined;
  /** Spectral radius of K; infinite where an infection never ends. */
  readonly reproductionNumber: number;
  /** Dominant eigenvalue of F − V, per unit of time. */
  readonly growthRate: number;
  /** Groups of infected compartments that lead to each other, each with the spectral radius of its block. */
  readonly strains: readonly StrainReproduction[];
}

/** Derivatives of the flows of one model, ready to be evaluated in many states. */
export class InfectionDynamics {
  readonly network: FlowNetwork;
  readonly infection: Infection;
  private readonly transmission: readonly (readonly Expression[])[];
  private readonly transition: readonly (readonly Expression[])[];
  /** Denominators that hold infected people, as columns by name. */
  private readonly denominators = new Map<string, Expression>();

  constructor(problem: Problem, options: InfectionOptions = {}) {
    this.network = flowNetwork(problem);
    this.infection = findInfection(this.network, options);
    const { infected, newInfections } = this.infection;
    const flows = this.network.flows.map((flow) => ({
      ...flow,
      isNew: newInfections.includes(flow),
      rate: this.withDenominatorsHeld(flow.rate),
    }));
    const matrix = (balance: (name: string) => Expression): Expression[][] =>
      infected.map((row) => {
        const expression = balance(row);
        return infected.map((name) => partial(expression, compartmentLeaf(name)));
      });
    const total = (chosen: typeof flows): Expression => sum(chosen.map(({ rate }) => rate));
    this.transmission = matrix((name) => total(flows.filter(({ isNew, to }) => isNew && to === name)));
    this.transition = matrix((name) =>
      subtract(
        total(flows.filter(({ from }) => from === name)),
        total(flows.filter(({ isNew, to }) => !isNew && to === name)),
      ),
    );
  }

  /**
   * The rate per infected person depends on the infected by way of denominators (the population's size,
   * saturation). Without disease, where the numerator vanishes, holding them makes no difference; in an
   * epidemic it gives infections per person instead of their slope.
   */
  private withDenominatorsHeld(rate: Expression): Expression {
    const infected = new Set(this.infection.infected);
    const hold = (node: Expression): Expression => {
      if (node.kind !== 'operation') return node;
      const operands = node.operands.map((operand, i) => {
        if (node.operation !== 'divide' || i === 0) return hold(operand);
        const held = leavesOf([operand]).some((leaf) => leaf.kind === 'field' && infected.has(leaf.name));
        if (!held || vanishesWithout(operand, infected)) return hold(operand);
        const name = `denominator ${this.denominators.size}`;
        this.denominators.set(name, operand);
        return column(name);
      });
      return operands.every((operand, i) => operand === node.operands[i])
        ? node
        : apply(node.operation, operands);
    };
    return hold(rate);
  }

  /** @throws ProblemError for values that are missing, SolveError where the flows make no sense in the state */
  at(values: RateValues): NextGeneration {
    const held = new Map([...this.denominators].map(([name, e]) => [name, evaluateRate(e, values)]));
    const evaluate = (expression: Expression): number => {
      if (isZero(expression)) return 0;
      const value = evaluateRate(expression, values, held);
      if (!Number.isFinite(value)) throw new SolveError('a flow has no finite slope in the infected');
      return value;
    };
    const transmission = this.transmission.map((row) => row.map(evaluate));
    const transition = this.transition.map((row) => row.map(evaluate));
    const names = this.infection.infected;
    if (transmission.some((row) => row.some((value) => value < 0)))
      throw new SolveError('a rate of new infections is negative in this state');
    const all = names.map((_, i) => i);
    const matrix = nextGenerationMatrix(transmission, transition, all);
    return {
      infected: names,
      newInfections: this.infection.newInfections.map(({ name }) => name),
      state: values.state,
      transmission,
      transition,
      matrix,
      reproductionNumber: reproductionNumberOf(matrix, transmission, all),
      growthRate: growthRateOf(transmission, transition),
      strains: strongComponents(transmission, transition)
        .map((block) => ({
          infected: block.map((i) => names[i]),
          reproductionNumber: reproductionNumberOf(
            nextGenerationMatrix(transmission, transition, block),
            transmission,
            block,
          ),
        }))
        .filter(({ reproductionNumber }) => reproductionNumber > 0),
    };
  }

  /** At the state without disease. */
  diseaseFree(
    unknowns: Readonly<Record<string, number>>,
    options: Pick<NextGenerationOptions, 'diseaseFree' | 'time'> = {},
  ): NextGeneration {
    const { network, infection } = this;
    const time = options.time ?? network.problem.coordinates[0].low;
    const given = options.diseaseFree ?? {};
    const named = Object.keys(given).some((name) => network.compartments.includes(name));
    const state = named
      ? givenState(network, infection, given)
      : diseaseFreeState(network, infection, unknowns, { state: given, time });
    return this.at({ state, unknowns, time });
  }
}

/**
 * The next-generation matrix at the state without disease. Diekmann, Heesterbeek & Metz, J. Math. Biol. 28
 * (1990) 365–382; van den Driessche & Watmough, Math. Biosci. 180 (2002) 29–48: the flows that end in an
 * infected compartment are split into new infections and transitions, K = F V⁻¹.
 *
 * @param values of the unknowns
 * @throws ProblemError where no flow is an infection, infection comes from outside, or a value is missing;
 * SolveError where there is no state without disease; NotSupportedError for a problem that is no compartment
 * model
 */
export function nextGeneration(
  source: Problem | ProblemDefinition,
  values: Readonly<Record<string, number>> = {},
  options: NextGenerationOptions = {},
): NextGeneration {
  const { problem, values: unknowns } = withValues(source, values);
  return new InfectionDynamics(problem, options).diseaseFree(unknowns, options);
}
