/** Codes as text: one line per image, for spreadsheets and data frames. */
import type { Points } from './neighbours.js'

/** `index,label,z1,z2,…` and then the values, in as many digits as f32 needs. */
export function codesAsCsv({ data, size }: Points, labels: Uint8Array): string {
  const names = Array.from({ length: size }, (_, i) => `z${i + 1}`)
  const lines = Array.from(labels, (label, i) => {
    const values = Array.from(data.subarray(i * size, (i + 1) * size), shortest)
    return [i, label, ...values].join(',')
  })
  return [['index', 'label', ...names].join(','), ...lines, ''].join('\n')
}

/** The shortest of the decimal numbers that are read as the same f32. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = `${Number(value.toPrecision(digits))}`
    if (Math.fround(Number(text)) === value) return text
  }
  return `${Number(value.toPrecision(9))}`
}
