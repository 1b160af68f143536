/** The loss at points that are never trained on: it decides which parameters are kept, and how many points are needed. */
import type { Engine } from '../engine/engine.ts';
import { atHeldOutPoints, type ResidualSystem } from '../residual/index.ts';

/** The loss has to halve over so many draws of points; where it does not, their number is raised. */
const patientDraws = 2;
const sufficientDecrease = 0.5;

/** The loss at new points exceeds that at the old ones by so much where there are too few of them. */
const overfitted = 4;

const growth = 1.5;

export class HeldOutLoss {
  private readonly engine: Engine;
  private readonly system: ResidualSystem;
  private readonly weigh: (system: ResidualSystem) => ResidualSystem;
  private readonly largestFactor: number;
  private best: { loss: number; theta: Float64Array } | undefined;
  /** The loss at the last sufficient decrease, and the draws since. */
  private reference = Number.POSITIVE_INFINITY;
  private draws = 0;
  /** Of those, the ones after which more points would not have helped, or could not be had. */
  private idle = 0;
  /** Points, over those at the start. */
  factor: number;

  /**
   * @param system  of the run, as it was at its start
   * @param weigh  the weights of the phase
   * @param largestFactor  how far the number of points may be raised, over that at the start; 1: not at all
   * @param factor  points there are, over those at the start
   */
  constructor(
    engine: Engine,
    system: ResidualSystem,
    weigh: (system: ResidualSystem) => ResidualSystem,
    seed: number,
    largestFactor: number,
    factor: number,
  ) {
    this.factor = factor;
    this.engine = engine;
    this.weigh = weigh;
    this.largestFactor = largestFactor;
    this.system = atHeldOutPoints(system, seed);
  }

  /** Draws since the loss last fell by half, or the points grew, with as many points as there is a use for. */
  get standing(): number {
    return this.idle;
  }

  private async lossAt(theta: Float64Array): Promise<number> {
    await this.engine.update(this.weigh(this.system));
    return (await this.engine.loss(theta)).loss;
  }

  /**
   * Before points are drawn anew. The engine is left with the held-out points.
   *
   * @param trained  the loss at the points trained on
   * @returns whether more points are needed now
   */
  async note(theta: Float64Array, trained: number): Promise<boolean> {
    const loss = await this.lossAt(theta);
    if (this.best === undefined || loss < this.best.loss) this.best = { loss, theta: theta.slice() };
    if (loss < sufficientDecrease * this.reference) {
      this.reference = loss;
      this.draws = 0;
      this.idle = 0;
      return false;
    }
    this.draws += 1;
    if (loss < overfitted * trained || this.factor >= this.largestFactor) {
      this.idle += 1;
      return false;
    }
    if (this.draws < patientDraws) return false;
    this.draws = 0;
    this.idle = 0;
    this.factor = Math.min(this.largestFactor, this.factor * growth);
    return true;
  }

  /** These parameters or, if those were better, the best there have been. */
  async better(theta: Float64Array): Promise<Float64Array> {
    const { best } = this;
    return best !== undefined && best.loss < (await this.lossAt(theta)) ? best.theta : theta;
  }
}
