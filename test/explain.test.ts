/** What is said of a tape, and a walk back by hand. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formulaOf, formulas } from '../src/explain/formulas.js'
import { bill, explain, explainBackward, profile, stepper } from '../src/explain/index.js'
import * as kg from '../src/index.js'
import { models, mseLoss, nn, noGrad, rand, scope, tensor } from '../src/index.js'
import { launchCounts } from '../src/kernels/launch.js'
import { gpu } from './gpu.js'

test.before(gpu)

const small = () => {
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1))
  const [x, y] = [rand([4, 2]), rand([4, 1])]
  return { model, x, y, loss: mseLoss(model.forward(x), y) }
}

test('a tape is told oldest first, with names, equations, and where gradients pass', () => {
  const { model, x, y, loss } = small()
  assert.equal(
    String(explain(loss, { names: { model, x, y } }))
      .split('\n')
      .slice(1),
    [
      '%1  linear   [4, 3]  y = x Wᵀ + b        x, 0.weight*, 0.bias*',
      '%2  tanh     [4, 3]  y = tanh z          %1*',
      '%3  linear   [4, 1]  y = x Wᵀ + b        %2*, 2.weight*, 2.bias*',
      '%4  mseLoss  []      L = Σ (y − t)² / n  %3*, y',
    ],
  )
  assert.match(String(explain(loss)), /of\n%1 .* leaf1, leaf2\*, leaf3\*/)
})

test('drawings have each leaf, record and line once, dashed where no gradient passes', () => {
  const { model, x, y, loss } = small()
  const explained = explain(loss, { names: { model, x, y } })
  const dot = explained.toDot()
  assert.is(dot.match(/shape=box/g)?.length, 6)
  assert.is(dot.match(/shape=ellipse/g)?.length, 4)
  assert.is(dot.match(/ -> /g)?.length, 9)
  assert.is(dot.match(/style=dashed/g)?.length, 2)
  assert.match(dot, '  "x" -> "%1" [style=dashed]\n')
  assert.is(explained.toMermaid().match(/-->|-\.->/g)?.length, 9)
  const html = explained.toHtml()
  assert.is(html.match(/<path/g)?.length, 9)
  assert.is(html.match(/<rect/g)?.length, 10)
  assert.not.match(html, /<script|https?:/)
})

test('a line in the page passes through no box', () => {
  const x = tensor([1, 2], { requiresGrad: true })
  const [a, b] = [x.exp(), x.sin()]
  const html = explain(a.mul(b.tanh().sigmoid().exp()).sum()).toHtml()
  const boxes = [...html.matchAll(/<rect class="\w+" x="([\d.]+)" y="([\d.]+)"/g)].map(m => [
    Number(m[1]),
    Number(m[2]),
  ])
  for (const [, x1, y1, x2, y2] of html.matchAll(/M ([\d.]+) ([\d.]+) C .* ([\d.]+) ([\d.]+)"/g))
    for (const [left, top] of boxes) {
      const between = top > Number(y1) && top + 46 < Number(y2)
      const straight = x1 === x2 && Number(x1) > left && Number(x1) < left + 150
      assert.not.ok(between && straight, `${left} ${top}`)
    }
})

test('the walk by hand ends with the gradients of backward, and changes no grad', async () => {
  const model = new models.VariationalAutoencoder()
  const x = rand([8, 1, 28, 28])
  const [y, kld] = model.forward(x)
  const loss = mseLoss(y, x).add(kld)
  const walk = stepper(loss, { names: { model } })
  const seen: string[] = []
  for (const { record } of walk) seen.push(record.name)
  assert.equal(
    seen,
    [...seen].sort((a, b) => Number(b.slice(1)) - Number(a.slice(1))),
  )
  assert.is(seen.length, walk.records.length)
  for (const [, p] of model.namedParameters()) assert.is(p.grad, null)
  loss.backward()
  for (const [name, p] of model.namedParameters()) {
    const [byHand, whole] = [await walk.gradients.get(name)!.data(), await p.grad!.data()]
    const scale = whole.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30)
    byHand.forEach((value, i) => {
      assert.ok(Math.abs(value - whole[i]) <= 1e-5 * scale, `${name}[${i}] ${value} ${whole[i]}`)
    })
  }
})

test('where two paths meet, the sum is told', async () => {
  const a = tensor([2, -3], { requiresGrad: true })
  const y = a.mul(a).add(a.sin()).sum()
  const told = await explainBackward(y, { names: { a }, values: 2 })
  assert.match(told, /da \[2\] = \[-0\.4161, -0\.9900\] {3}dx = dy cos x\n/)
  // 2a + cos a
  assert.match(told, /added to what was there = \[ 3\.5839, -6\.9900\]$/)
})

test('a tensor that an operation used twice has the equations of both arrows', () => {
  const x = tensor(3, { requiresGrad: true })
  const [{ passed }] = stepper(x.mul(x))
  assert.equal(
    passed.map(({ input, formula }) => [input, formula]),
    [
      [0, 'da = dy b'],
      [1, 'db = dy a'],
    ],
  )
})

test('what has no tape is refused', () => {
  const { loss } = small()
  assert.throws(
    () => explain(noGrad(() => loss.mul(2))),
    /^explain: Tensor .* was not recorded: it depends on nothing/,
  )
  loss.backward()
  assert.throws(() => explain(loss), /^explain: the graph behind mseLoss was freed/)
  const vector = tensor([1, 2], { requiresGrad: true }).mul(2)
  assert.throws(() => stepper(vector), /^stepper: y is \[2\]; only one element needs no dy/)
  const wrong = { names: { a: 3 as never } }
  assert.throws(() => explain(vector, wrong), /^explain: a is 3; names are of tensors and modules/)
})

test('every formula belongs to an operation, and has an arrow for each of its inputs', () => {
  const inLayers = ['selfAttention', 'lstm', 'gru', 'rnn', 'attentionWeights', 'halfLinear']
  const names = new Set([...Object.keys(kg), ...inLayers, 'sumTo'])
  for (const [op, [y, ...arrows]] of Object.entries(formulas)) {
    assert.ok(names.has(op), op)
    assert.match(y, /=|:/, op)
    assert.ok(arrows.length > 0, op)
  }
  assert.is(formulaOf('nothing').y, 'y = nothing(…)')
})

test('a profile counts the launches of each kernel, and its text says how many there were', async () => {
  const { model, x, y } = small()
  const step = () => mseLoss(model.forward(x), y).backward()
  step()
  for (const timed of [false, undefined]) {
    const found = await profile(step, { timed })
    const launches = found.kernels.reduce((sum, kernel) => sum + kernel.launches, 0)
    assert.ok(found.kernels.some(({ kernel }) => kernel === 'loss'))
    assert.match(String(found), new RegExp(`\n${launches} launches, `))
    if (timed === false) assert.ok(found.kernels.every(k => k.milliseconds === null))
  }
  const error = await profile(() => {
    throw new Error('no')
  }).catch(error => error)
  assert.is(error.message, 'no')
})

test('a bill has every launch of a step, with its phase and the operation that asked for it', async () => {
  const { model, x, y } = small()
  const optimizer = new nn.SGD(model.parameters(), { lr: 0.1 })
  const before = model.parameters()[0].clone()
  const forward = () => mseLoss(model.forward(x), y)
  const counted = () => {
    const { launches } = launchCounts()
    scope(() => {
      optimizer.zeroGrad()
      forward().backward()
      optimizer.step()
    })
    return launchCounts().launches - launches
  }
  counted() // compiles the kernels
  const { charges } = await bill(forward, optimizer)
  assert.is(charges.length, counted())
  const phases = charges.map(({ phase }) => phase)
  assert.equal([...new Set(phases)], ['forward', 'backward', 'update'])
  assert.equal([...phases].sort(byPhase), phases, 'in their order')
  const opsOf = (one: string) => charges.filter(c => c.phase === one).map(({ op }) => op)
  assert.ok(opsOf('forward').includes('linear') && opsOf('forward').includes('mseLoss'))
  assert.ok(opsOf('backward').includes('linear'))
  assert.equal([...new Set(opsOf('update'))], ['step'])
  for (const { bytes, buffers } of charges)
    assert.is(
      bytes,
      buffers.reduce((sum, buffer) => sum + buffer.bytes, 0),
    )
  const [first] = charges
  const X = first.buffers.find(({ shape }) => shape.join() === x.shape.join())
  assert.equal(X && { bytes: X.bytes, write: X.write }, { bytes: 4 * x.size, write: false })
  assert.not.equal(await model.parameters()[0].array(), await before.array(), 'a real step')
  assert.match(String(await bill(forward, optimizer, { timed: false })), /^ +op +kernel +MB +ms\n/)
})

const byPhase = (a: string, b: string) =>
  ['forward', 'backward', 'update'].indexOf(a) - ['forward', 'backward', 'update'].indexOf(b)

test.run()
