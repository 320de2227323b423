/** Gradients: the tape walked from a result back to what it was made of, newest operation first. */
import { check } from '../kernels/check.js'
import { checkTensor, described, optionsOf } from '../tensor/arguments.js'
import { constant } from '../tensor/constant.js'
import { ones } from '../tensor/create.js'
import { sameShape, show } from '../tensor/shape.js'
import { Tensor } from '../tensor/tensor.js'
import { arrowsOf, inputsOf, type Key, keyOf, leadingTo, type Walk } from './choose.js'
import { Destinations } from './destinations.js'
import { addToLeaf, ownership } from './gradients.js'
import { add } from './ops/arithmetic.js'
import { Node, withRecording } from './tape.js'

export interface BackwardOptions {
  /** Keep the graph, so that backward() can run through it again. */
  retainGraph?: boolean
}

export interface GradOptions extends BackwardOptions {
  /** The gradient of y to start from; 1 if y is a scalar. */
  dy?: Tensor
  /** Record the walk itself, so that the gradients have gradients. Keeps the graph. */
  createGraph?: boolean
}

/**
 * Adds dy · ∂y/∂x to the `grad` of every leaf x that y was made of and that requires a gradient.
 *
 * Without `dy`, y must have one element, and dy is 1. Only queues GPU work; nothing is awaited.
 * @throws Error when y depends on nothing that requires a gradient, or its graph was freed
 */
export function backward(y: Tensor, dy?: Tensor, options: BackwardOptions = {}): void {
  for (const _ of backwardSteps(y, dy, options));
}

/** The same, one operation at a time. */
export function backwardSteps(
  y: Tensor,
  dy?: Tensor,
  options: BackwardOptions = {},
): Generator<Passed> {
  const { retainGraph = false } = optionsOf('backward', options, ['retainGraph'])
  const start = startOf('backward', y, dy)
  const own = ownership(start)
  const how = { retainGraph, wanted: new Set<Key>(), destinations: new Destinations(true) }
  return steps('backward', y, start, how, (key, dx) => {
    if (key instanceof Tensor) addToLeaf(key, dx, own)
  })
}

/**
 * The gradients dy · ∂y/∂x of y with respect to each of `xs`, returned and not stored. Each has
 * memory of its own.
 * @throws Error when y does not depend on one of them
 */
export function grad(y: Tensor, xs: Tensor, options?: GradOptions): Tensor
export function grad(y: Tensor, xs: readonly Tensor[], options?: GradOptions): Tensor[]
export function grad(
  y: Tensor,
  xs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): Tensor | Tensor[] {
  const given = optionsOf('grad', options, ['dy', 'createGraph', 'retainGraph'])
  const { dy, createGraph = false, retainGraph = createGraph } = given
  const list = Array.isArray(xs) ? (xs as readonly Tensor[]) : [xs as Tensor]
  checkTensor('grad', ...list)
  if (list.length === 0) return []
  const start = startOf('grad', y, dy)
  const found = new Map<Key, Tensor>()
  const wanted = new Set(list.map(keyOf))
  const how = { retainGraph, createGraph, wanted, destinations: new Destinations(false) }
  walk('grad', y, start, how, (key, dx) => {
    if (wanted.has(key)) found.set(key, dx)
  })
  const own = ownership(start)
  const grads = list.map((x, i) => {
    const dx = found.get(keyOf(x))
    check(dx, () => `grad: y does not depend on input ${i} (${x}); leave it out`)
    return own(dx)
  })
  return Array.isArray(xs) ? grads : grads[0]
}

export interface WalkOptions extends Omit<Walk, 'sums' | 'ways'> {
  readonly retainGraph: boolean
  readonly createGraph?: boolean
}

/** One operation that the walk has passed. */
export interface Passed {
  readonly node: Node
  /** The whole gradient of its result. */
  readonly dy: Tensor
  /** What it has passed on, and the sum of all that has reached that input so far. */
  readonly on: readonly { readonly x: Tensor; readonly dx: Tensor; readonly sum: Tensor }[]
}

/** Walks to the end. */
function walk(...args: Parameters<typeof steps>): void {
  for (const _ of steps(...args));
}

/**
 * The walk, one operation at a time. Calls `arrive` once for each key that a gradient reaches, with
 * the whole of that gradient. Where some keys are wanted, it follows only ways that lead to one.
 */
export function* steps(
  name: string,
  y: Tensor,
  dy: Tensor,
  { retainGraph, createGraph = false, ...options }: WalkOptions,
  arrive: (key: Key, dx: Tensor) => void,
): Generator<Passed> {
  const nodes = nodesBehind(name, y)
  const sums = new Map<Key, Tensor>([[keyOf(y), dy]])
  const ways = options.wanted.size > 0 ? leadingTo(options.wanted, nodes) : null
  const pass = (node: Node, dNode: Tensor) => {
    arrive(node, dNode)
    checkUnchanged(name, node)
    const on: Passed['on'][number][] = []
    for (const [x, arrow] of arrowsOf(node, dNode, { sums, ways, ...options })) {
      const dx = arrow(dNode)
      checkGradient(name, node, x, dx)
      const before = sums.get(keyOf(x))
      const sum = before ? add(before, dx) : dx
      sums.set(keyOf(x), sum)
      on.push({ x, dx, sum })
    }
    return { node, dy: dNode, on }
  }
  for (const node of nodes) {
    const dNode = sums.get(node)
    if (!dNode) continue
    sums.delete(node)
    yield withRecording(createGraph, () => pass(node, dNode))
  }
  withRecording(createGraph, () => {
    for (const [leaf, dx] of sums) arrive(leaf, dx)
  })
  if (!retainGraph) for (const node of nodes) node.free()
}

/** Every recorded operation behind y, newest first. No recursion: chains may be long. */
export function nodesBehind(name: string, y: Tensor): Node[] {
  const seen = new Set<Node>()
  const stack = [y]
  for (let t = stack.pop(); t; t = stack.pop()) {
    const node = t.origin
    if (!(node instanceof Node) || seen.has(node)) continue
    seen.add(node)
    checkKept(name, node)
    stack.push(...inputsOf(node))
  }
  return [...seen].sort((a, b) => b.id - a.id)
}

/** What the walk begins with. */
export function startOf(name: string, y: Tensor, dy: Tensor | undefined): Tensor {
  checkTensor(name, y, ...(dy ? [dy] : []))
  check(
    y.requiresGrad,
    () => `${name}: this tensor (${y}) depends on nothing that requires a gradient`,
  )
  if (!dy) {
    check(
      y.size === 1,
      () =>
        `${name}: y is ${show(y.shape)}; only one element needs no dy: ` +
        'reduce it with sum() or mean(), or pass dy',
    )
    return y.rank === 0 ? constant(1, 'f32') : ones(y.shape)
  }
  check(
    sameShape(dy.shape, y.shape) && dy.dtype === 'f32',
    () =>
      `${name}: dy is ${show(dy.shape)} ${dy.dtype} for y ${show(y.shape)}; ` +
      'it must be f32 of the same shape',
  )
  return dy
}

function checkKept(name: string, { op, edges }: Node): void {
  check(
    edges,
    () =>
      `${name}: the graph behind ${op} was freed by an earlier backward(); ` +
      'pass { retainGraph: true } there',
  )
}

function checkUnchanged(name: string, node: Node): void {
  const changed = node.changed()
  check(
    !changed,
    () =>
      `${name}: ${changed}, which ${node.op} read or made, was changed in place since; ` +
      'run the forward pass again',
  )
}

function checkGradient(name: string, { op }: Node, x: Tensor, dx: Tensor): void {
  check(
    dx instanceof Tensor,
    () => `${name}: an arrow of ${op} gave ${described(dx)}; it must return the gradient`,
  )
  check(
    sameShape(dx.shape, x.shape),
    () =>
      `${name}: an arrow of ${op} gave a gradient of ${show(dx.shape)} for an input of ` +
      `${show(x.shape)}; they must be equal`,
  )
}
