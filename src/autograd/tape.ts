/** The tape: every result remembers the inputs it was made of, each with the arrow back to it. */

import { recordPer, watchRead } from '../compile/watch.js'
import { check } from '../kernels/check.js'
import type { Origin, Tensor } from '../tensor/tensor.js'

/** From the gradient of a result to the gradient of one input:  dx = dy · ∂y/∂x. */
export type Arrow = (dy: Tensor) => Tensor

/** sum + arrow(dy), where that takes no more than the arrow alone: what reaches an input is often a sum. */
export type OntoArrow = (dy: Tensor, sum: Tensor) => Tensor

/** An input and its arrow; null says that no gradient passes. */
export type Edge = readonly [input: Tensor, arrow: Arrow | null, onto?: OntoArrow]

/** One recorded operation. Ids grow, so creation order is a topological order. */
export class Node implements Origin {
  readonly id = nextId++
  /** Its inputs and its result, with the versions that their content then had. */
  private seen: readonly (readonly [t: Tensor, version: number])[]

  constructor(
    readonly op: string,
    /** null once backward() has freed the graph. */
    public edges: readonly Edge[] | null,
    seen: readonly Tensor[],
  ) {
    this.seen = seen.map(t => [t, t.storage.version])
  }

  /** The first tensor whose content is no longer what an arrow may count on. */
  changed(): Tensor | undefined {
    return this.seen.find(([t, version]) => t.storage.version !== version)?.[0]
  }

  /** Lets go of all that the arrows hold. */
  free(): void {
    this.edges = null
    this.seen = []
  }
}

let nextId = 1
let recording = true

/** Remembers how `y` was made, if anyone wants its gradient. Returns y. */
export function record(op: string, y: Tensor, edges: readonly Edge[]): Tensor {
  y.op = op
  for (const [x] of edges) if (!x.origin) watchRead(x)
  const passing = recording ? edges.filter(([x, arrow]) => arrow && x.requiresGrad) : []
  if (passing.length === 0) return y
  y.requiresGrad = true
  y.origin = new Node(op, passing, [...edges.map(([x]) => x), y])
  return y
}

/** Work that several arrows of one record share: done once for each dy. */
export function shared<T>(work: (dy: Tensor) => T): (dy: Tensor) => T {
  let last: { dy: Tensor; result: T } | null = null
  return dy => {
    if (last?.dy !== dy) last = { dy, result: work(dy) }
    return last.result
  }
}

/** Gives a tensor away once, and null from then on: who gets it may change it. */
export function once(t: Tensor | null): () => Tensor | null {
  let left = t
  return () => {
    const given = left
    left = null
    return given
  }
}

recordPer(isRecording)

/** Whether operations are being recorded: inside a backward pass, whether its gradients shall have gradients. */
export function isRecording(): boolean {
  return recording
}

/** Runs `f` without recording: what it computes has no gradient. */
export function noGrad<T>(f: () => T): T {
  return withRecording(false, f)
}

/** Runs `f` with recording on or off. @throws Error when `f` returns a promise */
export function withRecording<T>(on: boolean, f: () => T): T {
  const before = recording
  recording = on
  try {
    const result = f()
    check(
      typeof (result as { then?: unknown } | null)?.then !== 'function',
      () =>
        'noGrad: the function returned a promise; make it synchronous and await its tensors outside',
    )
    return result
  } finally {
    recording = before
  }
}
