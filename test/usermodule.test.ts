/** Networks from a user's own file: what it may export, and what is said when it is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { networkFrom } from '../src/cli/usermodule.js'
import * as kg from '../src/index.js'
import { noGrad, rand, shutdown } from '../src/index.js'
import { gpu } from './gpu.js'

const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-module-'))

// this very engine, where a package would be imported
Object.assign(globalThis, { kg })

test.before(gpu)
test.after(() => {
  rmSync(folder, { recursive: true })
  shutdown()
})

let files = 0

/** The network of a module with this text. */
function from(text: string) {
  const path = join(folder, `module${files++}.mjs`)
  writeFileSync(path, `const { kg } = globalThis\nconst { nn } = kg\n${text}`)
  return networkFrom(path)
}

const layers = `
  encoder = new nn.Sequential(new nn.Linear(784, 6), new nn.Tanh())
  decoder = new nn.Sequential(new nn.Linear(6, 784), new nn.Sigmoid())`

test('a class with encoder and decoder has codes', async () => {
  const network = await from(`
    export const shape = [784]
    export const range = [0, 1]
    export default class extends nn.Module {${layers}
      forward(x) { return this.decoder.forward(this.encoder.forward(x)) }
    }`)
  assert.is(network.latent, 6)
  assert.equal(network.range, [0, 1])
  const x = rand([3, 784])
  noGrad(() => {
    assert.equal(network.encode(x).shape, [3, 6])
    assert.equal(network.decode(network.encode(x)).shape, [3, 784])
    assert.equal(network.reconstruct(x).shape, [3, 784])
  })
  const [loss, mse] = [network.loss(x), network.reconstruct(x).sub(x).square().mean()]
  assert.ok(Math.abs((await loss.item()) - (await mse.item())) < 1e-6)
})

test('a function, convolutions, and a divergence that is added to the loss', async () => {
  const network = await from(`
    class Net extends nn.Module {
      first = new nn.Conv2d(1, 2, 3, { stride: 2, padding: 1 })
      second = new nn.ConvTranspose2d(2, 1, 2, { stride: 2 })
      encode(x) { return this.first.forward(x) }
      decode(h) { return this.second.forward(h) }
      forward(x) { return [this.decode(this.encode(x)), kg.tensor(2)] }
    }
    export default () => new Net()`)
  assert.is(network.latent, 2 * 14 * 14)
  assert.equal(noGrad(() => network.generate!(4)).shape, [4, 1, 28, 28])
  const x = rand([2, 1, 28, 28])
  assert.ok((await network.loss(x).item()) > 2)
})

test('a loss of its own', async () => {
  const network = await from(`
    export default class extends nn.Module {
      layer = new nn.Linear(784, 784)
      forward(x) { return this.layer.forward(x.reshape([x.shape[0], 784])).reshape(x.shape) }
    }
    export const loss = (model, x, target) => model.forward(x).sub(target).abs().mean().mul(0).add(7)`)
  assert.is(await network.loss(rand([2, 1, 28, 28])).item(), 7)
  assert.is(network.latent, null)
  assert.throws(() => network.encode(rand([1, 1, 28, 28])), /module\d+\.mjs: the model has no code/)
})

test('what is wrong is said with the name of the file', async () => {
  const wrong: [string, RegExp][] = [
    ['', /its default export is undefined; export default class extends nn\.Module/],
    ['export default () => 3', /its default export made 3; it must make an nn\.Module/],
    ['export const shape = [28]\nexport default class extends nn.Module {}', /shape is \[28\]/],
    ['export const range = [1, 1]\nexport default class extends nn.Module {}', /range is \[1, 1\]/],
    ['export const loss = 3\nexport default class extends nn.Module {}', /loss is 3/],
    ['export default', /module\d+\.mjs: /],
    ['throw new Error("mine")', /module\d+\.mjs: mine/],
  ]
  for (const [text, message] of wrong) {
    const error = await from(text).then(
      () => null,
      error => error as Error,
    )
    assert.match(error?.message ?? 'nothing', message)
    assert.match(error!.message, new RegExp(`^${folder}`))
  }
  const none = await networkFrom(join(folder, 'none.ts')).catch(error => error as Error)
  assert.match((none as Error).message, /none\.ts: no such file or folder$/)
})

test('a forward that cannot work is refused before anything is made, with its file', async () => {
  for (const [forward, message] of [
    [
      'forward(x) {}',
      /module\d+\.mjs: forward of \[1, 1, 28, 28\]: it returned undefined; it must/,
    ],
    ['forward(x) { return x.sum() }', /it returned \[\]; it must return x̂ of 784 pixels/],
    ['forward(x) { return [x, 3] }', /it must return x̂ of 784 pixels, or \[x̂, kld\]/],
    ['forward(x) { return x.matmul(x.reshape([2, 392])) }', /forward of .*: matmul: /],
  ] as const) {
    const error = await from(`export default class extends nn.Module { ${forward} }`).then(
      () => null,
      error => error,
    )
    assert.match(error?.message ?? 'nothing was refused', message)
  }
})

test.run()
