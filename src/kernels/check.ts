/**
 * A precondition, on one line. The message is a function, so that a passing check builds no string.
 * @throws Error with the message when `ok` is falsy
 */
export function check(ok: unknown, message: () => string): asserts ok {
  if (!ok) throw new Error(message())
}
