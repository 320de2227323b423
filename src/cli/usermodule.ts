/** A network from a user's own file. */
import { basename } from 'node:path'
import { check } from '../kernels/check.js'
import { mseLoss, nn, randn, type Tensor } from '../node.js'
import { described } from '../tensor/arguments.js'
import type { Network } from './network.js'
import { importFrom } from './usercode.js'
import { codesOf, imagesOf, type Owned, shapeOfCode, tryForward } from './usermodel.js'

/** What a module may export beside its default: see `networkFrom`. */
interface UserModule {
  default?: unknown
  shape?: unknown
  range?: unknown
  loss?: unknown
}

/** Whether `--model` names a file. */
export const isModule = (model: string) => /\.[cm]?[jt]s$/.test(model)

/**
 * A network from a module's exports:
 *
 *     export default class extends nn.Module { … }   or a function that returns a module
 *     export const shape = [784]                     of one image; [1, 28, 28] by default
 *     export const range = [0, 1]                    black and white; [−1, 1] by default
 *     export const loss = (model, x, target) => …    the squared error of forward(x) by default
 *
 * `forward(x)` returns x̂, or [x̂, kld], whose second tensor is added to the loss. A module with
 * `encoder` and `decoder`, or with `encode(x)` and `decode(code)`, has codes.
 * @throws Error of one line that names the file and what it lacks
 */
export async function networkFrom(path: string): Promise<Network> {
  const {
    default: make,
    shape = [1, 28, 28],
    range = [-1, 1],
    loss,
  } = (await importFrom(path)) as UserModule
  check(
    typeof make === 'function',
    () =>
      `${path}: its default export is ${described(make)}; export default class extends nn.Module`,
  )
  check(
    isNumbers(shape) && shape.reduce((product, size) => product * size, 1) === 784,
    () => `${path}: shape is ${described(shape)}; an image has 784 pixels: [784] or [1, 28, 28]`,
  )
  check(
    isNumbers(range) && range.length === 2 && range[0] !== range[1],
    () => `${path}: range is ${described(range)}; it must be [black, white], such as [0, 1]`,
  )
  check(
    loss === undefined || typeof loss === 'function',
    () => `${path}: loss is ${described(loss)}; it must be a function (model, x, target) => …`,
  )
  const model = made(make as Maker) as Owned
  check(
    model instanceof nn.Module,
    () =>
      `${path}: its default export made ${described(model)}; it must make an nn.Module of the ` +
      "package 'kernelgrad'",
  )
  const isVariational = tryForward(path, model, shape)
  const encode = (x: Tensor) => codesOf(path, model, x)
  const code = shapeOfCode(encode, shape)
  const latent = code?.reduce((product, size) => product * size, 1) ?? null
  const decode = (codes: Tensor) => {
    const given = codes.reshape([codes.shape[0], ...(code ?? [])])
    return imagesOf(path, model, given).reshape([codes.shape[0], ...shape])
  }
  const both = (x: Tensor) => [model.forward(x)].flat() as Tensor[]
  const own = loss as ((model: nn.Module<unknown>, x: Tensor, target: Tensor) => Tensor) | undefined
  return {
    name: path,
    title: `${basename(path)}: ${latent === null ? 'no code' : `784 → ${latent} → 784`}`,
    options: {},
    model,
    shape,
    range: range as [number, number],
    latent,
    reconstruct: x => both(x)[0].reshape(x.shape),
    loss(x, target = x) {
      if (own) return own(model, x, target)
      const [y, kld] = both(x)
      const error = mseLoss(y.reshape(x.shape), target)
      return kld ? error.add(kld) : error
    },
    encode: x => encode(x).reshape([x.shape[0], -1]),
    decode,
    ...(isVariational && latent !== null && { generate: n => decode(randn([n, latent])) }),
  }
}

type Maker = (() => unknown) & { prototype: unknown }

/** What the default export makes, be it a class or a function. */
function made(make: Maker): unknown {
  const isClass = /^class\b/.test(Function.prototype.toString.call(make))
  return isClass ? Reflect.construct(make, []) : make()
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(Number.isFinite)
}
