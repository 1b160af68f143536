/** Steps of an explicit Runge–Kutta method as WebAssembly, the right-hand side compiled with them. */
import { HostFunctions, programCode } from '../../expression/compiled-program.ts';
import type { Leaf } from '../../expression/expression.ts';
import type { Program } from '../../expression/program.ts';
import {
  double,
  type FunctionBody,
  lanes,
  moduleBinary,
  opcode,
  signed,
  unsigned,
} from '../../webassembly/binary.ts';
import type { ButcherTableau } from './butcher-tableau.ts';
import { type SparseRow, sparseTableau } from './explicit-runge-kutta.ts';

/** Where the value of an input of the right-hand side stands. */
export type InputPlace =
  | { readonly kind: 'time' }
  | { readonly kind: 'state'; readonly position: number }
  | { readonly kind: 'parameter'; readonly position: number };

/** y' = f(t, y, p) as a program: one output for each component of the state. */
export interface CompilableSystem {
  readonly program: Program;
  readonly place: (input: Leaf) => InputPlace;
  readonly parameters: number;
}

/** Bytes of a vector. */
const VECTOR = 16;

/** Addresses in bytes; every vector of the state is padded to an even number of doubles. */
export interface Layout {
  /** Components, with the padding. */
  readonly width: number;
  readonly y: number;
  readonly proposal: number;
  readonly scratch: number;
  readonly atol: number;
  readonly stage: (position: number) => number;
  readonly coefficients: number;
  readonly parameters: number;
  readonly rtol: number;
  readonly localError: number;
  readonly bytes: number;
}

function layoutOf(tableau: ButcherTableau, n: number, parameters: number): Layout {
  const width = n + (n % 2);
  const stages = tableau.stages + 1 + tableau.denseStages;
  const rows = 3 + tableau.denseWeights.length;
  const vector = 8 * width;
  const coefficients = (4 + stages) * vector;
  const first = coefficients + rows * vector;
  const rtol = first + 8 * parameters;
  return {
    width,
    y: 0,
    proposal: vector,
    scratch: 2 * vector,
    atol: 3 * vector,
    stage: (position) => (4 + position) * vector,
    coefficients,
    parameters: first,
    rtol,
    localError: rtol + 8,
    bytes: rtol + 16,
  };
}

/** The functions of the module, exported by their numbers; vectors are given by their addresses. */
export interface RungeKuttaFunctions {
  /** The right-hand side at a time and a state. */
  readonly 0: (t: number, at: number, out: number) => void;
  /** Tries a step from y; its error norm, NaN where something is not finite. */
  readonly 1: (t: number, h: number) => number;
  /** The coefficients of the dense output of the step tried last. */
  readonly 2: (t: number, h: number) => void;
}

/** Instructions that put a vector on the stack. */
type Vector = readonly number[];

const get = (local: number): number[] => [...opcode.localGet, ...unsigned(local)];
const set = (local: number): number[] => [...opcode.localSet, ...unsigned(local)];

/** Code that runs over the vectors of a state, the offset in a local of type i32. */
class VectorLoop {
  constructor(
    private readonly offset: number,
    private readonly bytes: number,
  ) {}

  load(address: number): Vector {
    return [...get(this.offset), ...opcode.v128Load, 4, ...unsigned(address)];
  }

  store(address: number, value: Vector): number[] {
    return [...get(this.offset), ...value, ...opcode.v128Store, 4, ...unsigned(address)];
  }

  /** Σ weight·stage. */
  sum({ stages, weights }: SparseRow, layout: Layout): Vector {
    return [...weights].flatMap((weight, q) => [
      ...this.load(layout.stage(stages[q])),
      ...opcode.v128Const,
      ...lanes(weight),
      ...opcode.f64x2Multiply,
      ...(q === 0 ? [] : opcode.f64x2Add),
    ]);
  }

  run(body: readonly number[]): number[] {
    return [
      ...opcode.i32Const,
      0,
      ...set(this.offset),
      ...opcode.loop,
      ...body,
      ...get(this.offset),
      ...opcode.i32Const,
      ...signed(VECTOR),
      ...opcode.i32Add,
      ...opcode.localTee,
      ...unsigned(this.offset),
      ...opcode.i32Const,
      ...signed(this.bytes),
      ...opcode.i32NotEqual,
      ...opcode.branchIf,
      0,
      ...opcode.end,
    ];
  }
}

/** Of `attempt` and `dense`: parameters t and h, then locals. */
const [TIME, STEP, OFFSET] = [0, 1, 2];

/** y + h Σ a_j k_j into an address, and the right-hand side there into a stage. */
function stageCode(tableau: ButcherTableau, layout: Layout, stage: number, at: number, wideStep: number) {
  const row = sparseTableau(tableau).matrix[stage];
  const loop = new VectorLoop(OFFSET, 8 * layout.width);
  const value = [
    ...loop.load(layout.y),
    ...loop.sum(row, layout),
    ...get(wideStep),
    ...opcode.f64x2Multiply,
    ...opcode.f64x2Add,
  ];
  return [
    ...loop.run(loop.store(at, value)),
    ...get(TIME),
    ...opcode.f64Const,
    ...double(tableau.nodes[stage]),
    ...get(STEP),
    ...opcode.f64Multiply,
    ...opcode.f64Add,
    ...opcode.i32Const,
    ...signed(at),
    ...opcode.i32Const,
    ...signed(layout.stage(stage)),
    ...opcode.call,
  ];
}

const splat = (local: number, wide: number): number[] => [...get(local), ...opcode.f64x2Splat, ...set(wide)];

function attemptBody(tableau: ButcherTableau, layout: Layout, n: number, call: number[]): FunctionBody {
  const { errors } = sparseTableau(tableau);
  const [step, rtol, scale, largest, finite, sum0, sum1, error] = [3, 4, 5, 6, 7, 8, 9, 10];
  const [norm0, norm1] = [11, 12];
  const code = [...splat(STEP, step)];
  for (let stage = 1; stage <= tableau.stages; stage++) {
    const at = stage === tableau.stages ? layout.proposal : layout.scratch;
    code.push(...stageCode(tableau, layout, stage, at, step), ...call);
  }
  code.push(
    ...opcode.i32Const,
    0,
    ...opcode.f64Load,
    3,
    ...unsigned(layout.rtol),
    ...opcode.f64x2Splat,
    ...set(rtol),
  );
  const loop = new VectorLoop(OFFSET, 8 * layout.width);
  const difference = (address: number): number[] => [
    ...loop.load(address),
    ...loop.load(address),
    ...opcode.f64x2Subtract,
  ];
  const body = [
    ...loop.load(layout.y),
    ...opcode.f64x2Absolute,
    ...loop.load(layout.proposal),
    ...opcode.f64x2Absolute,
    ...opcode.f64x2Maximum,
    ...get(rtol),
    ...opcode.f64x2Multiply,
    ...loop.load(layout.atol),
    ...opcode.f64x2Add,
    ...set(scale),
    // What is not finite becomes NaN here.
    ...get(finite),
    ...difference(layout.proposal),
    ...opcode.f64x2Add,
    ...difference(layout.stage(tableau.stages)),
    ...opcode.f64x2Add,
    ...set(finite),
  ];
  errors.forEach((row, estimator) => {
    body.push(...loop.sum(row, layout), ...get(step), ...opcode.f64x2Multiply, ...set(error));
    if (estimator === 0)
      body.push(
        ...get(error),
        ...opcode.f64x2Absolute,
        ...get(largest),
        ...opcode.f64x2Maximum,
        ...set(largest),
      );
    const total = estimator === 0 ? sum0 : sum1;
    body.push(...get(error), ...get(scale), ...opcode.f64x2Divide, ...set(error));
    body.push(...get(total), ...get(error), ...get(error), ...opcode.f64x2Multiply, ...opcode.f64x2Add);
    body.push(...set(total));
  });
  code.push(...loop.run(body));
  const lane = (vector: number, k: number): number[] => [...get(vector), ...opcode.f64x2ExtractLane, k];
  code.push(...opcode.i32Const, 0, ...lane(largest, 0), ...lane(largest, 1), ...opcode.f64Maximum);
  code.push(...opcode.f64Store, 3, ...unsigned(layout.localError));
  const norm = (total: number): number[] => [
    ...lane(total, 0),
    ...lane(total, 1),
    ...opcode.f64Add,
    ...opcode.f64Const,
    ...double(n),
    ...opcode.f64Divide,
    ...opcode.f64SquareRoot,
  ];
  code.push(...norm(sum0), ...set(norm0));
  if (errors.length === 1) code.push(...get(norm0));
  else {
    const square = (local: number): number[] => [...get(local), ...get(local), ...opcode.f64Multiply];
    code.push(...norm(sum1), ...set(norm1));
    // err₅² / √(err₅² + 0.01 err₃²), and 0 where err₅ is.
    code.push(...square(norm0), ...square(norm0), ...opcode.f64Const, ...double(0.01), ...square(norm1));
    code.push(...opcode.f64Multiply, ...opcode.f64Add, ...opcode.f64SquareRoot, ...opcode.f64Divide);
    code.push(...opcode.f64Const, ...double(0), ...get(norm0), ...opcode.f64Const, ...double(0));
    code.push(...opcode.f64NotEqual, ...opcode.select);
  }
  code.push(...lane(finite, 0), ...lane(finite, 1), ...opcode.f64Add, ...opcode.f64Add);
  return {
    parameters: ['f64', 'f64'],
    results: ['f64'],
    locals: [
      { count: 1, type: 'i32' },
      { count: 8, type: 'v128' },
      { count: 2, type: 'f64' },
    ],
    code,
  };
}

function denseBody(tableau: ButcherTableau, layout: Layout, call: number[]): FunctionBody {
  const { stages, denseStages } = tableau;
  const { dense } = sparseTableau(tableau);
  const [step, difference] = [3, 4];
  const code = [...splat(STEP, step)];
  for (let stage = stages + 1; stage <= stages + denseStages; stage++)
    code.push(...stageCode(tableau, layout, stage, layout.scratch, step), ...call);
  const loop = new VectorLoop(OFFSET, 8 * layout.width);
  const row = (r: number): number => layout.coefficients + 8 * layout.width * r;
  const slope = (stage: number): Vector => [
    ...loop.load(layout.stage(stage)),
    ...get(step),
    ...opcode.f64x2Multiply,
  ];
  // The rows of the cubic Hermite interpolant, see `dense-output.ts`.
  const body = [
    ...loop.load(layout.proposal),
    ...loop.load(layout.y),
    ...opcode.f64x2Subtract,
    ...set(difference),
    ...loop.store(row(0), get(difference)),
    ...loop.store(row(1), [...slope(0), ...get(difference), ...opcode.f64x2Subtract]),
    ...loop.store(row(2), [
      ...get(difference),
      ...get(difference),
      ...opcode.f64x2Add,
      ...slope(0),
      ...slope(stages),
      ...opcode.f64x2Add,
      ...opcode.f64x2Subtract,
    ]),
  ];
  dense.forEach((weights, r) => {
    const value = [...loop.sum(weights, layout), ...get(step), ...opcode.f64x2Multiply];
    body.push(...loop.store(row(3 + r), value));
  });
  code.push(...loop.run(body));
  return {
    parameters: ['f64', 'f64'],
    results: [],
    locals: [
      { count: 1, type: 'i32' },
      { count: 2, type: 'v128' },
    ],
    code,
  };
}

/** y' = f(t, y, p) into memory. */
function rightHandSideBody(system: CompilableSystem, layout: Layout, host: HostFunctions): FunctionBody {
  const [time, at, out, zero] = [0, 1, 2, 3];
  const { code, locals } = programCode(
    system.program,
    (leaf) => {
      const place = system.place(leaf);
      if (place.kind === 'time') return { local: time };
      if (place.kind === 'state') return { address: at, offset: 8 * place.position };
      return { address: zero, offset: layout.parameters + 8 * place.position };
    },
    out,
    zero + 1,
    host,
  );
  return {
    parameters: ['f64', 'i32', 'i32'],
    results: [],
    locals: [
      { count: 1, type: 'i32' },
      { count: locals, type: 'f64' },
    ],
    code,
  };
}

export interface RungeKuttaCode {
  readonly binary: Uint8Array<ArrayBuffer>;
  readonly layout: Layout;
  /** What the module imports from `env`, its memory aside. */
  readonly host: Record<string, (...operands: number[]) => number>;
}

/** @param n  number of components of the state */
export function rungeKuttaCode(tableau: ButcherTableau, system: CompilableSystem, n: number): RungeKuttaCode {
  const layout = layoutOf(tableau, n, system.parameters);
  const host = new HostFunctions();
  const rightHandSide = rightHandSideBody(system, layout, host);
  // Imported functions are numbered first.
  const call = unsigned(host.imported.length);
  const attempt = attemptBody(tableau, layout, n, call);
  const dense = denseBody(tableau, layout, call);
  return {
    binary: moduleBinary([rightHandSide, attempt, dense], host.imported),
    layout,
    host: host.implementations,
  };
}
