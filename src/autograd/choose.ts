/**
 * How the walk gets the gradients of one operation: by its arrows, or by its shortcut where it may.
 * A first reader may leave this file closed.
 */
import { undoing } from '../tensor/anomaly.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Destinations } from './destinations.js'
import type { Fused, Request } from './shortcut.js'
import { type Arrow, isRecording, Node } from './tape.js'

/** Gradients belong to the operation that made a tensor, or to the tensor itself where none did. */
export type Key = Tensor | Node

/** The key of a tensor in the maps of a walk. */
export function keyOf(x: Tensor): Key {
  return x.origin instanceof Node ? x.origin : x
}

/** The tensors that the gradients of a node are passed on to. */
export function inputsOf({ edges, extras }: Node): Tensor[] {
  const inputs = edges!.flatMap(edge => edge?.[0] ?? [])
  return extras.fused ? [...inputs, extras.fused.z] : inputs
}

/** What a walk knows while it goes. */
export interface Walk {
  /** Per key, the sum of the gradients that have reached it so far. */
  readonly sums: Map<Key, Tensor>
  /** The keys whose whole gradient the caller wants; none: those of all leaves. */
  readonly wanted: ReadonlySet<Key>
  /** Those keys, and all that lead to them; null: every way is taken. */
  readonly ways: ReadonlySet<Key> | null
  readonly destinations: Destinations
}

/** The wanted keys, and the nodes from which a gradient can reach one.   nodes: newest first */
export function leadingTo(wanted: ReadonlySet<Key>, nodes: readonly Node[]): Set<Key> {
  const ways = new Set(wanted)
  for (const node of nodes.toReversed())
    if (inputsOf(node).some(x => ways.has(keyOf(x)))) ways.add(node)
  return ways
}

/**
 * The arrows of a node that gradients pass through, each with the tensor that it leads to.
 *
 * Where a shortcut has computed a gradient, its arrow only hands that out. A shortcut is not
 * recorded; so none is taken where the gradients themselves get gradients.
 */
export function* arrowsOf(
  node: Node,
  dy: Tensor,
  walk: Walk,
): Iterable<readonly [x: Tensor, arrow: Arrow]> {
  undoing(node.op, node.result)
  const targets = new Map<Tensor, Tensor>()
  const { ways } = walk
  const edges = node.edges!.map(edge => (edge && (ways?.has(keyOf(edge[0])) ?? true) ? edge : null))
  const xs = edges.flatMap(edge => edge?.[0] ?? [])
  const shortcut = xs.length > 0 && !isRecording() ? node.extras.shortcut : undefined
  const found = shortcut?.(dy, requestOf(xs, walk, targets)) ?? []
  for (const [i, edge] of edges.entries()) {
    if (!edge) continue
    const [x, arrow] = edge
    const dx = found[i]
    yield dx ? [targets.get(x) ?? x, () => dx] : [x, arrow!]
  }
  undoing(null)
}

/** What the walk asks for. A gradient of z in place of that of x = f(z) is noted in `targets`. */
function requestOf(xs: readonly Tensor[], walk: Walk, targets: Map<Tensor, Tensor>): Request {
  return {
    wants: x => x !== null && xs.includes(x),
    behind(x) {
      const fused = fusedOf(x)
      const uses = xs.filter(input => input === x).length // of two, both would lead to z
      if (!fused || uses !== 1 || isWantedBehind(x, walk.wanted)) return null
      targets.set(x, fused.z)
      return fused.f
    },
    sumOf(x) {
      const key = keyOf(targets.get(x) ?? x)
      const sum = walk.sums.get(key) ?? null
      walk.sums.delete(key)
      return sum
    },
    destinations: (op, ...xs) => walk.destinations.of(op, ...xs),
  }
}

/** z and f, where x = f(z) was computed in one kernel. */
export function fusedOf(x: Tensor): Fused | undefined {
  return x.origin instanceof Node ? x.origin.extras.fused : undefined
}

/** Whether the caller wants the gradient of x or of a tensor between x and z. */
function isWantedBehind(x: Tensor, wanted: ReadonlySet<Key>): boolean {
  for (let t = x; fusedOf(t); t = (t.origin as Node).edges![0]![0])
    if (wanted.has(keyOf(t))) return true
  return false
}
