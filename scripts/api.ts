/**
 * `npm run api` writes two lists of all public names, with signatures and the docstrings' words:
 *
 *     llms.txt        for language models: conventions, guides, a line per name
 *     docs/api.json   for programs: { name, kind, signature, doc, file } of each
 *
 * Both are read from the source. `test/api.test.ts` holds them against it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Public {
  /** With its namespace: `nn.Linear`, `Tensor`. */
  readonly name: string
  readonly kind: 'function' | 'class' | 'const' | 'interface' | 'type'
  readonly signature: string
  /** The docstring, without its stars. */
  readonly doc: string
  readonly file: string
  readonly line: number
}

/** Every name that `import … from 'kernelgrad'` offers in Node, in the order of the source. */
export function publicNames(entry = join(root, 'src/node.ts'), prefix = ''): Public[] {
  const found = new Map<string, Public>()
  const add = (each: Public) => found.has(each.name) || found.set(each.name, each)
  const text = readFileSync(entry, 'utf8')
  const from = (path: string) => resolve(dirname(entry), path.replace(/\.js$/, '.ts'))
  for (const [, names, path] of text.matchAll(
    /^export (?:type )?(\*(?: as \w+)?|\{[^}]*\}) from '(.+?)'/gm,
  )) {
    const [, space] = names.match(/^\* as (\w+)/) ?? []
    if (space) publicNames(from(path), `${prefix}${space}.`).forEach(add)
    else if (names === '*') publicNames(from(path), prefix).forEach(add)
    else
      for (const [, name, as = name] of names.matchAll(/(\w+)(?: as (\w+))?(?=\s*[,}])/g)) {
        const [each] = publicNames(from(path), prefix).filter(p => p.name === prefix + name)
        if (each) add({ ...each, name: prefix + as })
      }
  }
  for (const each of declarationsOf(text, entry)) add({ ...each, name: prefix + each.name })
  return [...found.values()]
}

/** The names of all entries; those of `kernelgrad/explain` and `kernelgrad/tune` have that before. */
export function allNames(): Public[] {
  const others = ['explain', 'tune'].flatMap(entry =>
    publicNames(join(root, `src/${entry}/index.ts`), `${entry}/`),
  )
  return [...publicNames(), ...others]
}

function declarationsOf(text: string, file: string): Public[] {
  const pattern =
    /(?:^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:^\/\/.*\n)*)?^export (?:declare )?(?:abstract )?(?:async )?(function\*?|class|const|interface|type) (\w+)/gm
  return [...text.matchAll(pattern)].map(found => {
    const [whole, doc = '', kind, name] = found
    const start = found.index + whole.lastIndexOf('export ')
    return {
      name,
      kind: kind.replace('*', '') as Public['kind'],
      signature: signatureOf(text.slice(start), kind),
      doc: doc.replace(/^\s*\* ?/gm, '').trim(),
      file: relative(root, file),
      line: text.slice(0, start).split('\n').length,
    }
  })
}

/** The head of a declaration; of a class, also its constructor and public methods. */
function signatureOf(text: string, kind: string): string {
  const end = text.search(/^\}/m)
  const body = end < 0 ? text : text.slice(0, end)
  const tidy = (head: string) =>
    head
      .replace(/^export /, '')
      .replace(/\s+/g, ' ')
      .replace(/\( /g, '(')
      .replace(/,? \)/g, ')')
      .trim()
  if (kind.startsWith('function'))
    return tidy(body.slice(0, body.search(/\{$|\n(\/\*\*.*\n)?export function/m)))
  if (kind === 'class') {
    const members = [
      ...body.matchAll(
        /^ {2}(?!private|protected|\/)((?:static |async |get |set )*\w+\([\s\S]*?) \{$/gm,
      ),
    ].map(([, head]) => tidy(head))
    return [tidy(body.slice(0, body.search(/\{$/m))), ...members.map(m => `  ${m}`)].join('\n')
  }
  if (kind === 'interface') return tidy(body.split('\n', 1)[0].replace(/ \{.*$/, ''))
  return tidy(text.split('\n', 1)[0].replace(/ = .*$/, ''))
}

const first = (doc: string) =>
  doc
    .split(/\n\s*\n|@throws/)[0]
    .replace(/\s+/g, ' ')
    .trim()

export function llms(names: readonly Public[]): string {
  const head = readFileSync(join(root, 'docs/llms-head.md'), 'utf8').trimEnd()
  const isValue = ({ kind }: Public) => kind !== 'interface' && kind !== 'type'
  const lines = names.filter(isValue).map(({ name, kind, signature, doc }) => {
    const [, args = ''] =
      signature.match(kind === 'class' ? /constructor(\(.*\))/ : /\w(\(.*)/) ?? []
    return `- ${kind === 'class' ? 'new ' : ''}${name}${args}: ${first(doc)}`
  })
  return `${head}\n\n## All names\n\n${lines.join('\n')}\n`
}

export function json(names: readonly Public[]): string {
  return `${JSON.stringify(
    names.map(({ line, ...rest }) => rest),
    null,
    1,
  )}\n` // lines move often
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = allNames()
  writeFileSync(join(root, 'llms.txt'), llms(names))
  writeFileSync(join(root, 'docs/api.json'), json(names))
  console.log(`${names.length} names`)
}
