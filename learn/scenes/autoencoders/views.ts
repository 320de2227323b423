/** What the page shows of a network: reconstructions, codes, decoded places. Given new weights, it follows. */
import {
  add,
  cat,
  keep,
  matmul,
  mean,
  mul,
  noGrad,
  randn,
  randomState,
  scope,
  setRandomState,
  square,
  sub,
  type Tensor,
  tensor,
} from '../../../src/index.js'
import { axesOf, type Components, placesOf, roundExtent } from './axes.js'
import { floats, type Images, pixelsPerImage } from './images.js'
import type { Codes } from './messages.js'
import type { Network } from './network.js'

const shown = 10 // digits beside their reconstructions, one of each class
const most = 300 // digits in the plane and in the cloud

export class Views {
  /** Grey values of the digits of the cloud [n, 784], on the GPU. */
  readonly pixels: Tensor
  readonly labels: Uint8Array
  /** Places of their codes [n, 3], on the GPU; null before the first `codes`. */
  places: Tensor | null = null
  /** Along each axis the largest distance from `middle`. */
  extents = [1, 1, 1]
  middle = [0, 0, 0]
  private readonly some: Tensor
  private readonly noise: Tensor
  private axes: Components | null = null

  constructor(
    private readonly network: Network,
    images: Images,
  ) {
    const count = Math.min(most, images.count)
    const all = Array.from({ length: count }, (_, i) => i)
    this.labels = Uint8Array.from(all, i => images.label(i))
    const ofEach = Array.from({ length: shown }, (_, digit) =>
      Math.max(0, this.labels.indexOf(digit)),
    )
    const onGpu = (indices: number[]) =>
      keep(tensor(floats(images, indices), { shape: [indices.length, pixelsPerImage] }))
    this.pixels = onGpu(all)
    this.some = onGpu(ofEach)
    const state = randomState() // the training draws the same numbers with these views as without
    this.noise = keep(randn(this.some.shape))
    setRandomState(state)
  }

  async pictures(noise: number) {
    const { some, network } = this
    const [originals, input, outputs] = compute(() => {
      const input = noise > 0 ? add(some, mul(this.noise, noise)) : some
      return [some.data(), input.data(), network.decode(network.encode(input)).data()]
    })
    return {
      originals: (await originals) as Float32Array,
      noisy: noise > 0 ? ((await input) as Float32Array) : null,
      outputs: (await outputs) as Float32Array,
    }
  }

  /** Codes all digits, and lays axes through them. */
  async codes(): Promise<Codes> {
    const { latent } = this.network
    const [z, errors] = compute(() => {
      const z = keep(this.network.encode(this.pixels))
      const difference = sub(this.network.decode(z), this.pixels)
      return [z, keep(mean(square(difference), 1, { keepdim: true }))]
    })
    const [codes, heights] = (await Promise.all([z.data(), errors.data()])) as Float32Array[]
    this.axes = axesOf(codes, latent, this.axes)
    const flat = placesOf(codes, latent, this.axes)
    const places = latent === 2 ? withHeights(flat, heights) : flat
    this.places?.dispose()
    this.places = compute(() => keep(latent === 2 ? cat([z, errors], 1) : this.projected(z)))
    for (const t of [z, errors]) t.dispose()
    this.measure(places, latent === 2)
    const extent = Math.max(this.extents[0], this.extents[1])
    return { latent, places, labels: this.labels, extent }
  }

  /** The image of a place in the plane; null before the first `codes`. */
  async decode(at: readonly [number, number]): Promise<Float32Array | null> {
    const { axes } = this
    if (!axes) return null
    const code = Float32Array.from(
      axes.mean,
      (m, i) => m + at[0] * axes.axes[0][i] + at[1] * axes.axes[1][i],
    )
    const [image] = compute(() => {
      const z = tensor(code, { shape: [1, code.length] })
      return [this.network.decode(z).data()]
    })
    return (await image) as Float32Array
  }

  /** The code of one image, and what becomes of it. */
  async own(pixels: Float32Array<ArrayBuffer>) {
    const [code, output] = compute(() => {
      const z = this.network.encode(tensor(pixels, { shape: [1, pixelsPerImage] }))
      return [z.data(), this.network.decode(z).data()]
    })
    const image = (await output) as Float32Array
    const error = image.reduce((sum, y, i) => sum + (y - pixels[i]) ** 2, 0) / image.length
    return { code: (await code) as Float32Array, output: image, error }
  }

  dispose(): void {
    for (const t of [this.pixels, this.some, this.noise, this.places]) t?.dispose()
  }

  /** The same places as `placesOf` gives, computed where the codes are. */
  private projected(z: Tensor): Tensor {
    const { mean, axes } = this.axes!
    const size = mean.length
    const A = Float32Array.from({ length: 3 * size }, (_, i) => axes[i % 3][Math.floor(i / 3)])
    return matmul(sub(z, tensor([...mean])), tensor(A, { shape: [size, 3] })) // [n, 3]
  }

  private measure(places: Float32Array, hasHeights: boolean): void {
    const largest = [0, 1, 2].map(a =>
      places.reduce((most, x, i) => (i % 3 === a ? Math.max(most, Math.abs(x)) : most), 0),
    )
    if (hasHeights) {
      const height = roundExtent(largest[2]) / 2
      const side = roundExtent(Math.max(largest[0], largest[1]))
      this.extents = [side, side, height]
      this.middle = [0, 0, height]
      return
    }
    const side = roundExtent(Math.max(...largest))
    this.extents = [side, side, side]
  }
}

function withHeights(flat: Float32Array, heights: Float32Array): Float32Array {
  return Float32Array.from({ length: 3 * heights.length }, (_, i) =>
    i % 3 === 2 ? heights[(i - 2) / 3] : flat[2 * Math.floor(i / 3) + (i % 3)],
  )
}

/** Without a tape, and with all that is not kept given back. */
function compute<T>(f: () => T): T {
  return scope(() => noGrad(f))
}
