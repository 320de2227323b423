import { grad, type Tensor, tensor } from '../../src/index.js'
import { check } from '../../src/kernels/check.js'
import { close, functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `import { noGrad, record } from 'kernelgrad'

export function cube(x) {
  const y = noGrad(() => x.mul(x).mul(x))
  return record('cube', y, [
    [x, dy => dy.mul(x).mul(x).mul(3)],
  ])
}
`

export const cube: Program = {
  title: 'The arrow of a cube',
  language: 'javascript',
  start: answer.replace('dy.mul(x).mul(x).mul(3)', 'dy'),
  answer,
  wrong: [
    [answer.replace('dy.mul(x).mul(x)', 'x.mul(x)'), /multiplied by dy/],
    [answer.replace('.mul(x).mul(3)]', '.mul(3)]'), /must be \[12, 3, 0.75\]/],
    [answer.replace('noGrad(() => x.mul(x).mul(x))', 'x'), /its own input/],
  ],
  async judge(module) {
    const f = functionOf<(x: Tensor) => Tensor>(module, 'cube')
    const x = tensor([-2, 1, 0.5], { requiresGrad: true })
    const y = f(x)
    await close('cube(x)', y, { shape: [3], values: [-8, 1, 0.125] })
    check(y.op === 'cube', () => 'The result is not recorded as cube.')
    const gradient = (scale: number) =>
      grad(f(x), x, { dy: tensor([scale, scale, scale]), createGraph: true })
    const [once, twice] = [gradient(1), gradient(2)]
    await close('The gradient at x = [-2, 1, 0.5]', once, { shape: [3], values: [12, 3, 0.75] })
    const [a, b] = [await once.data(), await twice.data()]
    check(
      a.every((value, i) => Math.abs(2 * value - b[i]) < 1e-4),
      () => 'With dy = 2 the gradient must be twice as large: it is multiplied by dy.',
    )
    const second = grad(gradient(1).sum(), x)
    await close('The second derivative', second, { shape: [3], values: [-12, 6, 3] })
    return 'Right: 3x² times dy. The arrow is made of operations, so 6x came out as well.'
  },
}
