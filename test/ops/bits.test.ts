/** The bits of functions and of their gradients: the same on all adapters on the CPU. */
import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../../src/index.js'
import { gpu } from '../gpu.js'

test.before(gpu)

type Op = (x: kg.Tensor) => kg.Tensor

const functions: Record<string, Op> = {
  exp: kg.exp,
  log: kg.log,
  sqrt: kg.sqrt,
  sin: kg.sin,
  cos: kg.cos,
  tanh: kg.tanh,
  sigmoid: kg.sigmoid,
  softplus: kg.softplus,
  silu: kg.silu,
  gelu: kg.gelu,
  geluTanh: x => kg.gelu(x, { approximate: 'tanh' }),
  pow: x => kg.pow(x, 2.5),
  elu: x => kg.elu(x, 0.3),
  mish: kg.mish,
  hardswish: kg.hardswish,
  layerNorm: x => kg.layerNorm(x.reshape([40, 100]), 100).square(),
  batchNorm: x => kg.batchNorm(x.reshape([10, 4, 100]), { training: true }).square(),
  attention: x => {
    const parts = x.reshape([10, 100, 4])
    return kg.scaledDotProductAttention(parts, parts, parts, { isCausal: true })
  },
  norm: x => kg.norm(x.reshape([40, 100]), 3, 1),
  logSumExp: x => kg.logSumExp(x.reshape([40, 100]), 1),
  cumsum: x => kg.cumsum(x, 0),
  prod: x => kg.prod(x.mul(0.2).reshape([400, 10]), 1),
}

/** Of the values and slopes for 4000 numbers from −8 to 8, by SHA-1. */
const digests: Record<string, string> = {
  exp: 'e2bc7c23ba1b',
  log: 'd7d2b74940c8',
  sqrt: '97ba131659b9',
  sin: '4b6b7042c885',
  cos: '2d5c3d4fdb20',
  tanh: '4803750bf11b',
  sigmoid: 'a21859ee0ac9',
  softplus: '8ef372877ce6',
  silu: 'a8ac9a71ab86',
  gelu: 'f48e79934e0c',
  geluTanh: 'bcfa943d86c4',
  pow: 'c72318195f4e',
  elu: '8be144c146e7',
  mish: '24197f7f6e2e',
  hardswish: 'f8fa2c2e72b0',
  layerNorm: 'aea72d6269ac',
  batchNorm: '0af665c39e21',
  attention: '83bddc5c0733',
  norm: '47922721706b',
  logSumExp: 'ce5dd3863aff',
  cumsum: '72a1446257ee',
  prod: '6940433070fd',
}

async function digestOf(f: Op): Promise<string> {
  const data = Float32Array.from({ length: 4000 }, (_, i) => (i - 2000) / 250.3)
  const x = kg.tensor(data, { requiresGrad: true })
  const y = f(x)
  const dx = kg.grad(y.sum(), x)
  const hash = createHash('sha1')
  for (const t of [y, dx]) {
    const bits = new Uint32Array((await t.data()).buffer)
    hash.update(bits.map(b => ((b & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : b))) // one NaN
  }
  return hash.digest('hex').slice(0, 12)
}

for (const [name, f] of Object.entries(functions))
  test(`${name} and its gradient have the same bits on every adapter on the CPU`, async () => {
    if (!kg.isSoftware()) return
    assert.is(await digestOf(f), digests[name])
  })

test.run()
