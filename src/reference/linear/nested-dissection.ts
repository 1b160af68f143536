/** Rows of a sparse pattern: row i holds the columns `columns[starts[i]] … columns[starts[i + 1] − 1]`. */
export interface SparsePattern {
  readonly size: number;
  readonly starts: Int32Array;
  readonly columns: Int32Array;
}

/** The nodes that are eliminated together, and the front into which what they leave is added. */
export interface Separator {
  readonly nodes: Int32Array;
  /** Place of the parent in the list, −1 for the root. */
  parent: number;
}

const leafSize = 48;

/**
 * Nested dissection of a graph whose nodes have positions: halves are parted by the nodes of one of them that
 * have neighbours in the other. George (1973), SIAM J. Numer. Anal. 10, 345–363.
 *
 * @param pattern symmetric in structure
 * @param positions (size, dimension), row-major
 * @param last nodes with neighbours everywhere, eliminated at the very end
 * @returns separators, children before their parents
 */
export function nestedDissection(
  pattern: SparsePattern,
  positions: Float64Array,
  dimension: number,
  last: ReadonlySet<number>,
): Separator[] {
  const { size, starts, columns } = pattern;
  const result: Separator[] = [];
  const half = new Int32Array(size).fill(-1);
  let label = 0;
  const emit = (nodes: readonly number[] | Int32Array, children: readonly number[]): number => {
    result.push({ nodes: Int32Array.from(nodes), parent: -1 });
    for (const child of children) result[child].parent = result.length - 1;
    return result.length - 1;
  };
  const dissect = (nodes: Int32Array): number => {
    if (nodes.length <= leafSize) return emit(nodes, []);
    const axis = longestAxis(nodes, positions, dimension);
    const sorted = nodes
      .slice()
      .sort((a, b) => positions[a * dimension + axis] - positions[b * dimension + axis] || a - b);
    const middle = sorted.length >> 1;
    const left = label++;
    const right = label++;
    sorted.forEach((node, i) => {
      half[node] = i < middle ? left : right;
    });
    const touches = (node: number, other: number): boolean => {
      for (let k = starts[node]; k < starts[node + 1]; k++) if (half[columns[k]] === other) return true;
      return false;
    };
    const lower = sorted.subarray(0, middle);
    const upper = sorted.subarray(middle);
    const lowerEdge = lower.filter((node) => touches(node, right));
    const upperEdge = upper.filter((node) => touches(node, left));
    const separator = lowerEdge.length < upperEdge.length ? lowerEdge : upperEdge;
    const apart = new Set(separator);
    const parts = [lower, upper].map((part) => part.filter((node) => !apart.has(node)));
    // A graph without small separators is eliminated whole.
    if (parts.some((part) => part.length < nodes.length / 16)) return emit(nodes, []);
    return emit(separator, parts.map(dissect));
  };
  const rest = Int32Array.from({ length: size }, (_, i) => i).filter((i) => !last.has(i));
  const top = rest.length > 0 ? [dissect(rest)] : [];
  if (last.size > 0) emit([...last], top);
  return result;
}

function longestAxis(nodes: Int32Array, positions: Float64Array, dimension: number): number {
  let best = 0;
  let longest = -1;
  for (let axis = 0; axis < dimension; axis++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const node of nodes) {
      const x = positions[node * dimension + axis];
      if (x < low) low = x;
      if (x > high) high = x;
    }
    if (high - low > longest) {
      longest = high - low;
      best = axis;
    }
  }
  return best;
}

/** The pattern of A + Aᵀ without its diagonal. */
export function symmetricPattern({ size, starts, columns }: SparsePattern): SparsePattern {
  const neighbours = Array.from({ length: size }, () => new Set<number>());
  for (let i = 0; i < size; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      if (columns[k] === i) continue;
      neighbours[i].add(columns[k]);
      neighbours[columns[k]].add(i);
    }
  }
  const sums = new Int32Array(size + 1);
  neighbours.forEach((set, i) => {
    sums[i + 1] = sums[i] + set.size;
  });
  const all = new Int32Array(sums[size]);
  neighbours.forEach((set, i) => {
    all.set([...set], sums[i]);
  });
  return { size, starts: sums, columns: all };
}
