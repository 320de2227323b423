/** The tape and backward(): what a graph remembers, when it is freed, and whose the gradients are. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  add,
  grad,
  mul,
  nn,
  noGrad,
  ones,
  scope,
  type Tensor,
  tensor,
  zeroGrad,
  zerosLike,
} from '../src/index.js'
import { assign } from '../src/tensor/contiguous.js'
import { gpu } from './gpu.js'

test.before(gpu)

const leaf = (data: number | number[] | number[][]) => tensor(data, { requiresGrad: true })

async function is(t: Tensor | null, want: unknown): Promise<void> {
  assert.equal(await t?.array(), want)
}

test('a tensor used twice receives both gradients', async () => {
  const x = leaf([2, 3])
  x.mul(x).add(x.mul(5)).sum().backward()
  await is(x.grad, [9, 11]) // 2x + 5
})

test('a doubling chain is walked once per result, not once per path', async () => {
  const x = leaf(1)
  let y: Tensor = x
  for (let i = 0; i < 30; i++) y = add(y, y) // 2³⁰ paths
  y.backward()
  await is(x.grad, 2 ** 30)
})

test('grad accumulates over calls of backward', async () => {
  const x = leaf([1, 2])
  x.mul(3).sum().backward()
  x.mul(4).sum().backward()
  await is(x.grad, [7, 7])
})

test('backward starts from the gradient that it is given', async () => {
  const x = leaf([1, 2, 3])
  mul(x, x).backward(tensor([1, 10, -1]))
  await is(x.grad, [2, 40, -6])
})

test('a scalar leaf has the gradient 1 of itself', async () => {
  const x = leaf(7)
  x.backward()
  await is(x.grad, 1)
})

test('a gradient of a broadcast input has the shape of the input', async () => {
  const [row, column] = [leaf([1, 2, 3]), leaf([[10], [20]])]
  row.mul(column).sum().backward()
  await is(row.grad, [30, 30, 30])
  await is(column.grad, [[6], [6]])
})

test('retainGraph lets backward run through a graph again', async () => {
  const x = leaf([1, 2])
  const y = mul(x, x).sum()
  y.backward(undefined, { retainGraph: true })
  y.backward()
  await is(x.grad, [4, 8])
})

test('a graph that was freed says so and names the remedy', () => {
  const x = leaf([1, 2])
  const square = mul(x, x)
  square.sum().backward()
  assert.throws(
    () => square.sum().backward(),
    /backward: the graph behind mul was freed by an earlier backward\(\); pass { retainGraph: true }/,
  )
})

test('backward on many elements without dy says what to do', () => {
  assert.throws(
    () => leaf([1, 2]).mul(2).backward(),
    /backward: y is \[2\]; only one element needs no dy: reduce it with sum\(\) or mean\(\), or pass dy/,
  )
})

test('a dy of another shape or dtype is refused with both shapes', () => {
  const y = leaf([1, 2]).mul(2)
  assert.throws(() => y.backward(ones([3])), /dy is \[3\] f32 for y \[2\]/)
  assert.throws(() => y.backward(ones([2], { dtype: 'i32' })), /dy is \[2\] i32 for y \[2\]/)
})

test('backward without anything that requires a gradient says so', () => {
  assert.throws(
    () => tensor([1, 2]).sum().backward(),
    /backward: this tensor \(.*\) depends on nothing that requires a gradient/,
  )
})

test('only f32 tensors may require a gradient', () => {
  assert.throws(
    () => tensor([1, 2], { dtype: 'i32', requiresGrad: true }),
    /requiresGrad: the tensor is i32; only f32 has gradients/,
  )
})

test('inside noGrad nothing is recorded, and afterwards it is again', async () => {
  const x = leaf([1, 2])
  const y = noGrad(() => x.mul(2).reshape([2, 1]))
  assert.is(y.requiresGrad, false)
  assert.is(y.origin, null)
  assert.is(x.mul(2).requiresGrad, true)
})

test('recording goes on after an error inside noGrad', () => {
  assert.throws(() => noGrad(() => leaf([1, 2]).add(tensor([1, 2, 3]))), /do not broadcast/)
  assert.is(leaf(1).mul(2).requiresGrad, true)
})

test('noGrad refuses a promise', () => {
  assert.throws(() => noGrad(async () => 1), /noGrad: the function returned a promise/)
})

test('a detached tensor is the same memory as a constant', async () => {
  const x = leaf([3, 4])
  const still = x.detach()
  assert.is(still.storage, x.storage)
  assert.is(still.requiresGrad, false)
  mul(x, still).sum().backward()
  await is(x.grad, [3, 4])
})

// biome-ignore format: a table reads in columns
const changes: [what: string, f: (x: Tensor, still: Tensor, bool: Tensor) => Tensor, change: 'x' | 'still' | 'bool' | 'y'][] = [
  ['an input',                            x => mul(x, x),                       'x'],
  ['an input that needs no gradient',     (x, still) => mul(x, still),          'still'],
  ['a condition',                         (x, _, bool) => bool.where(x, 0),     'bool'],
  ['a result',                            x => x.exp(),                         'y'],
  ['what an input is a view of',          x => mul(x.reshape([2, 1]), 2),       'x'],
]

for (const [what, f, change] of changes) {
  test(`${what}, changed in place after the forward pass, is refused`, () => {
    const [x, still, bool] = [leaf([1, 2]), tensor([3, 4]), tensor([true, false])]
    const y = f(x, still, bool)
    const changed = { x, still, bool, y }[change]
    assign(changed, zerosLike(changed))
    assert.throws(
      () => y.sum().backward(),
      /backward: Tensor .*, which \w+ read or made, was changed in place since; run the forward pass again/,
    )
  })
}

test('an input changed in place before the forward pass does no harm', async () => {
  const w = leaf([1, 2])
  assign(w, tensor([5, 6]))
  mul(w, w).sum().backward()
  await is(w.grad, [10, 12])
})

test('a chain of 20,000 adds has no stack overflow', async () => {
  const x = leaf(0)
  const total = scope(() => {
    let y: Tensor = x
    for (let i = 0; i < 20_000; i++) y = add(y, 1)
    y.backward()
    return y
  })
  await is(total, 20_000)
  await is(x.grad, 1)
})

test('grad returns gradients of leaves and of tensors between, and stores none', async () => {
  const x = leaf([1, 2])
  const h = x.mul(3)
  const y = mul(h, h).sum()
  const [dx, dh] = grad(y, [x, h])
  await is(dh, [6, 12])
  await is(dx, [18, 36])
  assert.is(x.grad, null)
})

test('grad of one tensor is a tensor, of y itself is dy', async () => {
  const x = leaf([1, 2])
  const y = x.mul(3)
  await is(grad(y, x, { dy: tensor([1, 10]), retainGraph: true }), [3, 30])
  await is(grad(y, y, { dy: tensor([1, 10]) }), [1, 10])
})

test('grad says which input y does not depend on', () => {
  assert.throws(
    () => grad(leaf(1).mul(2), [leaf(3)]),
    /grad: y does not depend on input 0 \(Tensor \[\] f32/,
  )
})

test('a gradient of a gradient of a gradient is right', async () => {
  const x = leaf(2)
  const first = grad(x.pow(4), x, { createGraph: true }) // 4x³
  const second = grad(first, x, { createGraph: true }) // 12x²
  const third = grad(second, x) // 24x
  assert.equal(await Promise.all([first, second, third].map(t => t.item())), [32, 48, 48])
})

test('gradients without createGraph require no gradient', () => {
  const x = leaf([1, 2])
  const y = mul(x, x).sum()
  assert.is(grad(y, x, { retainGraph: true }).requiresGrad, false)
  y.backward()
  assert.is(x.grad?.requiresGrad, false)
})

test('a leaf that a result does not depend on has no gradient', () => {
  const [x, other] = [leaf([1, 2]), leaf([3, 4])]
  x.sum().backward()
  assert.is(other.grad, null)
})

test('a gradient outlives the scope that backward ran in', async () => {
  const x = leaf([1, 2])
  scope(() => mul(x, x).sum().backward())
  scope(() => mul(x, x).sum().backward())
  await is(x.grad, [4, 8])
})

test('zeroGrad inside a scope forgets the gradient, and the next one counts from 0', async () => {
  const x = leaf([1, 2])
  for (let turn = 0; turn < 3; turn++) {
    scope(() => {
      zeroGrad(x)
      assert.is(x.grad, null)
      mul(x, x).sum().backward()
    })
  }
  await is(x.grad, [2, 4])
})

test('two leaves that receive the same gradient own it apart', async () => {
  const [a, b] = [leaf([1, 2]), leaf([3, 4])]
  add(a, b).sum().backward()
  scope(() => zeroGrad(a))
  await is(b.grad, [1, 1])
})

test('a leaf owns its gradient apart from the dy that was passed', async () => {
  const x = leaf([1, 2])
  const dy = tensor([5, 6])
  x.reshape([2]).backward(dy)
  dy.dispose()
  await is(x.grad, [5, 6])
})

test('what a loop frees does not grow: backward drops the graph behind it', async () => {
  const x = leaf([1, 2])
  const y = mul(x, x).sum()
  y.backward()
  assert.is((y.origin as unknown as { edges: unknown }).edges, null)
})

test('what grad() returns is its own: no alias of the constant 1, of dy, or of another gradient', async () => {
  const p = tensor([1, 2, 3], { requiresGrad: true })
  p.grad = grad(p.sum(), p)
  p.mul(2).sum().backward()
  assert.equal([...(await p.grad.data())], [3, 3, 3])
  assert.is(await tensor(1).add(1).item(), 2)

  const s = tensor(5, { requiresGrad: true })
  s.grad = grad(s.add(2), s)
  nn.clipGradNorm([s], 0.5)
  assert.is(await tensor(1).add(1).item(), 2)

  const [a, b] = [1, 2].map(v => tensor([v, v], { requiresGrad: true }))
  ;[a.grad, b.grad] = grad(
    a
      .add(b)
      .mul(tensor([3, 4]))
      .sum(),
    [a, b],
  )
  a.add(b)
    .mul(tensor([3, 4]))
    .sum()
    .backward()
  assert.equal([...(await a.grad.data())], [6, 8])
  assert.equal([...(await b.grad.data())], [6, 8])

  const dy = tensor([1, 1])
  const [g] = grad(a.add(b), [a], { dy })
  a.grad = g
  a.mul(2).sum().backward()
  assert.equal([...(await dy.data())], [1, 1])

  const again = tensor([1, 2], { requiresGrad: true })
  const [first, second] = grad(again.mul(3).sum(), [again, again])
  again.grad = first
  again.sum().backward()
  assert.equal([...(await second.data())], [3, 3])
})

test('backward adds to a gradient that is an expanded tensor', async () => {
  const x = tensor([1, 2, 3, 4, 5], { requiresGrad: true })
  const shared = tensor(10)
  x.grad = shared.expand([5])
  mul(x, x).sum().backward()
  assert.equal([...(await x.grad!.data())], [12, 14, 16, 18, 20])
  assert.is(await shared.item(), 10)
})

test.run()
