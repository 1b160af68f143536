/** The trial solution of a window: products of waves in space and polynomials in time. */
import { axisCount, type SeparableAxis } from '../../network/separable.ts';
import type { Network, TrialSolution } from '../../network/trial-solution.ts';
import type { Problem } from '../../problem/index.ts';
import type { ModalSystem } from '../../reference/fourier/refined-evolution.ts';
import type { NodalSpectra } from './modal-collocation.ts';
import type { ModalProblem } from './modal-problem.ts';

/** Coefficients beyond the last one that is this share of the largest are left out. */
const negligible = 1e-13;

export interface SeparableWindow {
  readonly trial: TrialSolution;
  readonly theta: Float64Array;
}

/**
 * @param spectra  at the start and at the nodes
 * @param polynomials  Chebyshev coefficients from values there, (n, n)
 */
export function separableWindow(
  problem: Problem,
  modal: ModalProblem,
  system: ModalSystem,
  spectra: NodalSpectra,
  polynomials: Float64Array,
): SeparableWindow {
  const { form } = modal;
  const n = spectra.length;
  const networks: Network[] = [];
  const parameters: Float64Array[] = [];
  for (const { name } of problem.fields) {
    const state = form.states.findIndex((own) => own.name === name && own.timeOrder === 0);
    const space = modal.axesOf(system, state);
    const inner = space.reduce((product, axis) => product * axisCount(axis), 1);
    const tensor = new Float64Array(n * inner);
    const at = new Float64Array(inner);
    for (let j = 0; j < n; j++) {
      modal.coefficients(system, spectra[j][state], at);
      for (let k = 0; k < n; k++) {
        const factor = polynomials[k * n + j];
        for (let i = 0; i < inner; i++) tensor[k * inner + i] += factor * at[i];
      }
    }
    const axes: SeparableAxis[] = [{ kind: 'chebyshev', degree: n - 1 }, ...space];
    const trimmed = withoutNegligible(axes, tensor);
    networks.push({
      coordinates: [form.time, ...form.space],
      fields: [name],
      layers: [],
      separable: { axes: trimmed.axes },
    });
    parameters.push(trimmed.tensor);
  }
  const theta = new Float64Array(parameters.reduce((sum, own) => sum + own.length, 0));
  let offset = 0;
  for (const own of parameters) {
    theta.set(own, offset);
    offset += own.length;
  }
  return { trial: { dimension: problem.coordinates.length, networks }, theta };
}

function withCount(axis: SeparableAxis, count: number): SeparableAxis {
  if (axis.kind === 'chebyshev') return { ...axis, degree: count - 1 };
  return axis.kind === 'fourier' ? { ...axis, harmonics: Math.ceil((count - 1) / 2) } : { ...axis, count };
}

/** Ends every axis behind the last function that matters. */
function withoutNegligible(
  axes: readonly SeparableAxis[],
  tensor: Float64Array,
): { axes: SeparableAxis[]; tensor: Float64Array } {
  const counts = axes.map(axisCount);
  const largest = tensor.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const last = axes.map(() => 0);
  for (let i = 0; i < tensor.length; i++) {
    if (Math.abs(tensor[i]) <= negligible * largest) continue;
    for (let axis = axes.length - 1, rest = i; axis >= 0; axis--) {
      last[axis] = Math.max(last[axis], rest % counts[axis]);
      rest = Math.floor(rest / counts[axis]);
    }
  }
  const kept = axes.map((axis, i) => withCount(axis, last[i] + 1));
  const sizes = kept.map(axisCount);
  const result = new Float64Array(sizes.reduce((a, b) => a * b, 1));
  for (let i = 0; i < result.length; i++) {
    let from = 0;
    let stride = 1;
    for (let axis = axes.length - 1, rest = i; axis >= 0; axis--) {
      from += stride * (rest % sizes[axis]);
      rest = Math.floor(rest / sizes[axis]);
      stride *= counts[axis];
    }
    result[i] = tensor[from];
  }
  return { axes: kept, tensor: result };
}
