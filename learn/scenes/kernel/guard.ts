/** Loops that end: a reader's loop without an end would stop the whole GPU, not only this page. */
import { closed, inserted, withoutComments } from './text.js'

/** Iterations that the loops of one call of a function may take together. */
export const budget = 5000

/**
 * The same kernel, whose loops end after `budget` iterations per call of their function. What is
 * added stands in lines that are there, so lines keep their numbers.
 *
 * The count is a variable of the function. So it is uniform wherever the loop is, and a loop with a
 * barrier stays one.
 */
export function guarded(wgsl: string): string {
  const code = withoutComments(wgsl)
  const pieces: [number, string][] = []
  for (const head of code.matchAll(/\bfn\s+\w+\s*(?=\()/g)) {
    const body = code.indexOf('{', closed(code, head.index + head[0].length))
    const end = body < 0 ? -1 : closed(code, body)
    if (end < 0) continue
    const loops = bodiesIn(code, body, end)
    if (loops.length > 0) pieces.push([body + 1, ` var loops_left = ${budget}u;`])
    for (const at of loops)
      pieces.push([at + 1, ' if (loops_left == 0u) { break; } loops_left -= 1u;'])
  }
  return inserted(wgsl, pieces)
}

/** Where the bodies of loops between two places begin. */
function bodiesIn(code: string, from: number, to: number): number[] {
  const found: number[] = []
  for (const { index, 0: word } of code.slice(from, to).matchAll(/\b(for|while|loop)\b/g)) {
    let at = from + index + word.length
    if (word !== 'loop') {
      const head = code.slice(at).search(/\S/) + at
      at = code[head] === '(' ? closed(code, head) : code.indexOf('{', head) - 1
    }
    const body = code.indexOf('{', at)
    if (at >= 0 && body >= 0 && body < to) found.push(body)
  }
  return found
}
