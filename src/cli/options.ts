/** How commands read the values of their options. */
import { InvalidArgumentError } from 'commander'

/** A whole number, from `least` up to `most`. */
export function whole(least: number, most = Infinity): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < least || text.trim() === '')
      throw new InvalidArgumentError(`It must be a whole number from ${least} up.`)
    if (value > most) throw new InvalidArgumentError(`It must be at most ${most}.`)
    return value
  }
}

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

/** Names with commas between them. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
}
