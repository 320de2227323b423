/** Bytes as numbers and as text. */

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes in UTF-8, null when they are none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

/** A value from a file for a message: on one line, which it does not fill. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(brief(value))
  return brief(JSON.stringify(value) ?? 'undefined')
}

/** The begin of a text that may be long. */
export function brief(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
