/** Functions that see, and may replace, the inputs and outputs of a module. */
import { watchAlways } from '../compile/watch.js'
import type { Tensor } from '../tensor/tensor.js'

/** Sees a module's inputs before `forward`; tensors that it returns replace them. */
export type ForwardPreHook<M> = (module: M, inputs: Tensor[]) => Tensor | Tensor[] | undefined

/** Sees inputs and output after `forward`; a value that it returns replaces the output. */
export type ForwardHook<M, Y> = (module: M, inputs: Tensor[], output: Y) => Y | undefined

export interface HookHandle {
  /** Removes the hook from its module; calling it again does nothing. */
  remove(): void
}

interface Hook<M, Y> {
  before?: ForwardPreHook<M>
  after?: ForwardHook<M, Y>
}

interface Hooked<Y> {
  forward(...inputs: unknown[]): Y
}

interface Entry<M, Y> {
  /** In the order of their registration. */
  readonly hooks: Hook<M, Y>[]
  /** Restores the module's own `forward`. */
  unwrap(): void
}

/** The modules that have hooks, each with its Entry. */
const hooked = new WeakMap<object, unknown>()

/** The numbers of all hooks that there are now. A step is recorded anew when they change. */
let present: readonly number[] = []
let count = 0
watchAlways(() => `${present}`)

/**
 * Adds a hook after those that a module has. While there are hooks, the instance has a `forward` of
 * its own that calls them around the original one, so they run whoever calls `forward`.
 */
export function addHook<Y, M extends Hooked<Y>>(module: M, hook: Hook<M, Y>): HookHandle {
  const known = hooked.get(module) as Entry<M, Y> | undefined
  const { hooks, unwrap } = known ?? wrap<Y, M>(module)
  const id = count++
  hooks.push(hook)
  present = [...present, id]
  return {
    remove() {
      const at = hooks.indexOf(hook)
      if (at < 0) return
      hooks.splice(at, 1)
      present = present.filter(other => other !== id)
      if (hooks.length === 0) unwrap()
    },
  }
}

function wrap<Y, M extends Hooked<Y>>(module: M): Entry<M, Y> {
  const hooks: Hook<M, Y>[] = []
  const own = Object.getOwnPropertyDescriptor(module, 'forward')
  const plain = module.forward
  const forward = (...inputs: Tensor[]): Y => {
    let xs = inputs
    for (const { before } of [...hooks]) {
      const others = before?.(module, xs)
      if (others !== undefined) xs = [others].flat()
    }
    let y = plain.apply(module, xs)
    for (const { after } of [...hooks]) {
      const other = after?.(module, xs, y)
      if (other !== undefined) y = other
    }
    return y
  }
  Object.defineProperty(module, 'forward', { value: forward, configurable: true })
  const entry: Entry<M, Y> = {
    hooks,
    unwrap() {
      hooked.delete(module)
      if (own) Object.defineProperty(module, 'forward', own)
      else Reflect.deleteProperty(module, 'forward')
    },
  }
  hooked.set(module, entry)
  return entry
}
