/** The weights of a run that training itself sets: of terms, of points, and in time. */
import type { Engine } from '../../engine/engine.ts';
import type { OptimizerName } from '../../optimizer/index.ts';
import type { Importance, ResidualBlock, ResidualSystem } from '../../residual/index.ts';
import type { LossSettings } from '../loss-settings.ts';
import { balancingFactors, movingAverage } from './balance.ts';
import { climbedWeights, slabLosses, type TimeSlabs, weightsAt } from './causal-weights.ts';
import { gradientNorms } from './gradient-norms.ts';
import { raisedAttention } from './self-adaptive.ts';
import { tangentKernelTraces } from './tangent-kernel.ts';

/** What is needed to go on. */
export interface LossWeightsState {
  /** Of the blocks. */
  readonly factors: readonly number[] | undefined;
  /** Of the points, by block. */
  readonly attention: readonly Float64Array[] | undefined;
  /** Of the slabs of time, at which of the ε. */
  readonly causal: { readonly rung: number; readonly weights: Float64Array } | undefined;
}

/** Steps between updates where nothing is said: a step of a method that keeps curvature is worth more. */
const stepsBetween = {
  factors: { adam: 100, others: 500, lm: 20 },
  attention: { adam: 10, others: 50, lm: 5 },
  causal: { adam: 20, others: 50, lm: 5 },
} as const;

type Adaptation = keyof typeof stepsBetween;

function usualSteps(adaptation: Adaptation, optimizer: OptimizerName): number {
  const { adam, lm, others } = stepsBetween[adaptation];
  return optimizer === 'lm' ? lm : optimizer === 'adam' || optimizer === 'spring' ? adam : others;
}

function times(a: Float64Array | undefined, b: Float64Array): Float64Array {
  return a === undefined ? b : a.map((value, n) => value * b[n]);
}

export class LossWeights {
  private readonly settings: Pick<LossSettings, 'weighting' | 'causal'> & { readonly seed: number };
  private readonly slabs: TimeSlabs | undefined;
  private current: LossWeightsState;

  /** @param time  position of time among the coordinates */
  constructor(
    settings: Pick<LossSettings, 'weighting' | 'causal'> & { readonly seed: number },
    time: number | null,
    state?: LossWeightsState,
  ) {
    this.settings = settings;
    const { causal } = settings;
    this.slabs =
      causal === undefined || time === null ? undefined : { time, slabs: causal.slabs, from: causal.from };
    this.current = state ?? { factors: undefined, attention: undefined, causal: undefined };
  }

  /** Undefined where nothing is adapted. */
  get state(): LossWeightsState | undefined {
    return this.adaptations().length === 0 ? undefined : this.current;
  }

  private adaptations(): Adaptation[] {
    const { weighting } = this.settings;
    return [
      ...(this.slabs === undefined ? [] : ['causal' as const]),
      ...(weighting.kind === 'self-adaptive' ? ['attention' as const] : []),
      ...(weighting.kind === 'gradient-norm' || weighting.kind === 'ntk' ? ['factors' as const] : []),
    ];
  }

  /** What is to be updated after so many steps of a phase. */
  due(optimizer: OptimizerName, steps: number): Adaptation[] {
    const { weighting, causal } = this.settings;
    const given = weighting.kind === 'fixed' ? undefined : weighting.every;
    return this.adaptations().filter((adaptation) => {
      const every = (adaptation === 'causal' ? causal?.every : given) ?? usualSteps(adaptation, optimizer);
      return steps % every === 0;
    });
  }

  /** Whether the loss changes under the optimizer, so that its end is not the end of the phase. */
  get adapts(): boolean {
    return this.adaptations().length > 0;
  }

  /** Forgets what belongs to the objective of the phase before. */
  startPhase(): void {
    this.current = { ...this.current, factors: undefined };
  }

  /** Goes to the next ε, for a phase that would end otherwise; false at the last one. */
  climb(): boolean {
    const { causal } = this.settings;
    const now = this.current.causal;
    if (causal === undefined || now === undefined || now.rung + 1 >= causal.epsilons.length) return false;
    this.current = { ...this.current, causal: { ...now, rung: now.rung + 1 } };
    return true;
  }

  /**
   * Sets the weights by what is reached at θ. The engine is left with another system: update it afterwards.
   *
   * @param system  with the weights of the phase, without those of this object
   */
  async update(
    engine: Engine,
    system: ResidualSystem,
    theta: Float64Array,
    adaptations: readonly Adaptation[] = this.adaptations(),
    draw = 0,
  ): Promise<void> {
    const { weighting, causal, seed } = this.settings;
    if (adaptations.includes('causal') || adaptations.includes('attention')) {
      await engine.update(system);
      const residuals = await engine.residuals(theta);
      if (adaptations.includes('causal') && this.slabs !== undefined && causal !== undefined) {
        const losses = slabLosses(system, residuals, this.slabs);
        const rung = Math.min(this.current.causal?.rung ?? 0, causal.epsilons.length - 1);
        this.current = { ...this.current, causal: climbedWeights(losses, causal.epsilons, rung) };
      }
      if (adaptations.includes('attention') && weighting.kind === 'self-adaptive')
        this.current = {
          ...this.current,
          attention: raisedAttention(this.inTime(system), this.current.attention, residuals, weighting.rate),
        };
    }
    if (adaptations.includes('factors') && (weighting.kind === 'gradient-norm' || weighting.kind === 'ntk')) {
      const timed = this.inTime(system);
      const chosen = [...system.blocks.keys()].filter((b) => system.blocks[b].weight > 0);
      const sizes =
        weighting.kind === 'ntk'
          ? await tangentKernelTraces(engine, timed, theta, { seed: seed + draw, chosen })
          : await gradientNorms(engine, timed, theta, chosen);
      const balanced = balancingFactors(sizes);
      const fresh = system.blocks.map((_, b) => (chosen.includes(b) ? balanced[chosen.indexOf(b)] : 1));
      const factors = movingAverage(this.current.factors, fresh, weighting.average);
      this.current = { ...this.current, factors };
    }
  }

  private causalAt(points: Float64Array, d: number): Float64Array | undefined {
    const { causal } = this.current;
    return this.slabs === undefined || causal === undefined
      ? undefined
      : weightsAt(points, d, causal.weights, this.slabs);
  }

  /** The system with causal weights alone. */
  private inTime(system: ResidualSystem): ResidualSystem {
    const d = system.trial.dimension;
    const blocks = system.blocks.map((block): ResidualBlock => {
      const causal = block.kind === 'equation' ? this.causalAt(block.points[0], d) : undefined;
      return causal === undefined ? block : { ...block, pointWeights: times(block.pointWeights, causal) };
    });
    return { ...system, blocks };
  }

  /** The system with all of these weights on top of its own. */
  apply(system: ResidualSystem): ResidualSystem {
    const { factors, attention } = this.current;
    if (!this.adapts) return system;
    const timed = this.inTime(system);
    const blocks = timed.blocks.map(
      (block, b): ResidualBlock => ({
        ...block,
        weight: block.weight * (factors?.[b] ?? 1),
        ...(attention === undefined ? {} : { pointWeights: times(block.pointWeights, attention[b]) }),
      }),
    );
    return { ...timed, blocks };
  }

  /** How much residuals at points count in time, for drawing new ones. */
  importance(d: number): Importance | undefined {
    if (this.slabs === undefined || this.current.causal === undefined) return undefined;
    return (points) => this.causalAt(points, d)!;
  }
}
