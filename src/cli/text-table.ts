/** Numbers and tables as lines of text. */

export function significant(value: number, digits = 5): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-3 ? value.toExponential(digits - 1) : value.toPrecision(digits);
}

/** Lines of cells, columns aligned. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  return rows.map((row) => `  ${row.map((cell, j) => cell.padEnd(widths[j])).join('  ')}`.trimEnd());
}
