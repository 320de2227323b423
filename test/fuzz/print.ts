/** A program as TypeScript, to be run by itself or to become a test. */
import { generator, ownDtype } from '../ops/inputs.js'
import { variantsOf } from './events.js'
import { type Call, type Leaf, type Program, rowOf } from './program.js'

/** The file of a test that runs only this program. */
export function textOf(program: Program, error: string): string {
  const lines: string[] = []
  const names = program.values.map((_, id) => `h${id}`)
  let id = 0
  for (const step of program.steps) {
    const count = program.values.filter(({ step: s }) => program.steps[s] === step).length
    const made = names.slice(id, id + count)
    id += count
    const left = count === 1 && step.kind === 'leaf' ? made[0] : resultsOf(step, made)
    lines.push(`const ${left} = ${step.kind === 'leaf' ? leaf(step) : call(step, names)}`)
  }
  const ends = program.ends.filter(end => program.values[end].requiresGrad)
  const loss = ends.map(end => `kg.sum(${names[end]})`).join(', ')
  const wanted = [...program.leaves, ...program.inner].map(i => names[i])
  return [
    `// ${error}`,
    "import * as kg from '../src/node.js'",
    "import { draw, generator, place } from './ops/inputs.js'",
    '',
    'await kg.init()',
    ...(program.seed % 4 < 2
      ? [`kg.useVariants(${JSON.stringify(variantsOf(generator(program.seed)))})`]
      : []),
    ...lines,
    ...(ends.length > 0
      ? [
          `const loss = [${loss}].reduce((a, b) => kg.add(a, b))`,
          `const gradients = kg.grad(loss, [${wanted.join(', ')}])`,
          'console.log(await Promise.all(gradients.map(g => g.array())))',
        ]
      : [`console.log(await ${names.at(-1)}.array())`]),
    'kg.shutdown()',
  ].join('\n')
}

function resultsOf(step: Leaf | Call, made: string[]): string {
  const isList =
    step.kind === 'call' && ['chunk', 'max', 'min', 'maxPool2dWithIndices'].includes(step.op)
  return isList && made.length > 0 && (made.length > 1 || step.op === 'chunk')
    ? `[${made.join(', ')}]`
    : made[0]
}

function leaf({ drawn: { shape, domain, nth, seed }, layout, requiresGrad }: Leaf): string {
  const own = ownDtype(domain)
  const options = `{ random: generator(${seed}), nth: ${nth}, layout: '${layout}', dtype: '${own ?? 'f32'}' }`
  return `place(draw([${shape}], ${JSON.stringify(domain)}, ${options}), '${layout}', '${own ?? 'f32'}', ${requiresGrad})`
}

function call({ op, inputs, args }: Call, names: readonly string[]): string {
  const own = rowOf(op).call
  const xs = inputs.map(i =>
    i === null ? 'null' : typeof i === 'number' ? names[i] : `${i.number}`,
  )
  const rest = args.map(a => (a === undefined ? 'undefined' : JSON.stringify(a)))
  const f = own ? `(${own.toString().replace(/\s+/g, ' ')})` : `kg.${op}`
  return `${f}(${[...xs, ...rest].join(', ')})`
}
