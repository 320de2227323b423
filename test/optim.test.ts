/** Optimizers' trajectories as PyTorch's. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nn, scope, type Tensor, tensor } from '../src/index.js'
import { type Err, parseGoldens } from './goldens/file.js'
import { judge } from './goldens/judge.js'
import { gpu } from './gpu.js'

interface OptimizerCase {
  name: string
  kind: 'optimizer' | 'scheduler'
  steps: number
  opt: string
  kw: Record<string, unknown>
  groups?: unknown
  none?: Record<string, number[]>
  params: Record<string, { init: string; grads: string; key: string; err: Err }>
}

test.before(gpu)

const strict = { sensitive: false, relative: false, nonfinite: false, denormal: false }

/** What the next steps will bring: this list may only shrink. */
const notThereYet = ['AdamW', 'RMSprop', 'Adagrad', 'amsgrad', 'groups', 'scheduler']

function lacking({ kind, opt, kw, groups }: OptimizerCase): string | null {
  if (kind === 'scheduler') return kind
  if (!['SGD', 'Adam'].includes(opt)) return opt
  if (kw.amsgrad) return 'amsgrad'
  return groups ? 'groups' : null
}

function optimizer({ opt, kw }: OptimizerCase, params: Tensor[]): nn.Optimizer {
  const { weight_decay, ...rest } = kw
  const options = { ...rest, weightDecay: weight_decay as number | undefined }
  return opt === 'SGD' ? new nn.SGD(params, options) : new nn.Adam(params, options)
}

test('SGD and Adam walk where PyTorch walks, for 20 steps', async () => {
  const bytes = readFileSync(new URL('./fixtures/optim.safetensors', import.meta.url))
  const { cases, at } = parseGoldens<OptimizerCase>(bytes, 'optim')
  const lacks = new Set<string>()
  let run = 0
  for (const one of cases) {
    const missing = lacking(one)
    if (missing) {
      lacks.add(missing)
      continue
    }
    run++
    const entries = Object.entries(one.params)
    const leaves = entries.map(([, { init }]) => {
      const { data, shape } = at(init)
      return tensor(data as Float32Array<ArrayBuffer>, { shape, requiresGrad: true })
    })
    const stepper = optimizer(one, leaves)
    const paths = leaves.map((p): Float32Array => new Float32Array(one.steps * p.size))
    for (let step = 0; step < one.steps; step++) {
      scope(() => {
        entries.forEach(([name, { grads }], i) => {
          const { data, shape } = at(grads)
          const size = leaves[i].size
          const row = (data as Float32Array).slice(step * size, (step + 1) * size)
          leaves[i].grad = one.none?.[name]?.includes(step)
            ? null
            : tensor(row, { shape: shape.slice(1) })
        })
        stepper.step()
        for (const p of leaves) p.grad = null
      })
      for (const [i, p] of leaves.entries()) paths[i].set(await p.data(), step * p.size)
    }
    entries.forEach(([name, { key, err }], i) => {
      const { ratio, worst } = judge(paths[i], { shape: at(key).shape, err, key }, at, strict)
      assert.ok(ratio <= 1, `${one.name} ${name}: ${worst}, ${ratio} times its bound`)
    })
  }
  console.log(`  optim: ${run} cases run, ${cases.length - run} wait for what is not there yet`)
  assert.equal([...lacks].sort(), [...notThereYet].sort())
})

test.run()
