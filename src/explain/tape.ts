/** The tape behind a result, as plain records. */
import { nodesBehind } from '../autograd/backward.js'
import { Node } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { checkTensor, described } from '../tensor/arguments.js'
import type { Shape } from '../tensor/shape.js'
import { Tensor } from '../tensor/tensor.js'
import { formulaOf } from './formulas.js'

/** Something on the tape that an operation used. */
export interface TapeInput {
  /** `%3` for a result, or the name of a leaf. */
  readonly name: string
  readonly shape: Shape
  /** Whether a gradient passes on to it. */
  readonly passes: boolean
  readonly tensor: Tensor
}

/** One recorded operation. */
export interface TapeRecord {
  /** Of its result: `%1` for the oldest. */
  readonly name: string
  readonly op: string
  /** The equation of its value. */
  readonly formula: string
  /** The equation of each input's gradient, as far as they are known. */
  readonly arrows: readonly string[]
  readonly shape: Shape
  readonly inputs: readonly TapeInput[]
  readonly result: Tensor
}

/** A module, or anything else that can name its tensors. */
export interface Named {
  namedTensors(): readonly (readonly [name: string, t: Tensor])[]
}

/** Names for leaves: tensors and modules by name, such as `{ model, x, y }`. */
export type Names = Readonly<Record<string, Tensor | Named>>

/**
 * The records behind y, oldest first. Leaves without a name are called leaf1, leaf2 and so on.
 * @throws Error when y was not recorded, or its graph was freed by backward()
 */
export function recordsBehind(op: string, y: Tensor, names: Names = {}): TapeRecord[] {
  checkTensor(op, y)
  check(
    y.origin instanceof Node,
    () =>
      `${op}: ${y} was not recorded: it depends on nothing that requires a gradient, or it was ` +
      'made in noGrad',
  )
  const nodes = withArrowsFrom(y.origin, nodesBehind(op, y)).reverse()
  const nameOf = nameAll(op, nodes, names)
  return nodes.map(node => {
    const { y: formula, arrows } = formulaOf(node.op)
    const passing = new Set(node.edges!.flatMap(edge => edge?.[0] ?? []))
    return {
      name: nameOf(node.result!),
      op: node.op,
      formula,
      arrows,
      shape: node.result!.shape,
      inputs: node.inputs.map(t => ({
        name: nameOf(t),
        shape: t.shape,
        passes: passing.has(t),
        tensor: t,
      })),
      result: node.result!,
    }
  })
}

/** Those that the arrows lead to; shortcuts have others, of which a result is a part. */
function withArrowsFrom(start: Node, newestFirst: readonly Node[]): Node[] {
  const reached = new Set<unknown>([start])
  return newestFirst.filter(node => {
    if (!reached.has(node)) return false
    for (const edge of node.edges!) if (edge) reached.add(edge[0].origin)
    return true
  })
}

/** The name of every tensor on the tape. */
function nameAll(op: string, nodes: readonly Node[], names: Names): (t: Tensor) => string {
  const known = new Map<Tensor | Node, string>()
  for (const [name, value] of Object.entries(names)) {
    if (value instanceof Tensor) known.set(value, name)
    else {
      check(
        typeof value?.namedTensors === 'function',
        () => `${op}: ${name} is ${described(value)}; names are of tensors and modules`,
      )
      for (const [inner, t] of value.namedTensors()) known.set(t, inner)
    }
  }
  for (const [i, node] of nodes.entries()) known.set(node, `%${i + 1}`)
  let leaves = 0
  return t => {
    const key = t.origin instanceof Node && known.has(t.origin) ? t.origin : t
    if (!known.has(key)) known.set(key, `leaf${++leaves}`)
    return known.get(key)!
  }
}
