/** The equations of einsum: which dims of which tensor have the same name. */
import { check } from '../../kernels/check.js'
import { described } from '../../tensor/arguments.js'
import { type Shape, show } from '../../tensor/shape.js'

/** A name per dim. The dims of an ellipsis are called .0, .1, …, from the last on. */
export type Names = readonly string[]

export interface Equation {
  readonly inputs: readonly Names[]
  readonly output: Names
  /** By name. A size of 1 broadcasts. */
  readonly sizes: ReadonlyMap<string, number>
}

/** @throws Error that names the equation, and what of it does not fit the shapes */
export function parseEquation(equation: string, shapes: readonly Shape[]): Equation {
  const wrong = (why: string) => `einsum: '${equation}' of ${shapes.map(show).join(', ')}; ${why}`
  check(
    typeof equation === 'string',
    () => `einsum: the equation is ${described(equation)}; it must be text, such as 'ij,jk->ik'`,
  )
  const sides = equation.replaceAll(' ', '').split('->')
  const terms = sides[0].split(',')
  check(
    sides.length <= 2 &&
      [...terms, sides[1] ?? ''].every(term => /^[a-zA-Z]*(\.{3})?[a-zA-Z]*$/.test(term)),
    () => wrong("it must be letters, one ellipsis per tensor at most, commas and one '->'"),
  )
  check(terms.length === shapes.length, () =>
    wrong(`it is for ${terms.length} tensors, and there are ${shapes.length}`),
  )
  const inputs = terms.map((term, i) => {
    const { length } = term.replace('...', '')
    const rest = shapes[i].length - length
    check(term.includes('...') ? rest >= 0 : rest === 0, () =>
      wrong(`'${term}' names ${length} dims, and the tensor has ${shapes[i].length}`),
    )
    return namesIn(term, rest)
  })
  const most = Math.max(0, ...inputs.map(names => names.filter(isOpen).length))
  const output = sides.length === 2 ? namesIn(sides[1], most) : implied(inputs, most)
  check(
    new Set(output).size === output.length && output.every(name => inputs.flat().includes(name)),
    () => wrong('each name of the result must be one of a tensor, and occur in it once'),
  )
  const sizes = new Map<string, number>()
  for (const [i, names] of inputs.entries())
    for (const [d, name] of names.entries()) {
      const [size, known] = [shapes[i][d], sizes.get(name) ?? 1]
      const isRepeated = names.indexOf(name) < d
      check(size === known || (!isRepeated && (size === 1 || known === 1)), () =>
        wrong(`'${name}' is ${known} and ${size}; sizes of one name must be equal, or 1`),
      )
      if (known === 1) sizes.set(name, size)
    }
  return { inputs, output, sizes }
}

const isOpen = (name: string) => name.startsWith('.')

/** The names of a term, whose ellipsis stands for `rest` dims. */
function namesIn(term: string, rest: number): string[] {
  const [before, after] = term.split('...')
  const open = Array.from({ length: after === undefined ? 0 : rest }, (_, i) => `.${rest - 1 - i}`)
  return [...before, ...open, ...(after ?? '')]
}

/** Without '->': the ellipsis, then the letters that occur once, in the order of the alphabet. */
function implied(inputs: readonly Names[], most: number): string[] {
  const letters = inputs.flat().filter(name => !isOpen(name))
  const single = letters.filter(name => letters.indexOf(name) === letters.lastIndexOf(name))
  return [...namesIn('...', most), ...single.sort()]
}
