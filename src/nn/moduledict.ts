import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { Module } from './module.js'

/**
 * Modules by name. Their owner calls them:  `this.heads.get('digits').forward(x)`.
 * The names are those of their tensors, unchanged: `heads.digits.weight`.
 */
export class ModuleDict<D extends Record<string, Module<unknown>>> extends Module<never> {
  readonly #modules = new Map<string, Module<unknown>>()

  constructor(modules: D = {} as D) {
    super()
    const isPlain = typeof modules === 'object' && modules !== null && !(modules instanceof Module)
    check(
      isPlain && !Array.isArray(modules),
      () => `ModuleDict: got ${described(modules)} where modules by name belong: { digits: … }`,
    )
    for (const [name, module] of Object.entries(modules)) this.set(name, module as D[string])
  }

  get size(): number {
    return this.#modules.size
  }

  /** Adds a module, or puts it in the place of another. Returns the dict. */
  set<K extends keyof D & string>(name: K, module: D[K]): this {
    check(
      typeof name === 'string' && name !== '' && !name.includes('.'),
      () => `ModuleDict: the name is ${described(name)}; it must be a word without a dot`,
    )
    check(
      module instanceof Module,
      () => `ModuleDict: ${name} is ${described(module)}; it must be a module`,
    )
    this.#modules.set(name, module)
    return this
  }

  /** @throws Error when there is no module of that name */
  get<K extends keyof D & string>(name: K): D[K] {
    const module = this.#modules.get(name)
    check(
      module,
      () => `ModuleDict: there is no module ${described(name)}; it has ${[...this.keys()]}`,
    )
    return module as D[K]
  }

  has(name: string): boolean {
    return this.#modules.has(name)
  }

  keys(): IterableIterator<string> {
    return this.#modules.keys()
  }

  [Symbol.iterator](): Iterator<[name: string, module: Module<unknown>]> {
    return this.#modules.entries()
  }

  override children(): [string, Module<unknown>][] {
    return [...this.#modules]
  }

  /** @throws Error always: only the dict's owner knows which of its modules to call */
  forward(): never {
    throw new Error("ModuleDict: a dict has no forward; call one of its modules: get('name')")
  }

  protected override keyOf(name: string): string {
    return name
  }
}
