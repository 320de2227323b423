/** How commands read their options. */
import { InvalidArgumentError } from 'commander'

/** A whole number, from `least` up. */
export function whole(least: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < least || text.trim() === '')
      throw new InvalidArgumentError(`It must be a whole number from ${least} up.`)
    return value
  }
}

/** Names with commas between them. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
}
