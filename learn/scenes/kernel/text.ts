/** Places in a WGSL text: comments left out, brackets matched. */

/** The text with its comments as spaces, so that every place stays where it is. */
export function withoutComments(wgsl: string): string {
  return wgsl.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, comment => comment.replace(/[^\n]/g, ' '))
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Where the bracket that opens at `at` is closed; −1 where it is not. */
export function closed(code: string, at: number): number {
  const [open, close] = [code[at], closing[code[at]]]
  let depth = 0
  for (let i = at; i < code.length; i++) {
    if (code[i] === open) depth++
    if (code[i] === close && --depth === 0) return i
  }
  return -1
}

/** The text with these pieces put in, each before the character at its place. */
export function inserted(
  text: string,
  pieces: readonly (readonly [at: number, text: string])[],
): string {
  const sorted = [...pieces].sort(([a], [b]) => a - b)
  let result = ''
  let from = 0
  for (const [at, piece] of sorted) {
    result += text.slice(from, at) + piece
    from = at
  }
  return result + text.slice(from)
}
