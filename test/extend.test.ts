/** Kernels, operations and checks from outside of the library. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

const { tensor, empty, defineKernel, record } = kg
type Tensor = kg.Tensor

const softsign = defineKernel(
  `
  struct Params { n: u32, scale: f32 }
  @group(0) @binding(0) var<uniform> params: Params;
  @group(0) @binding(1) var<storage, read> x: array<f32>; // the input
  @group(0) @binding(2) var<storage, read_write> y: array<f32>;

  override WORKGROUP: u32 = 64;

  @compute @workgroup_size(WORKGROUP)
  fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
    let i = id.y * groups.x * WORKGROUP + id.x;
    if (i >= params.n) { return; }
    y[i] = params.scale * x[i] / (1.0 + abs(x[i]));
  }`,
  { name: 'softsign' },
)

function scaledSoftsign(x: Tensor, scale = 1): Tensor {
  const y = empty(x.shape)
  softsign.run({ tensors: { x, y }, params: { n: x.size, scale }, threads: x.size })
  return record('softsign', y, [[x, dy => dy.mul(scale).div(x.abs().add(1).square())]])
}

const list = async (t: Tensor) => [...(await t.data())]
const expected = (v: number) => Math.fround(v / (1 + Math.abs(v)))

test('a kernel from outside computes on tensors, views included', async () => {
  const x = tensor([
    [1, -2, 3],
    [-4, 0, 0.5],
  ])
  assert.equal(await list(scaledSoftsign(x)), [1, -2, 3, -4, 0, 0.5].map(expected))
  assert.equal(await list(scaledSoftsign(x.transpose(0, 1))), [1, -4, -2, 0, 3, 0.5].map(expected))
  assert.equal(await list(scaledSoftsign(x.select(0, 1))), [-4, 0, 0.5].map(expected))
  assert.equal(await list(scaledSoftsign(x.narrow(1, 1, 2))), [-2, 3, 0, 0.5].map(expected))
  assert.equal((await list(scaledSoftsign(kg.zeros([0])))).length, 0)
})

test('more than 65,535 workgroups continue in a second row', async () => {
  const n = 65536 * 2 + 5
  const y = empty([n])
  const tensors = { x: kg.full([n], 3), y }
  softsign.run({ tensors, params: { n, scale: 1 }, threads: n, constants: { WORKGROUP: 1 } })
  assert.is((await y.sum().data())[0], 0.75 * n)
})

test('its gradient and the gradient of that pass the checks, and a wrong arrow does not', async () => {
  const x = kg.randn([3, 4])
  await kg.gradcheck(x => scaledSoftsign(x, 2), [x])
  await kg.gradgradcheck(x => scaledSoftsign(x, 2), [x])
  const wrong = (x: Tensor) => {
    const y = kg.noGrad(() => x.square())
    return record('wrong', y, [[x, dy => dy.mul(x.detach().mul(2))]]) // its second gradient is lost
  }
  await kg.gradcheck(wrong, [x])
  await rejects(kg.gradgradcheck(wrong, [x]), /gradcheck: by gradient/)
})

async function rejects(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  const error = await promise.then(
    () => null,
    (e: Error) => e,
  )
  assert.match(`${error?.message}`, pattern)
}

test('a compiled step replays it', async () => {
  const w = tensor([0.5, -1, 2], { requiresGrad: true })
  const train = (x: Tensor) => {
    const loss = scaledSoftsign(x.mul(w)).sum()
    loss.backward()
    return [loss, w.grad!.mul(1)]
  }
  const step = kg.compile((x: Tensor) => {
    w.grad = null
    return train(x)
  })
  for (const at of [1, 2, 3]) {
    const x = tensor([at, -at, 2 * at])
    const [loss, g] = step(x)
    const kept = [await list(loss), await list(g)]
    w.grad = null
    const [loss2, g2] = train(x)
    assert.equal(kept, [await list(loss2), await list(g2)])
  }
})

test('writing in place counts as a change', async () => {
  const double = defineKernel(`
    @group(0) @binding(1) var<storage, read_write> y: array<f32>;
    @compute @workgroup_size(1) fn main(@builtin(workgroup_id) id: vec3u) { y[id.x] *= 2.0; }`)
  const y = tensor([1, 2, 3])
  double.run({ tensors: { y }, threads: 3 })
  assert.equal(await list(y), [2, 4, 6])
  const w = tensor([1, 2], { requiresGrad: true })
  const loss = w.square().sum()
  double.run({ tensors: { y: w }, threads: 2 })
  assert.throws(() => loss.backward(), /was changed in place/)
})

test('several entries, whole numbers, vectors, offsets', async () => {
  const kernel = defineKernel(`
    struct Params { x_offset: u32, n: u32, by: vec2f, less: i32 }
    @group(0) @binding(0) var<uniform> params: Params;
    @group(0) @binding(1) var<storage, read> x: array<vec2<f32>>;
    @group(0) @binding(2) var<storage, read_write> y: array<vec2f>;
    @group(0) @binding(3) var<storage, read_write> count: array<atomic<u32>>;
    fn at(i: u32) -> vec2f { return x[params.x_offset / 2 + i]; }
    @compute @workgroup_size(2, 2)
    fn scaled(@builtin(local_invocation_index) i: u32) {
      if (i < params.n) { y[i] = params.by * at(i) + f32(params.less); }
    }
    @compute @workgroup_size(4)
    fn positive(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < params.n && at(id.x).x > 0) { atomicAdd(&count[0], 1); }
    }`)
  const x = tensor([9, 9, 1, 2, -3, 4, 5, 6]).narrow(0, 2, 6)
  const [y, count] = [empty([6]), kg.zeros([1], { dtype: 'u32' })]
  const params = { n: 3, by: [10, 100], less: -1 }
  kernel.run({ entry: 'scaled', tensors: { x, y }, params, workgroups: 1 })
  kernel.run({ entry: 'positive', tensors: { x, count }, params, threads: 3 })
  assert.equal(await list(y), [9, 199, -31, 399, 49, 599])
  assert.equal(await list(count), [2])
})

const header = `
  @group(0) @binding(1) var<storage, read> x: array<f32>;
  @group(0) @binding(2) var<storage, read_write> y: array<f32>;`
const body = '@compute @workgroup_size(1) fn main() { y[0] = x[0]; }'

// biome-ignore format: a table reads in columns
const refused: [what: string, wgsl: string, message: RegExp][] = [
  ['no entry',           header,                                                    /no entry point; a kernel has a function marked @compute/],
  ['binding 0',          header.replace('1', '0') + body,                           /x must be at @group\(0\), @binding\(1\) or above; 0 is for params/],
  ['another group',      header.replace('group(0)', 'group(1)') + body,             /x must be at @group\(0\)/],
  ['an array of f16',    header.replace('<f32>', '<f16>') + body,                   /x must be an array of f32, i32 or u32/],
  ['an array of vec3',   header.replace('<f32>', '<vec3f>') + body,                 /x must be an array of f32, i32 or u32/],
  ['arrayLength',        header + body.replace('y[0]', 'y[arrayLength(&y) - 1]'),   /arrayLength is the buffer's, which may be longer than the tensor/],
  ['a matrix as param',  `struct P { m: mat2x2f } @group(0) @binding(0) var<uniform> p: P;${header}${body}`, /P has m: mat2x2f; its members must be/],
]

for (const [what, wgsl, message] of refused)
  test(`${what} is refused`, () => {
    assert.throws(() => defineKernel(wgsl), message)
  })

test('a launch that does not fit is refused, and names what would', () => {
  const x = kg.zeros([4])
  const y = empty([4])
  const params = { n: 4, scale: 1 }
  const run = (launch: unknown) => () => softsign.run(launch as never)
  const threads = 4
  assert.throws(
    run({ tensors: { x }, params, threads }),
    'softsign: the tensor y is missing; the WGSL has x, y',
  )
  assert.throws(run({ tensors: { x, y, z: y }, params, threads }), 'softsign: there is no tensor z')
  assert.throws(
    run({ tensors: { x, y }, params: { n: 4 }, threads }),
    'softsign: the param scale is missing; the WGSL has n, scale',
  )
  assert.throws(
    run({ tensors: { x, y }, params: { n: 0.5, scale: 1 }, threads }),
    'softsign: the param n is 0.5; it must be a whole number of u32',
  )
  assert.throws(
    run({ tensors: { x, y }, params }),
    'softsign: give threads (invocations) or workgroups',
  )
  assert.throws(
    run({ tensors: { x, y }, params, threads, constants: { GROUP: 1 } }),
    'softsign: there is no constant GROUP; the WGSL has WORKGROUP',
  )
  assert.throws(
    run({ tensors: { x: x.to('i32'), y }, params, threads }),
    'softsign: x is i32, its buffer holds f32; convert it',
  )
  assert.throws(
    run({ tensors: { x, y: x }, params, threads }),
    'softsign: y is written, and x is in the same memory',
  )
  assert.throws(
    run({ tensors: { x, y: kg.zeros([2, 2]).transpose(0, 1) }, params, threads }),
    'softsign: y is a view',
  )
  assert.throws(
    run({ tensors: { x: [1], y }, params, threads }),
    'softsign: got a list where a tensor belongs',
  )
  assert.throws(
    run({ entry: 'start', tensors: { x, y }, params, threads }),
    'softsign: no entry point start; there is main',
  )
  assert.throws(run({ tensor: { x, y }, params, threads }), "softsign: there is no option 'tensor'")
  assert.throws(() => (defineKernel as (x: unknown) => void)(x), 'defineKernel: got')
})

test('WGSL that does not compile is shown with the name of its kernel', async () => {
  const faulty = `${header}
  @compute @workgroup_size(1) fn main() { y[0] = x[0] + q; }`
  const failure = async (wgsl: string, options?: { name: string }) => {
    const tensors = { x: kg.zeros([1]), y: empty([1]) }
    defineKernel(wgsl, options).run({ tensors, params: {}, threads: 1 })
    return kg
      .zeros([1])
      .data()
      .then(String, error => (error as Error).message)
  }
  const said = await failure(faulty, { name: 'faulty' })
  assert.match(said, /^GPU: the WGSL of your kernel 'faulty' does not compile: line 4, column 57: /)
  assert.match(said, /unresolved value 'q'\n {2}@compute @workgroup_size\(1\) fn main\(\)/)
  assert.match(await failure(faulty, { name: 'faulty' }), /of your kernel 'faulty' \(2\) does/)
  assert.match(await failure(`// Copies one number.\n${faulty}`), /'Copies one number' .* line 5/)
  assert.match(await failure(faulty), /of your kernel( \(\d+\))? does not compile/)
})

test('an arrow that returns nothing is named', () => {
  const x = tensor([1, 2], { requiresGrad: true })
  const y = record(
    'mine',
    kg.noGrad(() => x.mul(2)),
    [[x, (() => {}) as never]],
  )
  assert.throws(
    () => y.sum().backward(),
    /^backward: an arrow of mine gave undefined; it must return/,
  )
})

test('record refuses what is no record', () => {
  const x = kg.zeros([2], { requiresGrad: true })
  const to =
    (...args: unknown[]) =>
    () =>
      (record as (...args: unknown[]) => void)(...args)
  assert.throws(to(x, x, []), 'record: the first argument is a tensor')
  assert.throws(to('f', x, [[x, null]]), 'record: the result of f is its own input')
  assert.throws(
    to('f', x.neg(), []),
    'record: the result of f was recorded as neg; compute it inside noGrad',
  )
  assert.throws(to('f', kg.zeros([2]), [x]), 'record: an edge is')
  assert.throws(
    to('f', kg.zeros([2]), [[x, 3]]),
    'record: the arrow of f: got 3 where a function belongs',
  )
})

test.run()
