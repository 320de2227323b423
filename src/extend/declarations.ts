/** The declarations in a WGSL source, and which of them another one reaches. */
export interface Declaration {
  readonly name: string
  readonly kind: string
  /** With its attributes and the comment lines right above it. */
  readonly text: string
  /** Every identifier in it that is not a member's name. */
  readonly words: ReadonlySet<string>
}

/** Cuts a text at every `;` and `}` outside of all brackets. */
export function declarationsIn(source: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>()
  // a line comment, a bracket, or the end of a declaration, to which the rest of its line belongs
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

/** The declarations that one of them reaches, itself included. */
export function reached(from: string, declarations: ReadonlyMap<string, Declaration>): Set<string> {
  const names = new Set([from])
  for (const name of names)
    for (const word of declarations.get(name)!.words) if (declarations.has(word)) names.add(word)
  return names
}
