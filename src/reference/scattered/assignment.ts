/**
 * Gives every row a column of its own so that the sum of scores is largest, by dynamic programming over sets of
 * columns: for at most a dozen columns.
 *
 * @param scores [row][column], at most as many rows as columns
 * @returns the column of each row
 */
export function assign(scores: readonly (readonly number[])[], columns: number): number[] {
  let best = new Map<number, { score: number; chosen: number[] }>([[0, { score: 0, chosen: [] }]]);
  for (const row of scores) {
    const next = new Map<number, { score: number; chosen: number[] }>();
    for (const [set, { score, chosen }] of best) {
      for (let column = 0; column < columns; column++) {
        const bit = 1 << column;
        if ((set & bit) !== 0) continue;
        const known = next.get(set | bit);
        const total = score + row[column];
        if (known === undefined || total > known.score) {
          next.set(set | bit, { score: total, chosen: [...chosen, column] });
        }
      }
    }
    best = next;
  }
  let result: { score: number; chosen: number[] } | undefined;
  for (const entry of best.values()) if (result === undefined || entry.score > result.score) result = entry;
  return result?.chosen ?? [];
}
