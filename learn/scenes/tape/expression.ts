/** Programs that the reader types:  h = tanh(w*x + b); sum(h*h) */
import { sum, type Tensor } from '../../../src/index.js'
import { check } from '../../../src/kernels/check.js'
import { call, functions, negative, operate, type Value } from './functions.js'

/** A parsed program. */
export interface Program {
  /** The names that no line of it assigns, in order of their first use. */
  readonly leaves: readonly string[]
  /**
   * Computes it on leaves by name; `named` receives each value that a line assigns. A result with
   * several elements is summed.
   */
  run(leaves: ReadonlyMap<string, Tensor>, named: (name: string, t: Tensor) => void): Tensor
}

/** What is wrong with a text. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    /** Index of the character. */
    readonly at: number,
  ) {
    super(message)
  }
}

type Compute = (scope: ReadonlyMap<string, Value>) => Value

interface Line {
  readonly name: string | null
  readonly compute: Compute
}

/** @throws ExpressionError */
export function parse(text: string): Program {
  return new Parser(text).program()
}

/** By recursive descent: a method per rule of the grammar. */
class Parser {
  private readonly tokens: readonly { readonly text: string; readonly at: number }[]
  private next = 0
  private readonly leaves = new Set<string>()
  private readonly assigned = new Set<string>()

  constructor(text: string) {
    const found = [...text.matchAll(/\d+\.?\d*|\.\d+|[A-Za-z_]\w*|\S/g)]
    const end = { text: '', at: text.length }
    this.tokens = [...found.map(({ 0: token, index }) => ({ text: token, at: index })), end]
  }

  /** line (';' line)* */
  program(): Program {
    const lines: Line[] = []
    do {
      if (this.peek === '' && lines.length > 0) break // a semicolon at the end
      lines.push(this.line())
    } while (this.take(';'))
    if (this.peek !== '') this.fail(`"${this.peek}" cannot stand here`)
    if (this.leaves.size === 0) this.fail('an expression needs a name, such as x')
    return { leaves: [...this.leaves], run: (leaves, named) => run(lines, leaves, named) }
  }

  /** [name '='] sum */
  private line(): Line {
    if (this.tokens[this.next + 1]?.text !== '=') return { name: null, compute: this.sum() }
    const name = this.peek
    if (!/^[A-Za-z_]/.test(name)) this.fail('a name must stand before =')
    if (this.leaves.has(name)) this.fail(`${name} was used before; take another name`)
    this.next += 2
    const compute = this.sum()
    this.assigned.add(name)
    return { name, compute }
  }

  /** product (('+' | '-') product)* */
  private sum(): Compute {
    return this.leftToRight(['+', '-'], () => this.product())
  }

  /** factor (('*' | '/' | '@') factor)* */
  private product(): Compute {
    return this.leftToRight(['*', '/', '@'], () => this.factor())
  }

  private leftToRight(operators: readonly string[], operand: () => Compute): Compute {
    let left = operand()
    for (;;) {
      const operator = operators.find(one => this.take(one))
      if (!operator) return left
      const [a, b] = [left, operand()]
      left = scope => operate(operator, a(scope), b(scope))
    }
  }

  /** '-' factor | '(' sum ')' | number | name | name '(' sum (',' sum)* ')' */
  private factor(): Compute {
    if (this.take('-')) {
      const x = this.factor()
      return scope => negative(x(scope))
    }
    if (this.take('(')) return this.closed(this.sum())
    const token = this.peek
    if (/^\.?\d/.test(token)) {
      this.next++
      return () => Number(token)
    }
    if (!/^[A-Za-z_]/.test(token)) this.fail('a name, a number or ( must stand here')
    if (this.tokens[this.next + 1].text === '(') return this.call(token)
    this.next++
    if (!this.assigned.has(token)) this.leaves.add(token)
    return scope => scope.get(token)!
  }

  private call(name: string): Compute {
    const names = Object.keys(functions)
    if (!names.includes(name)) this.fail(`there is no function ${name}; use ${names.join(', ')}`)
    const [inputs] = functions[name]
    this.next += 2
    const xs = [this.sum()]
    while (this.take(',')) xs.push(this.sum())
    if (xs.length !== inputs) this.fail(`${name} takes ${inputs} inputs; here are ${xs.length}`)
    return this.closed(scope =>
      call(
        name,
        xs.map(x => x(scope)),
      ),
    )
  }

  private closed(x: Compute): Compute {
    if (!this.take(')')) this.fail('a ) must stand here')
    return x
  }

  private get peek(): string {
    return this.tokens[this.next].text
  }

  private take(text: string): boolean {
    if (this.peek !== text) return false
    this.next++
    return true
  }

  private fail(message: string): never {
    throw new ExpressionError(message, this.tokens[this.next].at)
  }
}

function run(
  lines: readonly Line[],
  leaves: ReadonlyMap<string, Tensor>,
  named: (name: string, t: Tensor) => void,
): Tensor {
  const scope = new Map<string, Value>(leaves)
  let result: Value = 0
  for (const { name, compute } of lines) {
    result = compute(scope)
    if (!name) continue
    scope.set(name, result)
    if (typeof result !== 'number') named(name, result)
  }
  check(typeof result !== 'number', () => 'the last line is a number; it must use a name')
  return result.size === 1 && result.rank === 0 ? result : sum(result)
}
