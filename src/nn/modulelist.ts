import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { checkModules } from './containers.js'
import { Module } from './module.js'

/**
 * A list of modules. Its owner calls them:  `for (const layer of this.list) x = layer.forward(x)`.
 * Their names are their positions: `list.0.weight`. `list[0]` and `list.at(-1)` are members.
 */
export class ModuleList<M extends Module<unknown> = Module> extends Module<never> {
  [position: number]: M

  constructor(modules: Iterable<M> = []) {
    super()
    const isList = typeof modules === 'object' && modules !== null && Symbol.iterator in modules
    check(
      isList && !(modules instanceof Module),
      () => `ModuleList: got ${described(modules)} where a list belongs: new ModuleList([a, b])`,
    )
    this.append(...modules)
  }

  get length(): number {
    return this.children().length
  }

  /** Adds modules at the end. Returns the list. */
  append(...modules: M[]): this {
    checkModules('ModuleList', modules, 'append(a, b), or append(...list)')
    for (const module of modules) this[this.length] = module
    return this
  }

  /** A member; a negative position counts from the end. @throws Error when there is none */
  at(position: number): M {
    const { length } = this
    const member = this[position < 0 ? position + length : position]
    check(member, () => `ModuleList: there is no position ${position}; it has ${length} modules`)
    return member
  }

  *[Symbol.iterator](): Iterator<M> {
    for (let i = 0; i < this.length; i++) yield this[i]
  }

  /** @throws Error always: only the list's owner knows in which order to call its modules */
  forward(): never {
    throw new Error('ModuleList: a list has no forward; call its modules, or make it a Sequential')
  }
}
