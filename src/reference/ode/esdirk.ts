/**
 * ESDIRK4(3)6L[2]SA, the implicit half of ARK4(3)6L[2]SA: order 4 with an embedded order 3, L-stable, stiffly
 * accurate, stage order 2, the first stage explicit. Kennedy & Carpenter (2003), Appl. Numer. Math. 44, 139–181.
 */
export const esdirk4 = {
  name: 'ESDIRK4(3)6L[2]SA',
  gamma: 1 / 4,
  stages: 6,
  nodes: [0, 1 / 2, 83 / 250, 31 / 50, 17 / 20, 1],
  /** Row i holds a_ij, j < i. */
  matrix: [
    [],
    [1 / 4],
    [8611 / 62500, -1743 / 31250],
    [5012029 / 34652500, -654441 / 2922500, 174375 / 388108],
    [15267082809 / 155376265600, -71443401 / 120774400, 730878875 / 902184768, 2285395 / 8070912],
    [82889 / 524892, 0, 15625 / 83664, 69875 / 102672, -2260 / 8211],
  ],
  /** Weights of the embedded solution. */
  embedded: [
    4586570599 / 29645900160,
    0,
    178811875 / 945068544,
    814220225 / 1159782912,
    -3700637 / 11593932,
    61727 / 225920,
  ],
} as const;
