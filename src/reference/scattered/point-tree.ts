/**
 * A k-d tree of points: Friedman, Bentley & Finkel (1977), ACM Trans. Math. Softw. 3, 209–226. The tree is the
 * order of the points: the middle of a range parts it, along its longest axis.
 */
export class PointTree {
  private readonly order: Int32Array;
  private readonly axes: Uint8Array;
  private readonly distances: Float64Array;
  private found: Int32Array;
  private count = 0;
  private wanted = 0;
  private query: ArrayLike<number> = [];

  /** @param members points that are in the tree; all where absent */
  constructor(
    /** (N, dimension), row-major. */
    private readonly points: Float64Array,
    private readonly dimension: number,
    members?: ArrayLike<number>,
  ) {
    this.order = Int32Array.from(
      members ?? Int32Array.from({ length: points.length / dimension }, (_, i) => i),
    );
    this.axes = new Uint8Array(this.order.length);
    this.distances = new Float64Array(512);
    this.found = new Int32Array(512);
    this.build(0, this.order.length);
  }

  get size(): number {
    return this.order.length;
  }

  /** The `count` points (at most 512) nearest to a point, nearest first; fewer where there are fewer. */
  nearest(point: ArrayLike<number>, count: number): Int32Array {
    this.query = point;
    this.wanted = Math.min(count, this.order.length, 512);
    this.count = 0;
    this.search(0, this.order.length);
    return this.found.slice(0, this.count);
  }

  /** Distances of the points that `nearest` gave last. */
  get lastDistances(): Float64Array {
    return this.distances.slice(0, this.count).map(Math.sqrt);
  }

  private build(from: number, to: number): void {
    if (to - from < 2) return;
    const { points, dimension, order } = this;
    let axis = 0;
    let longest = -1;
    for (let a = 0; a < dimension; a++) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = from; i < to; i++) {
        const x = points[order[i] * dimension + a];
        if (x < low) low = x;
        if (x > high) high = x;
      }
      if (high - low > longest) {
        longest = high - low;
        axis = a;
      }
    }
    const middle = (from + to) >> 1;
    order
      .subarray(from, to)
      .sort((i, j) => points[i * dimension + axis] - points[j * dimension + axis] || i - j);
    this.axes[middle] = axis;
    this.build(from, middle);
    this.build(middle + 1, to);
  }

  private search(from: number, to: number): void {
    if (to <= from) return;
    const { points, dimension, order, query } = this;
    const middle = (from + to) >> 1;
    const index = order[middle];
    let square = 0;
    for (let a = 0; a < dimension; a++) square += (points[index * dimension + a] - query[a]) ** 2;
    this.offer(index, square);
    if (to - from === 1) return;
    const axis = this.axes[middle];
    const offset = query[axis] - points[index * dimension + axis];
    if (offset < 0) this.search(from, middle);
    else this.search(middle + 1, to);
    if (this.count < this.wanted || offset * offset < this.distances[this.count - 1]) {
      if (offset < 0) this.search(middle + 1, to);
      else this.search(from, middle);
    }
  }

  private offer(index: number, square: number): void {
    const { distances, found, wanted } = this;
    if (this.count === wanted && square >= distances[wanted - 1]) return;
    let i = this.count < wanted ? this.count++ : wanted - 1;
    while (i > 0 && distances[i - 1] > square) {
      distances[i] = distances[i - 1];
      found[i] = found[i - 1];
      i--;
    }
    distances[i] = square;
    found[i] = index;
  }
}
