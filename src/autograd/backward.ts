/** Gradients: the tape walked from a result back to what it was made of, newest operation first. */

import { watchGradAdded, watchGradCleared } from '../compile/watch.js'
import { check } from '../kernels/check.js'
import { launch } from '../kernels/launch.js'
import { constant } from '../tensor/constant.js'
import { aligned, assign, copy } from '../tensor/contiguous.js'
import { ones } from '../tensor/create.js'
import { keep, release } from '../tensor/lifetime.js'
import { show } from '../tensor/shape.js'
import type { Storage } from '../tensor/storage.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { withHomes } from './homes.js'
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
export function backward(
  y: Tensor,
  dy?: Tensor,
  { retainGraph = false }: BackwardOptions = {},
): void {
  const start = startOf('backward', y, dy)
  const taken = new Set<Storage>([start.storage])
  const arrive = (x: Tensor, dx: Tensor) => {
    if (x.origin) return
    watchGradAdded(x)
    if (x.grad) {
      accumulate(x.grad, dx)
      return
    }
    // each leaf owns its gradient alone, so that clearing one cannot end another's
    const own = aligned(dx) === dx && !taken.has(dx.storage)
    x.grad = keep(own ? dx : copy(dx))
    taken.add(dx.storage)
  }
  withHomes(() => walk('backward', y, start, { retainGraph, createGraph: false }, arrive))
}

/** y ← y + x, in place, so that a recorded step adds on to what it finds. */
function accumulate(y: Tensor, x: Tensor): void {
  const [to, more] = [aligned(y), aligned(x)]
  const n = Math.ceil(y.size / 4)
  launch('accumulate', {
    entry: 'main',
    params: { n, x_offset: more.offset, y_offset: to.offset },
    buffers: { x: more.storage.lease, y: to.storage.lease },
    threads: n,
  })
  if (to !== y) assign(y, to)
  y.storage.markChanged()
}

/**
 * The gradients dy · ∂y/∂x of y with respect to each of `xs`, returned and not stored.
 * @throws Error when y does not depend on one of them
 */
export function grad(y: Tensor, xs: Tensor, options?: GradOptions): Tensor
export function grad(y: Tensor, xs: readonly Tensor[], options?: GradOptions): Tensor[]
export function grad(
  y: Tensor,
  xs: Tensor | readonly Tensor[],
  { dy, createGraph = false, retainGraph = createGraph }: GradOptions = {},
): Tensor | Tensor[] {
  const wanted = Array.isArray(xs) ? (xs as readonly Tensor[]) : [xs as Tensor]
  const found = new Map<Tensor | Node, Tensor>()
  walk('grad', y, startOf('grad', y, dy), { retainGraph, createGraph }, (x, dx) => {
    found.set(keyOf(x), dx)
  })
  const grads = wanted.map((x, i) => {
    const dx = found.get(keyOf(x))
    check(dx, () => `grad: y does not depend on input ${i} (${x}); leave it out`)
    return dx
  })
  return Array.isArray(xs) ? grads : grads[0]
}

/** Forgets a leaf's gradient. Its memory ends with the innermost scope. */
export function zeroGrad(x: Tensor): void {
  watchGradCleared(x)
  if (!x.grad) return
  // at home the next gradient will take its place: who still holds it shall not see that one
  if (x.grad.storage.borrowed) x.grad.dispose()
  else release(x.grad)
  x.grad = null
}

/** A result is known by the node that made it, a leaf by itself. */
function keyOf(x: Tensor): Tensor | Node {
  return x.origin instanceof Node ? x.origin : x
}

/** Calls `arrive` once for each tensor that a gradient reaches, with the whole of that gradient. */
function walk(
  name: string,
  y: Tensor,
  dy: Tensor,
  { retainGraph, createGraph }: { retainGraph: boolean; createGraph: boolean },
  arrive: (x: Tensor, dx: Tensor) => void,
): void {
  // under a new name: what arrows share for one dy is made anew in every walk, for its results are given away
  const start = createGraph ? dy : view(dy, dy, dy.op)
  const gradients = new Map<Tensor | Node, Tensor>([[keyOf(y), start]])
  const reached = new Map<Tensor | Node, Tensor>([[keyOf(y), y]])
  const nodes = nodesBehind(name, y)
  withRecording(createGraph, () => {
    for (const node of nodes) {
      const dNode = gradients.get(node)
      if (!dNode) continue
      gradients.delete(node)
      arrive(reached.get(node)!, dNode)
      const changed = node.changed()
      check(
        !changed,
        () =>
          `${name}: ${changed}, which ${node.op} read or made, was changed in place since; run the forward pass again`,
      )
      for (const [x, arrow, onto] of node.edges!) {
        const key = keyOf(x)
        const sum = gradients.get(key)
        const dx = sum && onto ? onto(dNode, sum) : arrow!(dNode)
        check(
          show(dx.shape) === show(x.shape),
          () =>
            `internal: ${node.op}: the gradient of ${show(x.shape)} came out as ${show(dx.shape)}`,
        )
        gradients.set(key, sum && !onto ? add(sum, dx) : dx)
        reached.set(key, x)
      }
    }
    for (const [key, dx] of gradients) arrive(reached.get(key)!, dx) // the leaves
  })
  if (!retainGraph) for (const node of nodes) node.free()
}

/** Every recorded operation behind y, newest first. No recursion: chains may be long. */
function nodesBehind(name: string, y: Tensor): Node[] {
  const seen = new Set<Node>()
  const stack = y.origin instanceof Node ? [y.origin] : []
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    const { op, edges } = node
    check(
      edges,
      () =>
        `${name}: the graph behind ${op} was freed by an earlier backward(); pass { retainGraph: true } there`,
    )
    for (const [x] of edges) if (x.origin instanceof Node) stack.push(x.origin)
  }
  return [...seen].sort((a, b) => b.id - a.id)
}

function startOf(name: string, y: Tensor, dy: Tensor | undefined): Tensor {
  check(
    y.requiresGrad,
    () => `${name}: this tensor (${y}) depends on nothing that requires a gradient`,
  )
  if (!dy) {
    check(
      y.size === 1,
      () =>
        `${name}: y is ${show(y.shape)}; only one element needs no dy: reduce it with sum() or mean(), or pass dy`,
    )
    return y.rank === 0 ? constant(1, 'f32') : ones(y.shape)
  }
  check(
    show(dy.shape) === show(y.shape) && dy.dtype === 'f32',
    () =>
      `${name}: dy is ${show(dy.shape)} ${dy.dtype} for y ${show(y.shape)}; it must be f32 of the same shape`,
  )
  return dy
}
