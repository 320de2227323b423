/**
 * Links WGSL: what kernels share is written once, in files of its own, and a kernel names what it imports in the syntax
 * of WESL (wesl-lang.dev):
 *
 *     import package::lib::activation::{activate, slope};
 *
 * A kernel's linked text is its own, without its import lines, and behind it the declarations that it reaches in other
 * files. Nothing is renamed.
 */
export interface Declaration {
  readonly name: string
  readonly kind: string
  /** With its attributes and the comment lines right above it. */
  readonly text: string
  /** Every identifier in it that is not a member's name. */
  readonly words: ReadonlySet<string>
}

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

/** The declarations that one of them reaches, itself included. */
export function reached(from: string, declarations: ReadonlyMap<string, Declaration>): Set<string> {
  const names = new Set([from])
  for (const name of names)
    for (const word of declarations.get(name)!.words) if (declarations.has(word)) names.add(word)
  return names
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

/** Cuts a text at every `;` and `}` outside of all brackets. */
function declarationsIn(source: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>()
  // a line comment, a bracket, or the end of a declaration; what follows it on its line belongs to it
  const marks = /\/\/.*|[{}()]|;/g
  let depth = 0
  let start = 0
  for (let mark = marks.exec(source); mark; mark = marks.exec(source)) {
    if ('{('.includes(mark[0])) depth++
    if ('})'.includes(mark[0])) depth--
    if (depth > 0 || !';}'.includes(mark[0])) continue
    const end = source.indexOf('\n', marks.lastIndex)
    const [text] = source.slice(start, end).match(/(?:^\/\/.*\n)*^[^\s/][\s\S]*/m)!
    start = end
    const code = text.replace(/\/\/.*/g, '')
    const [, kind, name] =
      code.match(/\b(fn|struct|const|override|alias|var)\b(?:<[^>]*>)?\s+(\w+)/) ?? []
    if (!name) continue // enable, requires
    // the members of a struct and the params of a function hide what is outside
    const head = kind === 'fn' ? code.slice(0, code.indexOf('{')) : kind === 'struct' ? code : ''
    const own = [...head.matchAll(/(\w+)\s*:/g)].map(([, hidden]) => hidden)
    const words = new Set(code.match(/(?<![.\w])[A-Za-z_]\w*/g))
    for (const word of [name, ...own]) words.delete(word)
    found.set(name, { name, kind, text, words })
  }
  return found
}
