/** Trainings whose weights are compared byte for byte: between adapters, and between kernels. */
import { compile, data, manualSeed, nn, tensor } from '../src/index.js'
import { batch, kinds, step } from './autoencoders.js'
import { functions } from './ulp/functions.js'
import { numbersFrom, sample } from './ulp/measure.js'

const size = 32

/** A digest of a model's weights after so many steps of Adam on drawn digits. */
export async function trained(kind: string, steps: number): Promise<string> {
  const { images, count } = data.drawDigits({ count: 8 * size, seed: 3 })
  manualSeed(7)
  const model = kinds[kind].make()
  const optimizer = new nn.Adam(model.parameters(), { lr: 1e-3 })
  const batches = Array.from({ length: count / size }, (_, b) =>
    batch(
      kinds[kind],
      images,
      Int32Array.from({ length: size }, (_, i) => b * size + i),
    ),
  )
  const advance = compile((x: (typeof batches)[number]) => step(model, optimizer, x))
  for (let i = 0; i < steps; i++) advance(batches[i % batches.length]).dispose()
  const weights = await Promise.all(model.parameters().map(p => p.data()))
  advance.dispose()
  return digest(weights)
}

/** Digests of the elementary functions at 65,536 inputs each, all NaNs taken for one. */
export async function ofFunctions(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const each of functions) {
    const random = numbersFrom(5)
    const [x, p] = sample(each, 1 << 16, random)
    const y = (await each.f(tensor(x), tensor(p)).data()) as Float32Array
    digests[each.name] = digest([y.map(v => (Number.isNaN(v) ? NaN : v))])
  }
  return digests
}

/** FNV-1a over the bytes of these arrays, 64 bits in hexadecimal. */
export function digest(arrays: readonly ArrayBufferView[]): string {
  let hash = 0xcbf29ce484222325n
  for (const array of arrays) {
    const words = new Uint32Array(array.buffer, array.byteOffset, array.byteLength / 4)
    for (const word of words) hash = BigInt.asUintN(64, (hash ^ BigInt(word)) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}
