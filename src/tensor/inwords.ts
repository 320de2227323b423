/** A value in a message. A plain object shows what it holds, since it may hold the right answer. */
export function inWords(value: unknown): string {
  return Object.getPrototypeOf(value ?? 0) === Object.prototype ? JSON.stringify(value) : `${value}`
}
