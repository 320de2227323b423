/**
 * Every public function, class and method, called with things that it was not made for: it works,
 * or it throws an error of this library, never one of JavaScript's own from somewhere inside.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

// biome-ignore lint/suspicious/noExplicitAny: the calls are those that types forbid
type Untyped = any
type Call = (...args: Untyped[]) => unknown

const { nn, data, io, ones, arange, scope, tensor }: Untyped = kg

/** Not called: the device, the settings of the process, and what is made for the insides of ops. */
const left = ['init', 'shutdown', 'useVariants', 'record', 'Tensor', 'detectAnomaly']
const abstract = ['Module', 'Optimizer', 'Scheduler', 'TensorOptimizer']

function things(): Untyped[] {
  const numbers = [undefined, null, 0, 1.5, -1, Number.NaN, 'a', true]
  const tensors = [ones([2, 3]), ones([1, 1, 4, 4]), arange(2)]
  const lists = [[], [1, 2], [[1]], tensors, new Float32Array(2)]
  return [...numbers, ...tensors, ...lists, {}, { a: 1 }, new Map(), () => tensors[0], model()]
}

/** Modules whose memory goes back after each test: nothing waits for the garbage collector here. */
const made: Untyped[] = []
test.after.each(() => {
  for (const module of made.splice(0)) {
    if (module.options) module.options = {} // a layer among them is refused by the next line
    for (const [, t] of module.namedTensors()) t.dispose()
  }
})

function model(): Untyped {
  const layer = new nn.Linear(2, 2)
  made.push(layer)
  return layer
}

const optimizer = () => new nn.SGD(model().parameters())

/** What is thrown, or rejected with, when a call is none of this library's errors. */
async function foreign(f: Call, args: readonly Untyped[]): Promise<string | null> {
  try {
    let result: unknown
    scope(() => {
      result = f(...args)
    })
    if (result instanceof nn.Module) made.push(result)
    await result
    return null
  } catch (error) {
    const { constructor: kind, message, stack } = error as Error
    const isOwn = kind === Error && !message.startsWith('internal')
    return isOwn ? null : `${message} ${stack?.split('\n').find(line => line.includes('/src/'))}`
  }
}

/**
 * Calls f with every thing as its last argument, and as each of its options, after arguments that
 * are right.
 */
async function attack(name: string, f: Call, ...right: (() => Untyped[])[]): Promise<void> {
  const all = things()
  for (const begin of [[], ...right.map(make => make())]) {
    const options = await namesOf(f, begin)
    for (const thing of all)
      for (const last of [thing, ...options.map(option => ({ [option]: thing }))]) {
        const args = [...begin, last]
        const found = await foreign(f, args)
        assert.is(found, null, `${name}(${args.map(shown).join(', ')}): ${found}`)
      }
  }
}

/** The names of options that f says it has, after these arguments. */
async function namesOf(f: Call, args: readonly Untyped[]): Promise<string[]> {
  try {
    let result: unknown
    scope(() => {
      result = f(...args, { noSuchOption: 0 })
    })
    await result
  } catch (error) {
    const [, names] = (error as Error).message.match(/known are (.*)$/i) ?? []
    return names?.split(', ') ?? []
  }
  return []
}

function shown(value: Untyped): string {
  if (value?.constructor === Object)
    return `{ ${Object.entries(value).map(([name, part]) => `${name}: ${shown(part)}`)} }`
  return typeof value === 'object' ? (value?.constructor.name ?? 'null') : String(value)
}

/** A function, or a class as a function. */
function callable(f: Untyped): Call {
  return /^class/.test(String(f)) ? (...args) => new f(...args) : f
}

const x = () => [ones([2, 3])]
const two = () => [ones([2, 3]), ones([2, 3])]
const images = () => [ones([1, 1, 4, 4]), ones([1, 1, 2, 2])]

function functions(room: object): [name: string, f: Untyped][] {
  return Object.entries(room).filter(
    ([name, f]) => typeof f === 'function' && ![...left, ...abstract].includes(name),
  )
}

for (const [name, f] of functions(kg)) test(name, () => attack(name, f, x, two, images))

for (const [name, f] of functions(nn))
  test(`nn.${name}`, () =>
    attack(
      `nn.${name}`,
      callable(f),
      () => [2, 2],
      () => [4, 4, 3],
      () => [model().parameters()],
      () => [optimizer()],
    ))

for (const [room, part] of Object.entries({ io, data, 'nn.init': nn.init }) as [string, object][])
  for (const [name, f] of functions(part))
    test(`${room}.${name}`, () => attack(`${room}.${name}`, callable(f), () => [ones([2, 2])]))

/** Objects with their methods, each with arguments that are right. */
const objects: Record<string, [make: () => Untyped, methods: Record<string, () => Untyped[]>]> = {
  'a layer': [
    model,
    {
      forward: () => [],
      loadStateDict: () => [model().stateDict()],
      registerBuffer: () => ['mask', ones([2])],
      registerForwardHook: () => [],
      apply: () => [],
      summary: () => [[1, 2]],
      numParameters: () => [],
    },
  ],
  'a convolution': [() => new nn.Conv2d(1, 1, 2), { forward: () => [], activated: x }],
  'batch norm': [() => new nn.BatchNorm2d(1), { forward: () => [] }],
  'an embedding': [() => new nn.Embedding(3, 2), { forward: () => [] }],
  attention: [
    () => new nn.MultiheadAttention(2, 1),
    { forward: () => [ones([2, 1, 2]), ones([2, 1, 2]), ones([2, 1, 2])] },
  ],
  'an encoder layer': [
    () => new nn.TransformerEncoderLayer(2, 1, { dimFeedforward: 2 }),
    { forward: () => [ones([2, 1, 2])] },
  ],
  'an LSTM': [() => new nn.LSTM(2, 2), { forward: () => [ones([2, 1, 2])] }],
  'a cell of an LSTM': [() => new nn.LSTMCell(2, 2), { forward: () => [ones([1, 2])] }],
  'a cell of a GRU': [() => new nn.GRUCell(2, 2), { forward: () => [ones([1, 2])] }],
  'a GRU': [() => new nn.GRU(2, 2), { forward: () => [ones([2, 1, 2])] }],
  'a dict': [() => new nn.ModuleDict({ a: model() }), { set: () => ['a'], get: () => [] }],
  'a loader': [
    () => new data.DataLoader({ x: new Float32Array(4), shape: [2] }, { batchSize: 1 }),
    { setEpoch: () => [], loadStateDict: () => [] },
  ],
  'a loss': [() => new nn.CrossEntropyLoss(), { forward: x }],
  'a list': [() => new nn.ModuleList(), { append: () => [], at: () => [] }],
  'an optimizer': [optimizer, { loadStateDict: () => [], step: () => [] }],
  'a scheduler': [
    () => new nn.StepLR(optimizer(), { stepSize: 1 }),
    { loadStateDict: () => [], step: () => [] },
  ],
  'a plateau': [() => new nn.ReduceLROnPlateau(optimizer()), { step: () => [] }],
  'a meter': [() => new nn.Meter(), { add: () => [ones([])] }],
  'a compiled step': [() => ({ call: kg.compile((t: kg.Tensor) => t.mul(2)) }), { call: () => [] }],
  'a leaf': [() => tensor([1, 2], { requiresGrad: true }).sum(), { backward: () => [ones([])] }],
}

for (const [what, [make, methods]] of Object.entries(objects))
  for (const [method, right] of Object.entries(methods))
    test(`${what}: ${method}`, () =>
      attack(`${what}: ${method}`, (...args) => make()[method](...args), right))

test.run()
