import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { Module } from './module.js'

/** @throws Error unless all members are modules. `form` is a right call. */
export function checkModules(name: string, members: readonly unknown[], form: string): void {
  for (const [i, member] of members.entries())
    check(
      member instanceof Module,
      () => `${name}: argument ${i} is ${described(member)}; all must be modules: ${form}`,
    )
}
