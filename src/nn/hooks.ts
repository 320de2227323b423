/** Functions that look at what goes into a module and what comes out, or put something else in its place. */
import type { Tensor } from '../tensor/tensor.js'

/** Sees a module's inputs before `forward`; what it returns, if anything, takes their place. */
export type ForwardPreHook<M> = (module: M, inputs: Tensor[]) => Tensor | Tensor[] | undefined

/** Sees inputs and output after `forward`; what it returns, if anything, takes the output's place. */
export type ForwardHook<M, Y> = (module: M, inputs: Tensor[], output: Y) => Y | undefined

export interface HookHandle {
  /** Takes the hook off its module; twice does no harm. */
  remove(): void
}

interface Hook<M, Y> {
  before?: ForwardPreHook<M>
  after?: ForwardHook<M, Y>
}

interface Hooked<Y> {
  forward(...inputs: Tensor[]): Y
}

interface Entry<M, Y> {
  /** In the order in which they came. */
  readonly hooks: Hook<M, Y>[]
  /** Gives the module the `forward` back that it had. */
  unwrap(): void
}

/** The modules that have hooks: an Entry of its own type for each. */
const hooked = new WeakMap<object, unknown>()

/**
 * Puts a hook behind those that a module has. It holds for every call of `forward`, wherever that comes
 * from: as long as there are hooks, the instance has a `forward` of its own that calls them and its class's.
 */
export function addHook<Y, M extends Hooked<Y>>(module: M, hook: Hook<M, Y>): HookHandle {
  const known = hooked.get(module) as Entry<M, Y> | undefined
  const { hooks, unwrap } = known ?? wrap<Y, M>(module)
  hooks.push(hook)
  return {
    remove() {
      const at = hooks.indexOf(hook)
      if (at < 0) return
      hooks.splice(at, 1)
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
