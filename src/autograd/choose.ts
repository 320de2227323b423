/** How the walk gets the gradients of one operation: by its shortcut where that may be taken, else by its arrows. */
import type { Tensor } from '../tensor/tensor.js'
import type { Destinations } from './destinations.js'
import type { Fused, Request } from './shortcut.js'
import { isRecording, Node } from './tape.js'

/** Gradients belong to the operation that made a tensor, or to the tensor itself where none did. */
export type Key = Tensor | Node

/** The key of a tensor in the maps of a walk. */
export function keyOf(x: Tensor): Key {
  return x.origin instanceof Node ? x.origin : x
}

/** What a walk knows while it goes. */
export interface Walk {
  /** The sum of what has reached each key so far. */
  readonly sums: Map<Key, Tensor>
  /** The keys whose whole gradient the caller wants. */
  readonly wanted: ReadonlySet<Key>
  readonly destinations: Destinations
}

/**
 * The gradients of a node's inputs, each with the tensor that it belongs to.
 *
 * A shortcut is not recorded, so it is left aside where the gradients get gradients. Behind a fused activation f it
 * may give the gradient of z in place of that of x = f(z), unless the caller wants the gradient of x.
 */
export function* gradientsOf(
  { edges, extras }: Node,
  dy: Tensor,
  walk: Walk,
): Iterable<readonly [x: Tensor, dx: Tensor]> {
  const targets = new Map<Tensor, Tensor>()
  const found = isRecording()
    ? undefined
    : extras.shortcut?.(
        dy,
        requestOf(
          edges!.flatMap(edge => edge?.[0] ?? []),
          walk,
          targets,
        ),
      )
  for (const [i, edge] of edges!.entries()) {
    if (!edge) continue
    const [x, arrow] = edge
    const dx = found?.[i]
    yield dx ? [targets.get(x) ?? x, dx] : [x, arrow!(dy)]
  }
}

function requestOf(xs: readonly Tensor[], walk: Walk, targets: Map<Tensor, Tensor>): Request {
  return {
    wants: x => x !== null && xs.includes(x),
    behind(x) {
      const fused = fusedOf(x)
      if (!fused || !xs.includes(x) || !mayPass(x, walk.wanted)) return null
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

/** z and f, where x = f(z) came out of one kernel. */
export function fusedOf(x: Tensor): Fused | undefined {
  return x.origin instanceof Node ? x.origin.extras.fused : undefined
}

/** Whether no gradient is wanted between x and the z that it came from. */
function mayPass(x: Tensor, wanted: ReadonlySet<Key>): boolean {
  for (let t = x; fusedOf(t); t = (t.origin as Node).edges![0]![0])
    if (wanted.has(keyOf(t))) return false
  return true
}
