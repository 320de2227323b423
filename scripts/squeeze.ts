/**
 * Makes WGSL short, for what a program carries and the driver gets: no comments, no white space,
 * short names. `npm run kernel -- NAME` prints the text as it was written.
 *
 * What a file declares has one short name in all kernels, in capitals. Locals have small letters,
 * from `a` on in every function, so functions look alike and compress well. Members of structs are
 * a third kind. Entries and overrides keep their names, since JavaScript says them.
 */
import type { Declaration } from './link.js'

type Names = ReadonlyMap<string, string>

/** A function that shortens one of these declarations. */
export function squeezer(all: readonly Declaration[]): (declaration: Declaration) => string {
  const words = all.flatMap(({ text }) => bare(text).match(/[A-Za-z_]\w*/g) ?? [])
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const byUse = (names: Iterable<string>) =>
    [...new Set(names)].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1))
  const fixed = new Set(all.filter(isFixed).map(({ name }) => name))
  const outer = rename(
    byUse(all.map(({ name }) => name)).filter(name => !fixed.has(name)),
    capitals,
    fixed,
  )
  // v.xy may be of a vector
  const [swizzles, others] = [/^([xyzw]+|[rgba]+)$/, byUse(all.flatMap(membersOf))]
  const members = rename(
    others.filter(name => !swizzles.test(name)),
    letters,
    new Set(others.filter(name => swizzles.test(name))),
  )
  return declaration => {
    const locals = rename(localsIn(declaration), letters)
    return declaration.kind === 'struct'
      ? shorten(declaration.text, word => outer.get(word), members, members)
      : shorten(declaration.text, word => locals.get(word) ?? outer.get(word), members)
  }
}

/** `labels` are the words before a colon, in a struct. */
function shorten(
  text: string,
  nameOf: (word: string) => string | undefined,
  members: Names,
  labels?: Names,
): string {
  let [before, result] = ['', '']
  const tokens = /\s+|\d[\w.]*|[.@]?[A-Za-z_]\w*(?=(\s*:)?)|[-+*/%&|^<>=!]+|./g
  for (const [token, colon] of bare(text).matchAll(tokens)) {
    if (/^\s/.test(token)) continue
    let next = token
    if (token.startsWith('.')) next = `.${members.get(token.slice(1)) ?? token.slice(1)}`
    else if (/^[A-Za-z_]/.test(token) && !result.endsWith('@builtin('))
      next = (colon && labels ? labels.get(token) : nameOf(token)) ?? token
    if (mustPart(before, next)) result += ' '
    result += next
    before = next
  }
  return result
}

/** Whether these tokens would be read as one: two words, or two operators such as `- -`. */
function mustPart(before: string, next: string): boolean {
  if (/\w$/.test(before) && /^\w/.test(next)) return true
  const joined = /[-+*/%&|^<>=!]$/.test(before) && /^[-+*/%&|^<>=!]/.test(next)
  return joined && !/[=*]-/.test(before + next)
}

function bare(text: string): string {
  return text.replace(/\/\/.*/g, '')
}

/** Whether JavaScript says its name: a launch may replace what is marked so. */
function isFixed({ kind, text }: Declaration): boolean {
  return kind === 'override' || /^@compute/m.test(text) || /\/\/ replaced$/m.test(text)
}

function membersOf({ kind, text }: Declaration): string[] {
  return kind === 'struct' ? labelsIn(bare(text)) : []
}

/** The params and locals of a function, in their order. */
function localsIn({ kind, text }: Declaration): string[] {
  if (kind !== 'fn') return []
  const code = bare(text)
  const locals = [...code.matchAll(/\b(?:let|var|const)\s+(\w+)/g)].map(([, name]) => name)
  return [...labelsIn(code.slice(code.indexOf('('), code.indexOf('{'))), ...locals]
}

function labelsIn(code: string): string[] {
  return [...code.matchAll(/(\w+)\s*:/g)].map(([, name]) => name)
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const capitals = letters.toUpperCase()
/** Words of WGSL. */
const reserved = new Set(['as', 'do', 'fn', 'if', 'in', 'is', 'of'])

/** A short name for each of these names, made of `alphabet`. */
function rename(
  names: Iterable<string>,
  alphabet: string,
  taken = new Set<string>(),
): Map<string, string> {
  const [one, two] = [[...alphabet], [...new Set(`${alphabet}${letters}0123456789`)]]
  const all = [...one, ...one.flatMap(first => two.map(second => first + second))]
  const free = all.filter(name => !taken.has(name) && !reserved.has(name)).values()
  const found = new Map<string, string>()
  for (const name of names)
    if (!found.has(name)) {
      const { value } = free.next()
      if (!value) throw new Error('squeeze: more names than short ones')
      found.set(name, value)
    }
  return found
}
