/** Optimizers and schedulers against PyTorch's, and their states, groups and limits. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  compile,
  io,
  manualSeed,
  nn,
  ones,
  randn,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js'
import { launchCounts } from '../src/kernels/launch.js'
import { fixture } from './fixture.js'
import { runOptim } from './goldens/optim.js'
import type { Outcome } from './goldens/run.js'
import { gpu } from './gpu.js'

test.before(gpu)

test('optimizers and schedulers give PyTorch’s numbers', async () => {
  const outcomes: Outcome[] = []
  for (const name of ['optim', 'schedulers'])
    outcomes.push(...(await runOptim(await fixture(`${name}.safetensors`), name)))
  const wrong = outcomes.filter(({ ratio, lacks }) => lacks.length > 0 || !(ratio <= 1))
  const lines = wrong.map(({ name, ratio, worst }) => `${name}: ${worst}, ${ratio} times its bound`)
  assert.ok(lines.length === 0, lines.join('\n'))
  assert.is(outcomes.length, 50)
})

type Made = [name: string, make: (params: Tensor[]) => nn.Optimizer]

const all: Made[] = [
  ['SGD', params => new nn.SGD(params, { momentum: 0.9, dampening: 0.1 })],
  ['Adam', params => new nn.Adam(params, { amsgrad: true, weightDecay: 0.1 })],
  ['AdamW', params => new nn.AdamW(params)],
  ['RMSprop', params => new nn.RMSprop(params, { centered: true, momentum: 0.5 })],
  ['Adagrad', params => new nn.Adagrad(params, { lrDecay: 0.1, initialAccumulatorValue: 0.5 })],
]

/** Gradients of step t, the same for every run; some steps have none for the second parameter. */
function feed(params: readonly Tensor[], t: number): void {
  manualSeed(100 + t)
  for (const [i, p] of params.entries()) p.grad = i === 1 && t % 3 === 0 ? null : randn(p.shape)
}

function advance(optimizer: nn.Optimizer, from: number, to: number): void {
  for (let t = from; t < to; t++)
    scope(() => {
      feed(optimizer.params, t)
      optimizer.step()
      for (const p of optimizer.params) p.grad = null
    })
}

const shapes = [[5, 13], [], [0, 3]]

/** Parameters, as another run left them or all ones. */
async function leaves(from?: readonly Tensor[]): Promise<Tensor[]> {
  const values = await Promise.all((from ?? shapes.map(shape => ones(shape))).map(t => t.data()))
  return values.map((row, i) => tensor(row, { shape: shapes[i], requiresGrad: true }))
}

async function bits(tensors: readonly Tensor[]): Promise<number[][]> {
  return Promise.all(tensors.map(async t => [...new Uint32Array((await t.data()).buffer)]))
}

for (const [name, make] of all) {
  test(`${name} continues from a saved state as if it had not stopped, to the bit`, async () => {
    const lr = 0.1 + 0.2 // no f32, so it must not pass through one
    const [whole, stopped] = [make(await leaves()), make(await leaves())]
    for (const one of [whole, stopped]) one.lr = lr
    advance(whole, 0, 9)
    advance(stopped, 0, 4)
    const state = stopped.stateDict()
    const file = io.encodeSafetensors(await io.toHost(state.tensors), {
      groups: JSON.stringify(state.groups),
    })
    const { tensors, metadata } = io.decodeSafetensors(file)
    const restarted = make(await leaves(stopped.params))
    restarted.loadStateDict({ tensors: io.fromHost(tensors), groups: JSON.parse(metadata.groups) })
    assert.is(restarted.lr, lr)
    advance(restarted, 4, 9)
    assert.equal(await bits(restarted.params), await bits(whole.params))
    const memory = (one: nn.Optimizer) => Object.values(one.stateDict().tensors)
    assert.equal(await bits(memory(restarted)), await bits(memory(whole)))
  })
}

/** The names that version 0.1 gave to state tensors. */
const former: Record<string, Record<string, string>> = {
  SGD: { momentum_buffer: 'velocity' },
  Adam: { exp_avg: 'mean', exp_avg_sq: 'spread', max_exp_avg_sq: 'peak' },
  AdamW: { exp_avg: 'mean', exp_avg_sq: 'spread' },
  RMSprop: { square_avg: 'spread', grad_avg: 'mean', momentum_buffer: 'velocity' },
  Adagrad: { sum: 'sum' },
}

for (const [name, make] of all) {
  test(`${name} continues from a state with the names of version 0.1, to the bit`, async () => {
    const [whole, stopped] = [make(await leaves()), make(await leaves())]
    advance(whole, 0, 9)
    advance(stopped, 0, 4)
    const { tensors, groups } = stopped.stateDict()
    const old = Object.entries(tensors).map(([key, t]) => {
      const [i, state] = key.split('.')
      return [state === 'step' ? key : `${i}.${former[name][state]}`, t]
    })
    const restarted = make(await leaves(stopped.params))
    restarted.loadStateDict({ tensors: Object.fromEntries(old), groups })
    assert.equal(Object.keys(restarted.stateDict().tensors), Object.keys(tensors))
    advance(restarted, 4, 9)
    assert.equal(await bits(restarted.params), await bits(whole.params))
  })
}

test('the keys of a state name parameter and state tensor', async () => {
  const adam = new nn.Adam([{ params: [scalar()] }, { params: [scalar()], amsgrad: true }])
  const { tensors, groups } = adam.stateDict()
  assert.equal(Object.keys(tensors), [
    '0.step',
    '0.exp_avg',
    '0.exp_avg_sq',
    '1.step',
    '1.exp_avg',
    '1.exp_avg_sq',
    '1.max_exp_avg_sq',
  ])
  assert.equal(groups[1].params, [1])
  assert.equal(Object.keys(new nn.SGD([scalar()]).stateDict().tensors), [])
  advance(adam, 0, 4)
  assert.is(await adam.stateDict().tensors['1.step'].item(), 2) // steps 0 and 3 had no gradient
})

test('a state that does not fit is refused with all reasons, and nothing changes', async () => {
  const optimizer = new nn.Adam([{ params: [scalar()], lr: 0.5 }, { params: [scalar()] }])
  const { tensors, groups } = optimizer.stateDict()
  const { '0.exp_avg': _, ...rest } = tensors
  const { eps, ...options } = groups[1]
  assert.throws(
    () =>
      optimizer.loadStateDict({
        tensors: { ...rest, '1.exp_avg_sq': zeros([2]), '2.exp_avg': zeros([1]) },
        groups: [
          { ...groups[0], lr: -1 },
          { ...options, params: [0], speed: 1 } as (typeof groups)[0],
        ],
      }),
    'Adam: loadStateDict: Adam: group 0: lr is -1; it must be from 0 up; ' +
      'group 1 has the parameters [0], not [1]; ' +
      'group 1: eps is missing, speed is unexpected; ' +
      'missing: 0.exp_avg; unexpected: 2.exp_avg; ' +
      'another shape or dtype: 1.exp_avg_sq (is [2] f32, wants [] f32); nothing was changed',
  )
  assert.is(optimizer.lr, 0.5)
  assert.throws(() => optimizer.loadStateDict({ tensors, groups: [] }), /it has 0 groups, .* 2/)
})

test('state tensors that were not saved get their initial values', async () => {
  const [old, now] = [new nn.SGD([scalar()], { lr: 1 }), new nn.SGD([scalar()], { momentum: 0.5 })]
  advance(now, 0, 3)
  now.loadStateDict(old.stateDict())
  now.groups[0].momentum = 0.5
  const { '0.momentum_buffer': velocity, '0.step': step } = now.stateDict().tensors
  assert.equal([await velocity.item(), await step.item()], [0, 0])
})

test('every group has its own options, which may change between steps', async () => {
  const [a, b] = [ones([], { requiresGrad: true }), ones([], { requiresGrad: true })]
  const optimizer = new nn.SGD(
    [
      { params: [a], lr: 0.5 },
      { params: [b], weightDecay: 1 },
    ],
    {
      lr: 0.25,
    },
  )
  const step = () => {
    for (const p of [a, b]) p.grad = ones([])
    optimizer.step()
  }
  step()
  assert.equal([await a.item(), await b.item()], [0.5, 0.5])
  optimizer.groups[0].lr = 0
  optimizer.groups[1].weightDecay = 0
  step()
  assert.equal([await a.item(), await b.item()], [0.5, 0.25])
  optimizer.lr = 1
  step()
  assert.equal([await a.item(), await b.item()], [-0.5, -0.75])
})

test('momentum that is set after the first step begins with the gradient', async () => {
  const p = scalar()
  const optimizer = new nn.SGD([p], { lr: 1, dampening: 0.5 })
  p.grad = ones([])
  optimizer.step()
  optimizer.groups[0].momentum = 0.5
  optimizer.step() // v = 1
  optimizer.step() // v = 0.5 · 1 + 0.5 · 1
  assert.is(await p.item(), -3)
})

test('more than a thousand parameters keep their own step counts', async () => {
  const params = Array.from({ length: 1030 }, scalar)
  const optimizer = new nn.Adam(params)
  for (const i of [31, 1023, 1024, 1029]) params[i].grad = ones([])
  optimizer.step()
  const { tensors } = optimizer.stateDict()
  const counts = await Promise.all(
    [30, 31, 32, 1023, 1024, 1025, 1029].map(i => tensors[`${i}.step`].item()),
  )
  assert.equal(counts, [0, 1, 0, 1, 1, 0, 1])
})

test('groups refuse what they cannot train', () => {
  const p = scalar()
  assert.throws(() => new nn.Adam([{ params: [] }]), /Adam: no parameters/)
  assert.throws(() => new nn.Adam([{ params: [p] }, { params: [p] }]), /occurs twice in the groups/)
  const mixed = [p, { params: [scalar()] }] as unknown as Tensor[]
  assert.throws(() => new nn.Adam(mixed), /put every tensor into a group/)
  const groups = [{ params: [p] }, { params: [scalar()], lr: NaN }]
  assert.throws(() => new nn.RMSprop(groups), /RMSprop: group 1: lr is NaN/)
  assert.throws(() => new nn.RMSprop([p], { alpha: 1 }), /alpha is 1; .* below 1/)
  assert.throws(() => new nn.Adagrad([p], { lrDecay: -1 }), /lrDecay is -1/)
})

test('gradients are scaled by one factor, and the norm is returned', async () => {
  for (const [normType, length] of [
    [2, Math.hypot],
    [1, oneNorm],
    [Infinity, largest],
    [3, cubic],
  ] as const) {
    manualSeed(5)
    const params = [[300, 7], [], [1], [0, 2], [513]].map(s => zeros(s, { requiresGrad: true }))
    for (const p of params) p.grad = randn(p.shape)
    params.push(scalar()) // without a gradient
    const before = await values(params)
    const norm = length(...before)
    assert.ok(near(await nn.clipGradNorm(params, norm / 2, { normType }).item(), norm))
    const after = await values(params)
    const factor = norm / 2 / (norm + 1e-6)
    assert.ok(
      after.every((g, i) => near(g, before[i] * factor)),
      `${normType}`,
    )
    nn.clipGradNorm(params, norm, { normType })
    assert.equal(await values(params), after) // short enough as they are
  }
})

test('the norm of gradients with a NaN is NaN, that of none is 0', async () => {
  const p = scalar()
  assert.is(await nn.clipGradNorm([p], 1).item(), 0)
  for (const normType of [2, Infinity]) {
    p.grad = tensor(NaN)
    assert.ok(Number.isNaN(await nn.clipGradNorm(p, 1, { normType }).item()))
  }
  assert.throws(() => nn.clipGradNorm(p, -1), /maxNorm is -1/)
  assert.throws(() => nn.clipGradNorm(p, 1, { normType: 0 }), /normType is 0/)
})

test('gradients are scaled in place, twelve per launch, so the optimizer copies none', async () => {
  const layers = Array.from({ length: 7 }, () => new nn.Linear(8, 8))
  const model = new nn.Sequential(...layers)
  const optimizer = new nn.SGD(model.parameters(), { lr: 0.1 })
  const launches = (clip: boolean) => {
    optimizer.zeroGrad()
    model
      .forward(ones([2, 8]))
      .sum()
      .backward()
    const before = launchCounts().launches
    if (clip) nn.clipGradNorm(model.parameters(), 0.5)
    optimizer.step()
    return launchCounts().launches - before
  }
  launches(false) // moves the parameters
  // norms of twelve and of two gradients, their sum, all scaled
  assert.is(launches(true) - launches(false), 2 + 1 + 2)
  const before = await values(model.parameters())
  const norm = Math.hypot(...before)
  assert.ok(near(await nn.clipGradNorm(model.parameters(), norm / 2).item(), norm))
  const after = await values(model.parameters())
  assert.ok(after.every((g, i) => near(g, before[i] / 2)))
})

test('gradients are clamped to a value', async () => {
  const p = zeros([4], { requiresGrad: true })
  p.grad = tensor([-3, -0.5, 0.5, 3])
  nn.clipGradValue([p, scalar()], 1)
  assert.equal(await values([p]), [-1, -0.5, 0.5, 1])
})

test('a scheduler continues from a saved state', () => {
  const options = { mode: 'max', patience: 1, cooldown: 1 } as const
  const makers: ((optimizer: nn.Optimizer) => nn.Scheduler)[] = [
    o => new nn.StepLR(o, { stepSize: 3 }),
    o => new nn.ExponentialLR(o, { gamma: 0.9 }),
    o => new nn.CosineAnnealingLR(o, { tMax: 5 }),
    o => new nn.MultiStepLR(o, { milestones: [2, 6, 6], gamma: 0.5 }),
    o => new nn.LambdaLR(o, { lrLambda: t => 1 / (t + 1) }),
    o => new nn.LinearLR(o, { startFactor: 0.5, totalIters: 6 }),
    o => new nn.CosineAnnealingWarmRestarts(o, { t0: 3, tMult: 2 }),
    warmUp,
    o => new nn.OneCycleLR(o, { maxLr: 1, totalSteps: 10 }),
    o => new nn.ReduceLROnPlateau(o, options),
  ]
  for (const make of makers) {
    const [first, second] = [new nn.Adam([scalar()]), new nn.Adam([scalar()])]
    const [whole, restarted] = [make(first), make(second)]
    for (let t = 0; t < 4; t++) whole.step(1)
    second.loadStateDict(first.stateDict())
    restarted.loadStateDict(JSON.parse(JSON.stringify(whole.stateDict())))
    for (let t = 4; t < 10; t++) {
      for (const scheduler of [whole, restarted]) scheduler.step(1)
      assert.equal(restarted.lastLr, whole.lastLr)
      assert.equal(second.stateDict().groups, first.stateDict().groups)
    }
  }
})

test('a scheduler goes on in a compiled step as outside', async () => {
  const rates = async (wrap: (f: () => Tensor) => () => Tensor) => {
    const p = zeros([2], { requiresGrad: true })
    const optimizer = new nn.SGD([p], { lr: 1 })
    const scheduler = warmUp(optimizer)
    const step = wrap(() => {
      optimizer.zeroGrad()
      p.sum().backward()
      optimizer.step()
      scheduler.step()
      return p.mul(1)
    })
    const seen: number[] = []
    for (let t = 0; t < 8; t++) seen.push(optimizer.lr, ...(await step().data()))
    return seen
  }
  assert.equal(await rates(f => compile(f)), await rates(f => f))
})

interface LionOptions {
  lr: number
  betas: [number, number]
  weightDecay: number
}

class Lion extends nn.TensorOptimizer<LionOptions, 'exp_avg'> {
  constructor(params: nn.Params<Partial<LionOptions>>, options: Partial<LionOptions> = {}) {
    super(params, { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0 }, options)
  }

  protected initial() {
    return { exp_avg: 0 }
  }

  protected rule(step: nn.ParameterStep<LionOptions, 'exp_avg'>) {
    const { theta, grad, state, options } = step
    const { lr, betas, weightDecay } = options
    const mix = (beta: Tensor) => state.exp_avg.mul(beta).add(grad.mul(beta.neg().add(1)))
    const change = mix(betas[0]).sign().add(theta.mul(weightDecay))
    return { theta: theta.sub(change.mul(lr)), exp_avg: mix(betas[1]) }
  }
}

test('an optimizer of one’s own trains, eager and compiled, and is saved and loaded', async () => {
  const run = async (
    wrap: (f: () => Tensor) => () => Tensor,
    cut: boolean,
    make: (params: Tensor[]) => nn.Optimizer = params =>
      new Lion(params, { lr: 0.1, weightDecay: 0.5 }),
  ) => {
    const params = [
      tensor([1, -2, 3], { requiresGrad: true }),
      tensor([[4]], { requiresGrad: true }),
      tensor([7], { requiresGrad: true }), // without a gradient
    ]
    let optimizer = make(params)
    let scheduler = new nn.ExponentialLR(optimizer, { gamma: 0.8 })
    const build = () =>
      wrap(() => {
        optimizer.zeroGrad()
        const loss = params[0].square().sum().add(params[1].sub(1).square().sum())
        loss.backward()
        optimizer.step()
        scheduler.step()
        return loss
      })
    let step = build()
    for (let t = 0; t < 8; t++) {
      step()
      if (!cut || t !== 4) continue
      const bytes = await io.encodeCheckpoint({ optimizer, scheduler })
      optimizer = make(params)
      scheduler = new nn.ExponentialLR(optimizer, { gamma: 0.8 })
      await io.decodeCheckpoint(bytes, { optimizer, scheduler })
      step = build()
    }
    return Promise.all(params.map(async p => [...(await p.data())]))
  }
  const eager = await run(f => f, false)
  assert.equal(await run(f => compile(f), false), eager)
  assert.equal(await run(f => compile(f), true), eager)
  // the same in float64
  const want = [1, -2, 3, 4].map((first, i) => {
    const target = i === 3 ? 1 : 0
    let [theta, m, lr] = [first, 0, 0.1]
    for (let t = 0; t < 8; t++) {
      const g = 2 * (theta - target)
      theta -= lr * (Math.sign(0.9 * m + 0.1 * g) + 0.5 * theta)
      m = 0.99 * m + 0.01 * g
      lr *= 0.8
    }
    return theta
  })
  const got = eager.flat()
  assert.ok(
    want.every((theta, i) => Math.abs(theta - got[i]) < 1e-5),
    `${got} not ${want}`,
  )
  assert.is(got[4], 7)

  class Adam extends nn.TensorOptimizer<{ lr: number }, 'm' | 'v'> {
    protected initial() {
      return { m: 0, v: 0 }
    }

    protected rule({
      theta,
      grad,
      state,
      t,
      options,
    }: nn.ParameterStep<{ lr: number }, 'm' | 'v'>) {
      const [m, v] = [
        state.m.mul(0.9).add(grad.mul(0.1)),
        state.v.mul(0.999).add(grad.square().mul(0.001)),
      ]
      const without = (beta: number) => tensor(beta).pow(t).neg().add(1)
      const quotient = m.div(without(0.9)).div(v.div(without(0.999)).sqrt().add(1e-8))
      return { theta: theta.sub(quotient.mul(options.lr)), m, v }
    }
  }
  const [own, known] = [
    await run(
      f => compile(f),
      false,
      params => new Adam(params, { lr: 0.1 }, {}),
    ),
    await run(
      f => f,
      false,
      params => new nn.Adam(params, { lr: 0.1 }),
    ),
  ].map(values => values.flat())
  assert.ok(
    known.every((v, i) => Math.abs(v - own[i]) < 1e-5),
    `${own} not ${known}`,
  )
})

test('a rule of one’s own that gives another shape is refused', () => {
  class Wrong extends nn.TensorOptimizer<{ lr: number }> {
    protected initial() {
      return {}
    }

    protected rule({ theta }: nn.ParameterStep<{ lr: number }, never>) {
      return { theta: theta.sum() }
    }
  }
  const p = tensor([1, 2], { requiresGrad: true })
  const optimizer = new Wrong([p], { lr: 1 }, {})
  p.sum().backward()
  assert.throws(
    () => optimizer.step(),
    /Wrong: the rule's theta is Tensor \[\] f32.*; it must be a tensor of the parameter's shape \[2\]/,
  )
})

test('a scheduler of one’s own needs a rule for the rate, and has its state', () => {
  class InverseSquareRoot extends nn.Scheduler {
    constructor(
      optimizer: nn.Optimizer,
      readonly warmUp: number,
    ) {
      super(optimizer)
      this.restart()
    }

    protected override firstRate(base: number): number {
      return base / this.warmUp
    }

    protected rate(_lr: number, i: number): number {
      const t = this.lastEpoch + 1
      return this.baseLrs[i] * Math.min(t / this.warmUp, Math.sqrt(this.warmUp / t))
    }
  }
  const optimizer = new nn.SGD([scalar()], { lr: 1 })
  const scheduler = new InverseSquareRoot(optimizer, 2)
  const seen = [optimizer.lr]
  for (let t = 0; t < 7; t++) {
    scheduler.step()
    seen.push(optimizer.lr)
  }
  assert.equal([seen[0], seen[1], seen[7]], [0.5, 1, 0.5])
  const again = new InverseSquareRoot(new nn.SGD([scalar()], { lr: 1 }), 2)
  again.loadStateDict(scheduler.stateDict())
  for (const one of [scheduler, again]) one.step()
  assert.equal(again.lastLr, scheduler.lastLr)
})

/** Five steps up, then a cosine. */
function warmUp(o: nn.Optimizer): nn.Scheduler {
  const first = new nn.LinearLR(o, { startFactor: 0.1, totalIters: 3 })
  const schedulers = [first, new nn.CosineAnnealingLR(o, { tMax: 4 })]
  return new nn.SequentialLR(o, { schedulers, milestones: [3] })
}

test('schedulers refuse wrong arguments', () => {
  const optimizer = new nn.Adagrad([scalar()])
  assert.throws(() => new nn.StepLR(optimizer, { stepSize: 0 }), /StepLR: stepSize is 0/)
  assert.throws(() => new nn.OneCycleLR(optimizer, { maxLr: 1 }), /totalSteps .* is 0/)
  const cycle = { maxLr: 1, totalSteps: 1 }
  assert.throws(() => new nn.OneCycleLR(optimizer, cycle), /Adagrad has no momentum to change/)
  const short = new nn.OneCycleLR(optimizer, { ...cycle, cycleMomentum: false })
  short.step()
  assert.throws(() => short.step(), /step 2 of a cycle of 1; it is over/)
  assert.throws(() => new nn.ReduceLROnPlateau(optimizer).step(), /the metric is undefined/)
  const milestones = [5, 3]
  const schedulers = [1, 2, 3].map(gamma => new nn.ExponentialLR(optimizer, { gamma: gamma / 4 }))
  assert.throws(
    () => new nn.SequentialLR(optimizer, { schedulers, milestones }),
    /3 schedulers and milestones \[5, 3\]; there is one between two schedulers, each later/,
  )
  assert.throws(
    () => new nn.MultiStepLR(optimizer, { milestones: [1.5] }),
    /milestones is \[1.5\]; it must be a list of whole numbers/,
  )
  assert.throws(
    () => new nn.LambdaLR(optimizer, { lrLambda: () => Number.NaN }),
    /LambdaLR: lrLambda\(0\) is NaN; it must be a number/,
  )
  assert.throws(() => new nn.LinearLR(optimizer, { startFactor: 0 }), /factors 0 to 1; they are up/)
  const step = new nn.StepLR(optimizer, { stepSize: 1 })
  assert.throws(
    () => step.loadStateDict({ lastEpoch: [1], baseLrs: [1, 2], best: 1 }),
    'StepLR: loadStateDict: best is unexpected, lastEpoch is [1]',
  )
})

function scalar(): Tensor {
  return zeros([], { requiresGrad: true })
}

async function values(params: readonly Tensor[]): Promise<number[]> {
  const rows = await Promise.all(params.map(p => p.grad?.data() ?? new Float32Array()))
  return rows.flatMap(row => [...row])
}

function oneNorm(...xs: number[]): number {
  return xs.reduce((sum, x) => sum + Math.abs(x), 0)
}

function largest(...xs: number[]): number {
  return Math.max(...xs.map(Math.abs))
}

function cubic(...xs: number[]): number {
  return Math.cbrt(xs.reduce((sum, x) => sum + Math.abs(x) ** 3, 0))
}

function near(got: number, want: number): boolean {
  return Math.abs(got - want) <= 4e-6 * Math.abs(want)
}

test('two optimizers may share a parameter, and its views show the changes', async () => {
  const p = tensor([1, 2, 3], { requiresGrad: true })
  const seen = p.detach()
  const [a, b] = [new nn.SGD([p], { lr: 1 }), new nn.SGD([p], { lr: 10 })]
  for (const optimizer of [a, b, a]) {
    p.grad = ones([3])
    optimizer.step()
  }
  assert.equal(await seen.array(), [-11, -10, -9])
})

for (const owned of [false, true])
  test(`two backward passes from one dy add up${owned ? ', with an optimizer' : ''}`, async () => {
    for (const [layer, x] of [
      [new nn.Linear(4, 4), ones([2, 4])],
      [new nn.Conv2d(1, 4, 1), ones([2, 1, 1, 1])],
      [new nn.ConvTranspose2d(1, 4, 1), ones([2, 1, 1, 1])],
    ] as [nn.Linear, Tensor][]) {
      if (owned) new nn.SGD(layer.parameters(), { lr: 0 })
      const y = layer.forward(x)
      const dy = ones(y.shape)
      y.backward(dy, { retainGraph: true })
      y.backward(dy)
      assert.equal(await layer.bias!.grad!.array(), [4, 4, 4, 4])
      assert.is(await layer.weight.grad!.sum().item(), 4 * layer.weight.size)
    }
  })

test('an old gradient, replaced by null, does not show the next one', async () => {
  const layer = new nn.Linear(4, 4)
  new nn.SGD(layer.parameters())
  layer
    .forward(ones([2, 4]))
    .sum()
    .backward()
  const first = layer.weight.grad!
  layer.weight.grad = null
  layer.bias!.grad = null
  layer
    .forward(ones([2, 4]))
    .sum()
    .backward()
  assert.is(await layer.weight.grad!.sum().item(), 32)
  await first.data().then(
    () => assert.unreachable(),
    error => assert.match(error.message, /this tensor is gone/),
  )
})

test('a cleared gradient fails when used: the next one has its memory', async () => {
  const layer = new nn.Linear(4, 4)
  const optimizer = new nn.SGD(layer.parameters(), { lr: 0 })
  const gradient = () => {
    layer
      .forward(ones([2, 4]))
      .sum()
      .backward()
    return layer.weight.grad!
  }
  const first = gradient()
  assert.is(await first.sum().item(), 32)
  assert.is(await gradient().sum().item(), 64)
  assert.is(first, layer.weight.grad)
  optimizer.zeroGrad()
  gradient()
  await first.data().then(
    () => assert.unreachable(),
    error => assert.match(error.message, /this tensor is gone/),
  )
})

test.run()
