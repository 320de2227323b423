/** Random tensors from one seeded generator: draw number d of a seed is the same on every run. */
import { check } from '../kernels/check.js'
import { onShutdown } from '../kernels/device.js'
import { isDry } from '../kernels/dryrun.js'
import { type Lease, lend } from '../kernels/pool.js'
import { eachTime, type Recording, recordingNow, refuseToRecord } from '../kernels/recording.js'
import { write } from '../kernels/transfer.js'
import { checkFinite, checkTensor, optionsOf } from './arguments.js'
import type { Options } from './fromhost.js'
import { run } from './run.js'
import { checkShape, type Shape } from './shape.js'
import { empty, type Tensor } from './tensor.js'

let seed: [number, number] = [0, 0]
let draws = 0
let state: Lease | null = null
/** The state that recorded draws read. */
let replayed: Lease | null = null
/** Counts the draws of the recording that is being made. */
let counter: { readonly recording: Recording; count: number } | null = null

/**
 * Restarts the random stream. All later draws depend only on the seed and on their order.
 * @param value a whole number from 0 to 2⁵³ − 1
 */
export function manualSeed(value: number): void {
  check(
    Number.isSafeInteger(value) && value >= 0,
    () => `manualSeed: ${value}; a seed is a whole number from 0 to 2^53 - 1`,
  )
  refuseToRecord(() => 'manualSeed inside the step would seed every replay alike; call it outside')
  seed = [value >>> 0, Math.floor(value / 2 ** 32)]
  draws = 0
  if (state) write(state, Uint32Array.of(...seed, 0, 0))
}

/** Draws since the seed was set. */
export function drawsSoFar(): number {
  return draws
}

/** Makes the next replay of a recording begin with draw number `base`. */
export function replayDrawsFrom(base: number): void {
  replayed ??= lend(16)
  write(replayed, Uint32Array.of(...seed, base, 0))
}

/** Uniform in [0, 1). */
export function rand(shape: Shape, options?: Options): Tensor {
  return uniform(shape, 0, 1, options)
}

/** Uniform in [low, high). */
export function uniform(shape: Shape, low: number, high: number, options?: Options): Tensor {
  checkFinite('uniform', 'low', low)
  checkFinite('uniform', 'high', high)
  return draw('uniform_', 'rand', shape, [low, high - low], options)
}

/** Normal with mean 0 and standard deviation 1. */
export function randn(shape: Shape, options?: Options): Tensor {
  return normal(shape, 0, 1, options)
}

/** Normal with the given mean and standard deviation. */
export function normal(shape: Shape, mean: number, std: number, options?: Options): Tensor {
  checkFinite('normal', 'mean', mean)
  checkFinite('normal', 'std', std)
  return draw('normal', 'randn', shape, [mean, std], options)
}

/** `rand` of another tensor's shape. */
export function randLike(t: Tensor, options?: Options): Tensor {
  checkTensor('randLike', t)
  return rand(t.shape, options)
}

/** `randn` of another tensor's shape. */
export function randnLike(t: Tensor, options?: Options): Tensor {
  checkTensor('randnLike', t)
  return randn(t.shape, options)
}

/** 32 random bits per element, u32: the raw stream, equal to threefry(seed, [i, draw])[0]. */
export function randomBits(shape: Shape): Tensor {
  return draw('bits', 'randomBits', shape, [0, 0], { dtype: 'u32' })
}

function draw(
  entry: 'bits' | 'uniform_' | 'normal',
  op: string,
  shape: Shape,
  [p0, p1]: readonly [number, number],
  options: Options = {},
): Tensor {
  checkShape(op, shape)
  const { dtype = 'f32', requiresGrad = false } = optionsOf(op, options, ['dtype', 'requiresGrad'])
  check(
    dtype === 'f32' || entry === 'bits',
    () => `${op}: dtype is ${dtype}; random numbers are f32: draw first, convert then`,
  )
  const t = empty(shape, dtype, op)
  if (!isDry()) {
    const { generator, draw } = next()
    const [params, tensors] = [
      { n: t.size, draw, p0, p1 },
      { generator, y: t },
    ]
    run('random', { entry, params, tensors, threads: t.size })
  }
  t.requiresGrad = requiresGrad
  return t
}

/**
 * The generator's state on the GPU, and the number of the next draw. In a recorded step, draws
 * count from a base: every replay sets it to the draws so far, and so continues the stream.
 */
function next(): { generator: Lease; draw: number } {
  const recording = recordingNow()
  if (!recording) {
    draws++
    return { generator: stateOf(), draw: draws - 1 }
  }
  if (counter?.recording !== recording) {
    const own = { recording, count: 0 }
    counter = own
    eachTime(() => {
      replayDrawsFrom(draws)
      draws += own.count
    })
  }
  draws++
  return { generator: replayed!, draw: counter.count++ }
}

function stateOf(): Lease {
  if (!state) {
    state = lend(16)
    write(state, Uint32Array.of(...seed, 0, 0))
  }
  return state
}

onShutdown(() => {
  state = null
  replayed = null
  counter = null
})
