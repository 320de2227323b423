import { grad, gradcheck, type Tensor, tensor } from '../../src/index.js'
import { check } from '../../src/kernels/check.js'
import { close, functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `import { gradcheck, noGrad, record, tensor } from 'kernelgrad'

export function hypot(a, b) {
  const y = noGrad(() => a.mul(a).add(b.mul(b)).sqrt())
  return record('hypot', y, [
    [a, dy => dy.mul(a).div(y)],
    [b, dy => dy.mul(b).div(y)],
  ])
}

export const proof = await gradcheck(hypot, [tensor([3, -1]), tensor([4, 2])])
console.log('ok', proof.ok)
console.log('error', proof.error)
`

export const hypot: Program = {
  title: 'A new operation, and its proof',
  language: 'javascript',
  start: `import { gradcheck, noGrad, record, tensor } from 'kernelgrad'

export function hypot(a, b) {
  const y = noGrad(() => a.mul(a).add(b.mul(b)).sqrt())
  return record('hypot', y, [
    // two arrows
  ])
}

export const proof = null // gradcheck(hypot, …)
console.log(proof)
`,
  answer,
  wrong: [
    [answer.replaceAll('.div(y)', '.mul(y)'), /gradcheck: by gradient/],
    [answer.replace('[b, dy => dy.mul(b).div(y)]', '[b, null]'), /gradcheck: by gradient|depend/],
    [answer.replace(/await gradcheck\(.*\)\n/, '{ ok: true }\n'), /proof is not the result/],
  ],
  async judge(module) {
    const f = functionOf<(a: Tensor, b: Tensor) => Tensor>(module, 'hypot')
    const [a, b] = [tensor([3, -1, 0.5], { requiresGrad: true }), tensor([4, 2, 1.2])]
    b.requiresGrad = true
    await close('hypot(a, b)', f(a, b), { shape: [3], values: [5, Math.sqrt(5), 1.3] })
    await gradcheck(f, [tensor([0.6, -1.1]), tensor([0.8, 0.7])])
    const [da, db] = grad(f(a, b).sum(), [a, b])
    const root = Math.sqrt(5)
    await close('da', da, { shape: [3], values: [0.6, -1 / root, 5 / 13] })
    await close('db', db, { shape: [3], values: [0.8, 2 / root, 12 / 13] })
    const proof = module.proof as { ok?: unknown; error?: unknown } | null
    check(
      proof?.ok === true && typeof proof.error === 'number',
      () =>
        'Both arrows are right. But proof is not the result of a check: write ' +
        'export const proof = await gradcheck(hypot, [tensor([3, -1]), tensor([4, 2])])',
    )
    return 'Right, and proved: two arrows, each checked against differences, by you and once more here.'
  },
}
