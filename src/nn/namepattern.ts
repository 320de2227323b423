/** Which parts of a model a caller means, by their names. */
import { check } from '../kernels/check.js'
import { described, distance } from '../tensor/arguments.js'

/**
 * The beginning of dotted names (`encoder`, `encoder.0`), a whole name in which `*` stands for any
 * letters (`*.bias`), or a regular expression that is found in the name.
 */
export type NamePattern = string | RegExp

/**
 * The names that a pattern means, in their order. `what` says what they are names of.
 * @throws Error when there is none, with the names that are the nearest
 */
export function matching(
  op: string,
  what: string,
  names: readonly string[],
  pattern: NamePattern,
): string[] {
  check(
    pattern instanceof RegExp || (typeof pattern === 'string' && pattern !== ''),
    () =>
      `${op}: the pattern is ${described(pattern)}; it must be a name such as 'encoder', ` +
      "a pattern such as '*.bias', or a regular expression",
  )
  const expression = typeof pattern === 'string' ? expressionOf(pattern) : stateless(pattern)
  const found = names.filter(name => expression.test(name))
  check(
    found.length > 0,
    () =>
      `${op}: no ${what} is called ${typeof pattern === 'string' ? `'${pattern}'` : pattern}; ` +
      (names.length > 0 ? `near are ${near(names, pattern).join(', ')}` : `there is no ${what}`),
  )
  return found
}

function expressionOf(pattern: string): RegExp {
  const escaped = pattern.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}${pattern.includes('*') ? '$' : '(\\.|$)'}`)
}

/** Without the flags that make `test` go on from where it last stopped. */
function stateless({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, ''))
}

/** Up to three names, or beginnings of names, that look the most like the pattern. */
function near(names: readonly string[], pattern: NamePattern): string[] {
  const text = typeof pattern === 'string' ? pattern : pattern.source
  const beginnings = new Set(
    names.flatMap(name => name.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.'))),
  )
  const far = new Map([...beginnings].map(name => [name, distance(name, text)]))
  return [...beginnings].sort((a, b) => far.get(a)! - far.get(b)!).slice(0, 3)
}
