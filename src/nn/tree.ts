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

/** @throws Error when an array or a plain object holds modules: they would not be trained */
export function checkNoCollections(module: object, isModule: (value: unknown) => boolean): void {
  for (const [name, value] of Object.entries(module)) {
    const isArray = Array.isArray(value)
    check(
      !(isArray || isPlain(value)) || !Object.values(value).some(isModule),
      () =>
        `${module.constructor.name}: ${name} is an ${isArray ? 'array' : 'object'} of modules, ` +
        'whose parameters would not be trained; make it a ' +
        `${isArray ? 'ModuleList' : 'ModuleDict'}, or, if they shall not, private: #${name}`,
    )
  }
}

function isPlain(value: unknown): value is object {
  return value !== null && typeof value === 'object' && value.constructor === Object
}
