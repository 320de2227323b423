/**
 * A precondition, on one line. The message is a function, so that a passing check builds no string.
 * @throws Error with the message when `ok` is falsy
 */
export function check(ok: unknown, message: () => string): asserts ok {
  if (!ok) throw new Error(message())
}

/**
 * The value itself, unless it is a promise. `who` begins the message: 'scope: the function'.
 * @throws Error when it is a promise; whether that promise fails is then not reported as well
 */
export function synchronous<T>(who: string, value: T): T {
  const isPromise = typeof (value as { then?: unknown } | null)?.then === 'function'
  if (isPromise) (value as Promise<unknown>).then(null, () => {})
  check(
    !isPromise,
    () => `${who} returned a promise; make it synchronous, and await its tensors outside`,
  )
  return value
}
