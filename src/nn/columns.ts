/** Rows as lines, each column as wide as its longest cell; `right` lists right-aligned columns. */
export function columns(
  rows: readonly (readonly string[])[],
  { right = [] }: { right?: readonly number[] } = {},
): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => row[i].length)))
  const pad = (cell: string, i: number) =>
    right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])
  return rows.map(row => row.map(pad).join('  ').trimEnd())
}
