/** Where in the user's program a tensor was made. */

/** A call stack; `stack` is built only if it is read. */
export interface Site {
  stack?: string
}

/** The call stack of now. */
export function callSite(): Site {
  const site: Site = {}
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 20 // deep enough to see the program behind a backward()
  Error.captureStackTrace?.(site, callSite)
  Error.stackTraceLimit = stackTraceLimit
  return site
}

// built, the library is in dist, and with source maps its frames are in src
const library = new URL('../../', import.meta.url).href
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
  for (const line of stack?.split('\n').slice(1) ?? []) {
    const frame = line.match(/\(?((?:file|https?):\/\/[^)]+|\/[^)]+):\d+\)?$/)?.[1]
    const inside = frame?.replace(library, '').replace(library.slice(7), '')
    if (frame && !layers.test(inside!)) return ` at ${frame.replace(/^file:\/\//, '')}`
  }
  return ''
}
