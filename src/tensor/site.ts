/** Where in the user's program a tensor was made. */

/** A call stack; `stack` is built only if it is read. */
export interface Site {
  stack?: string
}

/**
 * Taking a stack costs about 10 µs, and an eager step makes dozens of tensors. So after the first
 * 10,000 only one in seventeen is taken: enough to find where a leak is.
 */
const most = 10_000
const oneIn = 17 // a prime, so that in most loops it is another tensor each time
let taken = 0

const unknown: Site = {}

/** The call stack of now, or nothing. */
export function callSite(): Site {
  return taken++ < most || taken % oneIn === 0 ? stackOf(callSite) : unknown
}

/** Takes all of the next 10,000 stacks: somebody has asked where a tensor was made. */
export function takeStacks(): void {
  taken = 0
}

/** The call stack of now, above this function. */
export function stackOf(above: (...args: never) => unknown): Site {
  const site: Site = {}
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 20 // deep enough to see the program behind a backward()
  Error.captureStackTrace?.(site, above)
  Error.stackTraceLimit = stackTraceLimit
  return site
}

// built, the library is in dist, and with source maps its frames are in src
const library = import.meta.url.replace(/[^/]+\/tensor\/site\.[jt]s$/, '')
const layers = /^(src|dist)\/(kernels|tensor|launches|compile|autograd|nn|models|data|io)\//

/**
 * Spells the stack out. Until then it holds the receivers of its calls alive, and with them the
 * tensor whose site it is.
 */
export function letGo(site: Site): void {
  void site.stack
}

/** " at file:line" of the first frame outside this library, or nothing if there is none. */
export function describe({ stack }: Site): string {
  takeStacks()
  for (const line of stack?.split('\n').slice(1) ?? []) {
    const frame = line.match(/\(?((?:file|https?):\/\/[^)]+|\/[^)]+):\d+\)?$/)?.[1]
    const inside = frame?.replace(library, '').replace(library.slice(7), '')
    if (frame && !layers.test(inside!)) return ` at ${frame.replace(/^file:\/\//, '')}`
  }
  return ''
}
