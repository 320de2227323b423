/** What an expression may use, all of it from the engine. */

import type { Tensor } from '../../../src/index.js'
import * as kg from '../../../src/index.js'
import { check } from '../../../src/kernels/check.js'

export type Value = Tensor | number

/** Of a name, with so many inputs. */
// biome-ignore format: a table reads in columns
export const functions: Readonly<Record<string, readonly [inputs: number, f: (...xs: Tensor[]) => Tensor]>> = {
  tanh: [1, x => kg.tanh(x)],
  relu: [1, x => kg.relu(x)],
  sigmoid: [1, x => kg.sigmoid(x)],
  exp: [1, x => kg.exp(x)],
  log: [1, x => kg.log(x)],
  sqrt: [1, x => kg.sqrt(x)],
  sin: [1, x => kg.sin(x)],
  cos: [1, x => kg.cos(x)],
  sum: [1, x => kg.sum(x)],
  mean: [1, x => kg.mean(x)],
  mse: [2, (y, t) => kg.mseLoss(y, t)],
  matmul: [2, (a, b) => kg.matmul(a, b)],
  linear: [3, (x, w, b) => kg.linear(x, w, b)],
}

/** Between two values: of tensors, and of two numbers. */
// biome-ignore format: a table reads in columns
const operators = {
  '+': [kg.add, (a: number, b: number) => a + b],
  '-': [kg.sub, (a: number, b: number) => a - b],
  '*': [kg.mul, (a: number, b: number) => a * b],
  '/': [kg.div, (a: number, b: number) => a / b],
} as const

export function call(name: string, xs: readonly Value[]): Tensor {
  const tensors = xs.map(x => {
    check(typeof x !== 'number', () => `${name}: ${x} is a number; give it a name`)
    return x as Tensor
  })
  return functions[name][1](...tensors)
}

export function operate(operator: string, a: Value, b: Value): Value {
  if (operator === '@') return call('matmul', [a, b])
  const [ofTensors, ofNumbers] = operators[operator as keyof typeof operators]
  return typeof a === 'number' && typeof b === 'number' ? ofNumbers(a, b) : ofTensors(a, b)
}

export function negative(x: Value): Value {
  return typeof x === 'number' ? -x : kg.neg(x)
}
