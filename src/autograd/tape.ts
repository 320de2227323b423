/** The tape: every result remembers the inputs it was made of, each with the arrow back to it. */
import { recordPer, watchRead } from '../compile/watch.js'
import { synchronous } from '../kernels/check.js'
import { checkFunction } from '../tensor/arguments.js'
import type { Origin, Tensor } from '../tensor/tensor.js'
import type { Extras } from './shortcut.js'

/** From the gradient of a result to the gradient of one input:  dx = dy · ∂y/∂x. */
export type Arrow = (dy: Tensor) => Tensor

/** An input and its arrow; null says that no gradient passes. */
export type Edge = readonly [input: Tensor, arrow: Arrow | null]

/** One recorded operation. Ids grow, so creation order is a topological order. */
export class Node implements Origin {
  readonly id = nextId++
  /** Inputs and result, with the versions that their content had then. */
  private seen: readonly (readonly [t: Tensor, version: number])[]

  constructor(
    readonly op: string,
    /** null once backward() has freed the graph. */
    public edges: readonly (Edge | null)[] | null,
    seen: readonly Tensor[],
    /** What the walk may use in place of the arrows: see shortcut.ts. */
    public extras: Extras,
  ) {
    this.seen = seen.map(t => [t, t.storage.version])
  }

  /** What it made, as long as the graph is kept. */
  get result(): Tensor | undefined {
    return this.seen.at(-1)?.[0]
  }

  /** What it was made of, as long as the graph is kept; those without a gradient, too. */
  get inputs(): readonly Tensor[] {
    return this.seen.slice(0, -1).map(([t]) => t)
  }

  /** The first tensor whose content has changed since, so that arrows would use wrong values. */
  changed(): Tensor | undefined {
    return this.seen.find(([t, version]) => t.storage.version !== version)?.[0]
  }

  /** Lets go of all that the arrows hold. */
  free(): void {
    this.edges = null
    this.seen = []
    this.extras = {}
  }
}

let nextId = 1
let recording = true

/**
 * Remembers how `y` was made, if an input needs a gradient. Returns y.
 *
 * An edge may be null: an optional input that was left out.
 */
export function record(
  op: string,
  y: Tensor,
  edges: readonly (Edge | null)[],
  extras: Extras = {},
): Tensor {
  y.op = op
  const inputs = edges.flatMap(edge => (edge ? [edge[0]] : []))
  for (const x of inputs) if (!x.origin) watchRead(x)
  const passing = edges.map(edge => (edge?.[1] && edge[0].requiresGrad ? edge : null))
  if (!recording || passing.every(edge => !edge)) return y
  y.requiresGrad = true
  y.origin = new Node(op, passing, [...inputs, y], extras)
  return y
}

/** Whether operations are recorded. In a backward pass: whether its gradients get gradients. */
export function isRecording(): boolean {
  return recording
}

/** Whether an operation on these tensors is recorded: its gradients may be asked for. */
export function isRecorded(...xs: readonly Tensor[]): boolean {
  return recording && xs.some(x => x.requiresGrad)
}

/** Runs `f` without recording: what it computes has no gradient. */
export function noGrad<T>(f: () => T): T {
  checkFunction('noGrad', f)
  return withRecording(false, f)
}

/** Runs `f` with recording on or off. @throws Error when `f` returns a promise */
export function withRecording<T>(on: boolean, f: () => T): T {
  const before = recording
  recording = on
  try {
    return synchronous('noGrad: the function', f())
  } finally {
    recording = before
  }
}

recordPer(isRecording)
