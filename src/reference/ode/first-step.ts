/**
 * A first step size: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, section II.4.
 *
 * @param order      of the method
 * @param size       norm of the state
 * @param slope      norm of the right-hand side there
 * @param slopeChange  norm of the change of the right-hand side along an Euler step of so much, signed
 * @returns unsigned
 */
export function firstStep(
  direction: 1 | -1,
  span: number,
  order: number,
  size: number,
  slope: number,
  slopeChange: (h: number) => number,
): number {
  const h0 = Math.min(span, size < 1e-5 || slope < 1e-5 ? 1e-6 * span : (0.01 * size) / slope);
  const largest = Math.max(slope, slopeChange(direction * h0) / h0);
  const h1 = largest <= 1e-15 ? Math.max(1e-6 * span, h0 * 1e-3) : (0.01 / largest) ** (1 / order);
  return Math.min(100 * h0, Number.isFinite(h1) ? h1 : h0 * 1e-3, span);
}
