/** What the table of malformed files consists of. */

export interface Row {
  /** What is wrong. */
  readonly what: string
  readonly bytes: Uint8Array
  /** What the message says of it. */
  readonly says: RegExp
}

export interface Format {
  /** The name that every message must begin with. */
  readonly file: string
  readonly read: (bytes: Uint8Array, file: string) => unknown
  /** A file that is read. */
  readonly good: Uint8Array
  readonly rows: readonly Row[]
}

export const row = (what: string, bytes: Uint8Array, says: RegExp): Row => ({ what, bytes, says })

/** One row per length that the file is cut to. */
export function cuts(
  good: Uint8Array,
  lengths: readonly number[],
  says: RegExp,
  kind = 'file',
): Row[] {
  return lengths.map(length =>
    row(`${kind} cut to ${length} bytes`, good.subarray(0, length), says),
  )
}
