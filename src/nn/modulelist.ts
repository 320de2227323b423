import { check } from '../kernels/check.js'
import { Module } from './module.js'

/**
 * Modules in a list, to be called by whoever owns it:  `for (const layer of this.layers) x = layer.forward(x)`.
 * Their names are their positions: `layers.0.weight`. `list[0]` and `list.at(-1)` are members.
 */
export class ModuleList<M extends Module<unknown> = Module> extends Module<never> {
  [position: number]: M

  constructor(modules: Iterable<M> = []) {
    super()
    this.append(...modules)
  }

  get length(): number {
    return this.children().length
  }

  /** Adds modules at the end. Returns the list. */
  append(...modules: M[]): this {
    for (const module of modules) this[this.length] = module
    return this
  }

  /** A member, counted from the end if the position is negative. @throws Error when there is none */
  at(position: number): M {
    const { length } = this
    const member = this[position < 0 ? position + length : position]
    check(member, () => `ModuleList: there is no position ${position}; it has ${length} modules`)
    return member
  }

  *[Symbol.iterator](): Iterator<M> {
    for (let i = 0; i < this.length; i++) yield this[i]
  }

  /** @throws Error always: only its owner knows in which order to call what is in it */
  forward(): never {
    throw new Error('ModuleList: a list has no forward; call its modules, or make it a Sequential')
  }
}
