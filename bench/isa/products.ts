/** How many multiply-adds a launch of a product takes, from the shapes of its tensors. */
import type { Bound } from '../../src/tensor/run.js'
import { sizeOf } from '../../src/tensor/shape.js'

/** Products alone count; 0 for other kernels. */
export function multiplyAdds(kernel: string, bound: readonly Bound[]): number {
  if (kernel === 'matmul/total') return 0 // it adds up parts
  const shapes = new Map(bound.map(({ name, tensor }) => [name, tensor.shape]))
  const shape = (name: string) => {
    const found = shapes.get(name)
    if (!found) throw new Error(`isa: ${kernel} has no tensor ${name}; see bench/isa/products.ts`)
    return found
  }
  const [family, ...rest] = kernel.split('/')
  const entry = family === 'conv' ? `conv/${rest.at(-1)}` : family
  return products[entry]?.(shape) ?? 0
}

const products: Record<string, (shape: (name: string) => readonly number[]) => number> = {
  // C[m, n] = A[m, k] B[k, n]
  matmul: shape => sizeOf(shape('A')) * shape('B').at(-1)!,
  // dx[batch, inputs] = dy W and dW[outputs, inputs] = dyᵀ x, each if its memory has that shape
  linear(shape) {
    const [one, dx, dW] = [
      shape('x')[0] * sizeOf(shape('W')),
      sizeOf(shape('dx')) === sizeOf(shape('x')),
      sizeOf(shape('gradients')) === sizeOf(shape('W')),
    ]
    return one * (Number(dx) + Number(dW))
  },
  // each pixel of y meets each weight once; those that are packed count with their padding
  'conv/forward': shape => pixels(shape('result')) * sizeOf(shape('w')),
  'conv/input': shape => pixels(shape('y')) * sizeOf(shape('w')),
  'conv/weight': shape => pixels(shape('y')) * shape('result').at(-1)!,
}

const pixels = ([images, , h, w]: readonly number[]) => images * h * w
