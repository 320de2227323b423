/** Products over dimensions, as a tree: each level multiplies one half with the other. */
import { check } from '../../kernels/check.js'
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import { dimsOf, show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { add, mul } from './arithmetic.js'
import { permute } from './permute.js'
import { reshape } from './reshape.js'
import { narrow, select } from './slice.js'
import { type ReduceOptions, sum } from './sum.js'

/**
 * y = Π x over the given dims, all of them by default; 1 where there is no element.
 *
 * Its gradient Π of all the others is right also where elements are 0: nothing is divided.
 * @throws Error for a bool
 */
export function prod(
  x: Tensor,
  dims?: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  const { keepdim = false } = optionsOf('prod', options, ['keepdim'])
  checkTensor('prod', x)
  check(x.dtype !== 'bool', () => `prod: ${show(x.shape)} is bool; use all, or to('i32').prod()`)
  const list = dimsOf('prod', dims, x.rank)
  const others = [...x.shape.keys()].filter(d => !list.includes(d))
  const shape = others.map(d => x.shape[d])
  const size = sizeOf(list.map(d => x.shape[d]))
  const y = tree(reshape(permute(x, [...others, ...list]), [...shape, size]))
  return keepdim
    ? reshape(
        y,
        x.shape.map((n, d) => (list.includes(d) ? 1 : n)),
      )
    : y
}

/** Over the last dim. An element that has no partner waits for the end. */
function tree(x: Tensor): Tensor {
  let y = x
  let left: Tensor | null = null
  for (let n = x.shape.at(-1)!; n !== 1; n = y.shape.at(-1)!) {
    if (n === 0) return add(sum(x, -1), 1) // 1, with a gradient of no elements
    const half = Math.floor(n / 2)
    if (n % 2 === 1) {
      const last = narrow(y, -1, n - 1, 1)
      left = left ? mul(left, last) : last
    }
    y = mul(narrow(y, -1, 0, half), narrow(y, -1, half, half))
  }
  return select(left ? mul(y, left) : y, -1, 0)
}
