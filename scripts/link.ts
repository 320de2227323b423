/**
 * Links WGSL: what kernels share is written once, in files of its own, and a kernel names what it imports in the syntax
 * of WESL (wesl-lang.dev):
 *
 *     import package::lib::activation::{activate, slope};
 *
 * A kernel's linked text is its own, without its import lines, and behind it the declarations that it reaches in other
 * files. Nothing is renamed.
 */
import { type Declaration, declarationsIn } from '../src/extend/declarations.js'

export { type Declaration, reached } from '../src/extend/declarations.js'

export interface Linked {
  readonly text: string
  /** The kernel's own part of the text. */
  readonly own: string
  /** What it reaches in other files. */
  readonly shared: readonly { readonly from: string; readonly declaration: Declaration }[]
  readonly declarations: ReadonlyMap<string, Declaration>
}

/** The text of a file by its path without ending, such as `lib/activation`. */
export type Read = (path: string) => string

/**
 * The linked text of a kernel.
 * @throws Error for an import that does not exist or is not used, and for one name with two meanings
 */
export function link(path: string, read: Read): Linked {
  const found = new Map<string, { from: string; declaration: Declaration }>()
  const files = new Map<string, Parsed>()
  const open = (from: string) => files.get(from) ?? parse(read(from))
  const add = (from: string, name: string) => {
    const known = found.get(name)
    if (known?.from === from) return
    if (known) throw new Error(`${path}: ${name} comes from ${known.from} and from ${from}`)
    const file = open(from)
    files.set(from, file)
    const declaration = file.declarations.get(name)
    if (!declaration) throw new Error(`${path}: there is no ${name} in ${from}`)
    found.set(name, { from, declaration })
    for (const word of declaration.words) {
      if (file.declarations.has(word)) add(from, word)
      else if (file.imports.has(word)) add(file.imports.get(word)!, word)
    }
  }
  const { declarations, imports, rest } = open(path)
  for (const name of declarations.keys()) add(path, name)
  for (const name of imports.keys())
    if (!found.has(name)) throw new Error(`${path}: ${name} is imported and not used`)
  const text = [rest.trimEnd()]
  const shared: { from: string; declaration: Declaration }[] = []
  for (const [from, file] of files) {
    if (from === path) continue
    text.push(`// from ${from}.wgsl`)
    for (const [name, declaration] of file.declarations) {
      if (found.get(name)?.from !== from) continue
      text.push(declaration.text)
      shared.push({ from, declaration })
    }
  }
  return {
    own: text[0],
    shared,
    text: `${text.join('\n\n').replace(/(?<=\n(const|override|@group).*\n)\n(?=\1 ?)/g, '')}\n`,
    declarations: new Map([...found].map(([name, { declaration }]) => [name, declaration])),
  }
}

const importLines = /^import package::(.+)::(?:(\w+)|\{([\w\s,]+)\});\n/gm

interface Parsed {
  /** The file that each imported name is in. */
  readonly imports: ReadonlyMap<string, string>
  readonly declarations: ReadonlyMap<string, Declaration>
  /** The text without its import lines. */
  readonly rest: string
}

function parse(source: string): Parsed {
  const imports = new Map<string, string>()
  for (const [, from, one, several] of source.matchAll(importLines))
    for (const name of (one ?? several).split(','))
      if (name.trim()) imports.set(name.trim(), from.replaceAll('::', '/'))
  const rest = source.replace(importLines, '').replace(/\n{3,}/g, '\n\n')
  return { imports, declarations: declarationsIn(rest), rest }
}
