/**
 * `npm run coverage` writes docs/coverage.md: PyTorch's public names, and which of them this library
 * really exports. `test/coverage.test.ts` holds the page against both.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { attachMethods } from '../src/autograd/methods.js'
import * as kg from '../src/index.js'
import { instead, otherNames, outside } from './coverage-notes.js'

const page = new URL('../docs/coverage.md', import.meta.url)
const list = new URL('./torchnames.json', import.meta.url)

type State = 'there' | 'instead' | 'outside' | 'missing'

interface Entry {
  readonly name: string
  readonly state: State
  /** The library's name for it, the call that does the same, or why it is outside. */
  readonly note: string
}

/** What the library exports, where PyTorch has the namespace. */
function spaces(): Record<string, ReadonlySet<string>> {
  attachMethods()
  const own = names(kg)
  const [nn, init] = [names(kg.nn), names(kg.nn.init)]
  const methods = new Set(Object.getOwnPropertyNames(kg.Tensor.prototype))
  return {
    torch: own,
    'torch.Tensor': methods,
    'torch.autograd': new Set([...own, ...nn]),
    'torch.nn': nn,
    'torch.nn.functional': own,
    'torch.nn.init': init,
    'torch.nn.utils': nn,
    'torch.optim': nn,
    'torch.optim.lr_scheduler': nn,
  }
}

const names = (room: object) => new Set(Object.keys(room))

/** masked_fill → maskedFill; normal_ → normal */
const camel = (name: string) =>
  name.replace(/_$/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** @throws Error when a note names what is not there, or not in PyTorch */
function judge(space: string, name: string, own: ReadonlySet<string>): Entry {
  const full = `${space}.${name}`
  const other = otherNames[full] ?? otherNames[name]
  const differs = other === null
  const mine = other ?? camel(name)
  if (other && !own.has(other)) throw new Error(`coverage: ${full} is ${other}, which is not there`)
  if (!differs && own.has(mine)) return { name, state: 'there', note: mine }
  const call = instead[full] ?? instead[name]
  if (call) return { name, state: 'instead', note: call }
  const reason = outside.find(([pattern]) => pattern.test(full))
  return reason ? { name, state: 'outside', note: reason[1] } : { name, state: 'missing', note: '' }
}

/** The page. */
export function coverage(): string {
  const { version, names } = JSON.parse(readFileSync(list, 'utf8')) as {
    version: string
    names: Record<string, string[]>
  }
  const own = spaces()
  const judged = Object.entries(names).map(
    ([space, all]) => [space, all.map(name => judge(space, name, own[space]))] as const,
  )
  const everything = judged.flatMap(([, entries]) => entries)
  return [
    '# What of PyTorch is here',
    '',
    `Written by \`npm run coverage\` from the public names of PyTorch ${version} and from what the library`,
    'exports. A name counts as *there* if this library has the same function, class or method: under',
    'PyTorch’s name in camelCase, or under another name that is given below. *Another call* does the same.',
    '*Outside* are names for what this library does not have by design; the reason stands beside them.',
    'A name that is there need not have all of PyTorch’s options: its documentation says which it has.',
    '',
    '| namespace | names | there | another call | missing | outside | there, of those not outside |',
    '|---|---|---|---|---|---|---|',
    ...judged.map(([space, entries]) => figures(`\`${space}\``, entries)),
    figures('all', everything),
    '',
    ...judged.flatMap(([space, entries]) => section(space, entries)),
  ].join('\n')
}

function figures(title: string, entries: readonly Entry[]): string {
  const count = (state: State) => entries.filter(entry => entry.state === state).length
  const [there, other, missing, out] = [
    count('there'),
    count('instead'),
    count('missing'),
    count('outside'),
  ]
  const share = Math.round((100 * there) / (entries.length - out))
  const cells = [title, entries.length, there, other, missing, out, `${share} %`]
  return `| ${cells.join(' | ')} |`
}

function section(space: string, entries: readonly Entry[]): string[] {
  const of = (state: State) => entries.filter(entry => entry.state === state)
  const plain = (all: Entry[]) => all.map(({ name }) => `\`${name}\``).join(', ')
  const renamed = ({ name, note }: Entry) =>
    note === camel(name) ? `\`${name}\`` : `\`${name}\` (\`${note}\`)`
  const reasons = [...new Set(of('outside').map(({ note }) => note))]
  const paragraphs = [
    ['There', of('there').map(renamed).join(', ')],
    [
      'Another call',
      of('instead')
        .map(({ name, note }) => `\`${name}\`: \`${note}\``)
        .join('; '),
    ],
    ['Missing', plain(of('missing'))],
    ...reasons.map(reason => [
      `Outside: ${reason}`,
      plain(of('outside').filter(({ note }) => note === reason)),
    ]),
  ]
  return [
    `## \`${space}\``,
    '',
    ...paragraphs.flatMap(([title, text]) => (text ? [`**${title}.** ${text}.`, ''] : [])),
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = coverage()
  writeFileSync(page, text)
  console.log(
    text
      .split('\n')
      .filter(line => line.startsWith('|'))
      .join('\n'),
  )
}
