/** How commands read what they are given. */
import { InvalidArgumentError } from 'commander'
import { nearest } from './nearest.js'

/** A whole number, from `least` up. */
export function whole(least: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < least || text.trim() === '')
      throw new InvalidArgumentError(`It must be a whole number from ${least} up.`)
    return value
  }
}

/** The names in a comma-separated list. @throws Error of one line for one that there is not */
export function chosen(list: string, names: readonly string[], kind: string): string[] {
  return list.split(',').map(text => {
    const name = text.trim()
    if (names.includes(name)) return name
    const near = nearest(name, names)
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : names.join(', ')
    throw new Error(`there is no ${kind} '${name}'; ${hint}`)
  })
}
