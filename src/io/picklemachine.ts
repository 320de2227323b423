/** The machine that a pickle is a program for: a stack of values, marks in it, and a memo. */
import { check } from '../kernels/check.js'
import { quoted } from './bytes.js'
import type { PickleCursor } from './picklecursor.js'

export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A name that a pickle may mention, and what REDUCE makes of arguments, if it may be called. */
export interface Global {
  readonly name: string
  readonly call?: (args: readonly unknown[], where: string) => unknown
}

export interface Known {
  readonly globals: ReadonlyMap<string, unknown>
  /** What a persistent id stands for. */
  persistent(id: unknown, where: string): unknown
}

export const remedy = 'save tensors and plain values alone: torch.save(model.state_dict(), path)'

export class PickleMachine {
  readonly #stack: unknown[] = []
  readonly #marks: number[] = []
  readonly #memo = new Map<number, unknown>()

  constructor(
    private readonly cursor: PickleCursor,
    private readonly known: Known,
  ) {}

  push(value: unknown): void {
    this.#stack.push(value)
  }

  mark(): void {
    this.#marks.push(this.#stack.length)
  }

  pop(): unknown {
    const least = this.#marks.at(-1) ?? 0
    this.#check(this.#stack.length > least, 'a value is missing')
    return this.#stack.pop()
  }

  /** What lies above the last mark. */
  popMarked(): unknown[] {
    const from = this.#marks.pop()
    this.#check(from !== undefined, 'a mark is missing')
    return this.#stack.splice(from!)
  }

  tuple(count: number): void {
    const items = Array.from({ length: count }, () => this.pop()).reverse()
    this.push(new Tuple(items))
  }

  append(items: readonly unknown[]): void {
    const list = this.#top<unknown[]>(Array, 'a list')
    for (const item of items) list.push(item)
  }

  setItems(items: readonly unknown[]): void {
    const dict = this.#top<Map<unknown, unknown>>(Map, 'a dict')
    this.#check(items.length % 2 === 0, 'a key without a value')
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]
      const isName = typeof key === 'string' || Number.isSafeInteger(key)
      check(
        isName,
        () => `${this.cursor.where}: a key that is neither a text nor a whole number; ${remedy}`,
      )
      dict.set(key, items[i + 1])
    }
  }

  remember(index = this.#memo.size): void {
    const { length } = this.cursor
    this.#check(index < length, `memo index ${index} in a pickle of ${length} bytes`)
    this.#check(this.#stack.length > 0, 'there is nothing to remember')
    this.#memo.set(index, this.#stack.at(-1))
  }

  recall(index: number): void {
    this.#check(this.#memo.has(index), `memo ${index} is empty`)
    this.push(this.#memo.get(index))
  }

  global(module: unknown, name: unknown): void {
    this.#check(typeof module === 'string' && typeof name === 'string', 'a global without a name')
    const full = `${module}.${name}`
    check(
      this.known.globals.has(full),
      () =>
        `${this.cursor.where}: the global ${quoted(full)} is not among those that are read; ` +
        `it was not looked up; ${remedy}`,
    )
    this.push(this.known.globals.get(full))
  }

  reduce(): void {
    const [args, callee] = [this.pop(), this.pop()] as [Tuple, Global | null]
    check(
      args instanceof Tuple && typeof callee?.call === 'function',
      () =>
        `${this.cursor.where}: REDUCE of what is no known function and a tuple; nothing was ` +
        `called; ${remedy}`,
    )
    this.push(callee.call(args.items, this.cursor.where))
  }

  /** Drops the attributes of an OrderedDict: of a state dict, the versions of its modules. */
  build(): void {
    this.pop()
    this.#top(Map, 'an OrderedDict')
  }

  persistent(): void {
    this.push(this.known.persistent(this.pop(), this.cursor.where))
  }

  /** The one value that is left. */
  end(): unknown {
    const { length } = this.#stack
    this.#check(length === 1 && this.#marks.length === 0, `${length} values are left, not one`)
    const { left } = this.cursor
    this.#check(left === 0, `${left} bytes follow the pickle's end`)
    return this.#stack[0]
  }

  #top<T>(Kind: new () => T, what: string): T {
    const value = this.#stack.at(-1)
    const isOwn = this.#stack.length > (this.#marks.at(-1) ?? 0)
    this.#check(isOwn && value instanceof Kind, `${what} should lie on the stack`)
    return value as T
  }

  #check(ok: boolean, wrong: string): void {
    if (!ok) throw new Error(`${this.cursor.where}: ${wrong}; the file is damaged`)
  }
}
