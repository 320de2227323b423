/** Walks over a tree of modules. */
import { check } from '../kernels/check.js'

interface Parent<M> {
  children(): [name: string, child: M][]
}

/** The modules whose children are being visited. */
const open = new Set<object>()

/**
 * f of every child, in order.
 * @throws Error when a module holds itself, or one that holds it: such a tree has no end
 */
export function eachChild<M, T>(parent: Parent<M>, f: (name: string, child: M) => T): T[] {
  check(
    !open.has(parent),
    () =>
      `${parent.constructor.name}: one of its modules holds it as a property, so the tree has no ` +
      'end; make that property private: #parent',
  )
  open.add(parent)
  try {
    return parent.children().map(([name, child]) => f(name, child))
  } finally {
    open.delete(parent)
  }
}

/** @throws Error when a property is an array with modules: they would not be trained */
export function checkNoArrays(module: object, isModule: (value: unknown) => boolean): void {
  for (const [name, value] of Object.entries(module))
    check(
      !(Array.isArray(value) && value.some(isModule)),
      () =>
        `${module.constructor.name}: ${name} is an array of modules, whose parameters would not ` +
        `be trained; make it a ModuleList, or, if they shall not, private: #${name}`,
    )
}
