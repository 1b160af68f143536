/** Window after window of time, each as long and with as many waves as the solution asks for. */
import type { Problem } from '../../problem/index.ts';
import type { ModalSystem } from '../../reference/fourier/refined-evolution.ts';
import { collocatedWindow } from './collocated-window.ts';
import { ModalCollocation, type NodalSpectra } from './modal-collocation.ts';
import type { ModalProblem } from './modal-problem.ts';
import { type RadauTableau, radauTableau } from './radau.ts';
import { chebyshevFromNodes } from './time-polynomials.ts';

const stages = 12;

/** Share of a state that the two highest polynomials in time may hold, and with how much less windows become longer. */
const leastTimeTolerance = 1e-11;
const muchLess = 1e-4;

/** What the shortest waves hold is not right anyway: the share of it that may be lost in time. */
const shareOfWaves = 0.01;

/** Of the tolerance in time, where the iteration ends. */
const shareOfTime = 0.1;

/** A window that takes more iterations is not made longer. */
const easyIterations = 18;

/** Share of a state in its shortest waves from which on more of them are taken. */
const waveTolerance = 1e-11;

/** The number of windows to begin with, and the largest, as powers of two. */
const firstLevel = 3;
const mostLevel = 20;

/** Where more waves hold so much of what fewer held, the solution is not smooth: the last ones were enough for it. */
const leastGain = 0.1;
/** With more left than this, waves do not show yet what they hold. */
const mostRough = 1e-3;
const enoughPoints = [512, 128 ** 2, 32 ** 3];

/** More waves are taken where that is expected to end within this share of the time that is left. */
const mostShare = { smooth: 0.5, algebraic: 0.3, rough: 0.25 };
/** Fewer waves are taken where the rest would take more than this share of it. */
const sure = 0.8;
/** Powers of the number of points: of rough solutions shorter waves ask for shorter windows as well. */
const workPerPoint = { smooth: 1.3, algebraic: 2.2, rough: 3 };

/** Of solutions that are never smooth: more waves are taken where so many times what was let pass would be lost. */
const muchMore = 2;

export interface MarchedWindow {
  readonly low: number;
  readonly high: number;
  readonly system: ModalSystem;
  /** At the start and at the nodes. */
  readonly spectra: NodalSpectra;
  /** Share of a state in the shortest waves, or in the highest polynomials in time. */
  readonly remainder: number;
}

/** The Chebyshev coefficients in time from a window's values, (n, n). */
export const windowPolynomials = (): Float64Array => chebyshevFromNodes(radauTableau(stages));

/** The largest share of a state's norm in the two highest polynomials in time. */
function timeTail(spectra: NodalSpectra, polynomials: Float64Array, sizes: Float64Array): number {
  const n = spectra.length;
  let worst = 0;
  for (let s = 0; s < sizes.length; s++) {
    const length = spectra[0][s].length;
    let squares = 0;
    for (let k = n - 2; k < n; k++)
      for (let i = 0; i < length; i++) {
        let coefficient = 0;
        for (let j = 0; j < n; j++) coefficient += polynomials[k * n + j] * spectra[j][s][i];
        squares += coefficient ** 2;
      }
    if (squares > 0) worst = Math.max(worst, Math.sqrt(squares) / sizes[s]);
  }
  return worst;
}

function normOf(spectrum: Float64Array): number {
  return Math.sqrt(spectrum.reduce((sum, value) => sum + value * value, 0));
}

/** Seconds that the rest of time is expected to take, by what all windows took so far. */
class Pace {
  /** Seconds over the work of a window's points. */
  private work = 0;
  /** Share of time. */
  private done = 0;

  add(seconds: number, share: number, points: number): void {
    this.work += seconds / points ** workPerPoint.smooth;
    this.done += share;
  }

  /** With so many points. */
  rest(points: number): number {
    return this.done === 0 ? 0 : ((this.work * points ** workPerPoint.smooth) / this.done) * (1 - this.done);
  }
}

/** Windows of one system. */
class Stepper {
  private readonly tableau: RadauTableau = radauTableau(stages);
  private readonly polynomials = chebyshevFromNodes(this.tableau);
  private readonly collocations = new Map<number, ModalCollocation>();
  private readonly sizes: Float64Array;
  /** What the shortest waves held last. */
  waves: number;

  constructor(
    readonly system: ModalSystem,
    readonly state: readonly Float64Array[],
    private readonly length: number,
  ) {
    this.sizes = Float64Array.from(state, normOf);
    this.waves = system.tail(state);
  }

  /** Undefined where the window is too long. */
  window(time: number, state: readonly Float64Array[], level: number) {
    const { system, tableau, sizes, collocations } = this;
    const before = sizes.slice();
    const tolerance = Math.max(leastTimeTolerance, shareOfWaves * this.waves);
    const collocation =
      collocations.get(level) ?? new ModalCollocation(system, tableau, this.length / 2 ** level);
    collocations.set(level, collocation);
    const end = shareOfTime * tolerance;
    const found = collocatedWindow(system, collocation, tableau, time, state, sizes, end);
    const spectra = found && [state, ...found.spectra];
    const tail = spectra && timeTail(spectra, this.polynomials, sizes);
    if (found === undefined || spectra === undefined || !(tail! <= tolerance)) {
      sizes.set(before);
      return undefined;
    }
    this.waves = Math.max(...[0, 1, stages].map((node) => system.tail(spectra[node])));
    const easy = tail! < muchLess * tolerance && found.iterations <= easyIterations;
    return { spectra, easy, remainder: Math.max(tail!, this.waves) };
  }
}

/**
 * Gives the windows one after another.
 *
 * @param left  seconds that are left
 * @returns whether the end of time was reached
 */
export function* spectralMarch(
  problem: Problem,
  modal: ModalProblem,
  left: () => number,
): Generator<MarchedWindow, boolean> {
  const { low, high } = problem.coordinates[modal.form.time];
  const whole = 2 ** mostLevel;
  let stepper = new Stepper(modal.system, modal.system.start, high - low);
  const enough = enoughPoints[modal.form.space.length - 1];
  const fewer: ModalSystem[] = [];
  // What fewer waves than now held of the same state.
  let coarser = Number.POSITIVE_INFINITY;
  // So much is left of what is not smooth.
  let rough = 0;
  const judge = ({ waves, system }: Stepper): void => {
    const told = system.points >= enough && waves < mostRough && Number.isFinite(coarser);
    if (told && waves > leastGain * coarser) rough = waves;
    coarser = Number.POSITIVE_INFINITY;
  };
  // What the start asks for is known before the first window.
  while (modal.convergence === 'exponential' && stepper.waves > waveTolerance) {
    const { system, waves } = stepper;
    const more = system.refined(system.start);
    if (more === undefined || more.refined(more.start) === undefined) break;
    stepper = new Stepper(more, more.start, high - low);
    fewer.push(system);
    coarser = waves;
    judge(stepper);
    if (rough > 0) break;
  }
  let { state } = stepper;
  // The most that the shortest waves of a window held: what lies beyond them is lost.
  let passed = 0;
  const pace = new Pace();
  let affordable = true;
  let level = firstLevel;
  // Time in units of the shortest window.
  for (let place = 0; place < whole; ) {
    if (left() <= 0) return false;
    const time = low + (high - low) * (place / whole);
    const begun = performance.now();
    const found = stepper.window(time, state, level);
    if (found === undefined) {
      if (level === mostLevel) return false;
      level++;
      continue;
    }
    const { system } = stepper;
    const end = place + whole / 2 ** level;
    const last = found.spectra[stages];
    const lost = modal.convergence === 'algebraic' ? muchMore * passed : 0;
    const seconds = (performance.now() - begun) / 1000;
    const share = (end - place) / whole;
    if (affordable && stepper.waves > Math.max(waveTolerance, lost)) {
      const more = system.refined(last);
      judge(stepper);
      const usual = modal.convergence === 'algebraic' ? 'algebraic' : 'smooth';
      const kind = leastGain * stepper.waves < rough ? 'rough' : usual;
      const rest = (seconds * (whole - place)) / (end - place);
      const growth = more === undefined ? 1 : (more.points / system.points) ** workPerPoint[kind];
      const expected = more === undefined ? 0 : Math.max(rest * growth, pace.rest(more.points));
      if (more !== undefined && expected < mostShare[kind] * left()) {
        coarser = stepper.waves;
        fewer.push(system);
        state = place === 0 ? more.start : state.map((spectrum) => modal.carried(system, more, spectrum));
        stepper = new Stepper(more, state, high - low);
        continue;
      }
    }
    const { spectra, remainder } = found;
    yield { low: time, high: low + (high - low) * (end / whole), system, spectra, remainder };
    passed = Math.max(passed, stepper.waves);
    state = last;
    place = end;
    pace.add(seconds, share, system.points);
    const before = fewer.at(-1);
    if (before !== undefined && pace.rest(system.points) > sure * left()) {
      // An answer with fewer waves is more than none.
      fewer.pop();
      affordable = false;
      state = state.map((spectrum) => modal.carried(system, before, spectrum));
      stepper = new Stepper(before, state, high - low);
    }
    if (level > 0 && place % (whole / 2 ** (level - 1)) === 0 && found.easy) level--;
  }
  return true;
}
