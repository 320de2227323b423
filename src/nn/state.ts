/** The tensors of a module that are no state: those that its `forward` has put on it. */
import { Tensor } from '../tensor/tensor.js'

interface Runnable {
  forward(...inputs: unknown[]): unknown
}

/** The prototypes whose `forward` is watched already. */
const watched = new WeakSet<object>()
/** The names of the tensors that each module's `forward` has added. */
const added = new WeakMap<object, Set<string>>()

/** Whether `forward` has added the tensor of that name to a module. */
export function isAdded(module: object, name: string): boolean {
  return added.get(module)?.has(name) === true
}

/** The names of a module's properties that are tensors. */
export function tensorNames(module: object): string[] {
  return Object.keys(module).filter(name => Reflect.get(module, name) instanceof Tensor)
}

/** Makes the `forward` of a class, inherited or not, note the tensors that it adds. */
export function watchForward(prototype: Runnable): void {
  if (watched.has(prototype)) return
  watched.add(prototype)
  if (!Object.hasOwn(prototype, 'forward')) {
    const parent = Object.getPrototypeOf(prototype)
    if (parent && 'forward' in parent) watchForward(parent)
    return
  }
  const plain = prototype.forward
  const value = function (this: Runnable, ...inputs: unknown[]): unknown {
    const before = tensorNames(this)
    try {
      return plain.apply(this, inputs)
    } finally {
      for (const name of tensorNames(this)) if (!before.includes(name)) note(this, name)
    }
  }
  Object.defineProperty(prototype, 'forward', { value, configurable: true, writable: true })
}

function note(module: object, name: string): void {
  const names = added.get(module) ?? new Set()
  added.set(module, names.add(name))
}
