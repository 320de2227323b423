/** A set of images that lies on the GPU as bytes. */
import { check } from '../kernels/check.js'
import { takePixels } from '../launches/pixels.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import { tensor } from '../tensor/create.js'
import { checkInside } from '../tensor/known.js'
import { keep } from '../tensor/lifetime.js'
import { show, sizeOf, stridesOf } from '../tensor/shape.js'
import { type Tensor, view } from '../tensor/tensor.js'
import { type ImageSet, pixels } from './dataset.js'

export interface DeviceImagesOptions {
  /** See `pixels`. */
  mean?: number
  std?: number
  /** The shape of one image as floats; by default [height, width]. */
  shape?: readonly number[]
}

/**
 * Images on the GPU, a byte for each pixel: sent once, in a quarter of the memory of floats. A step
 * of a training then sends the positions of its images alone:
 *
 *     const images = new data.DeviceImages(set, { shape: [1, 28, 28] })
 *     const step = compile((index: Tensor) => { const x = images.take(index); … })
 *
 * The floats are those of `pixels`, bit for bit.
 */
export class DeviceImages {
  readonly count: number
  readonly shape: readonly number[]
  private readonly bytes: Tensor
  private readonly table: Tensor

  /** @throws Error when it is no set of images, or the shape has another number of pixels */
  constructor(set: ImageSet, options: DeviceImagesOptions = {}) {
    const { mean, std, shape } = optionsOf('DeviceImages', options, ['mean', 'std', 'shape'])
    const ramp = { images: Uint8Array.from({ length: 256 }, (_, i) => i), height: 16, width: 16 }
    const table = pixels({ ...set, ...ramp, count: 1 }, { mean, std })
    const { images, count, height, width } = set
    this.count = count
    this.shape = shape ?? [height, width]
    check(
      sizeOf(this.shape) === height * width,
      () =>
        `DeviceImages: images of ${height} × ${width} cannot have the shape ${show(this.shape)}`,
    )
    const words = new Uint32Array(Math.ceil(images.length / 4))
    new Uint8Array(words.buffer).set(images)
    this.bytes = keep(tensor(words))
    this.table = keep(tensor(table))
  }

  /**
   * x[k] = image index[k] as floats.   index i32 [n]   x [n, …shape]
   *
   * An index that the GPU computed and that lies outside of the set gives NaN.
   * @throws Error unless the index is a list of i32, and inside of the set if it is from the host
   */
  take(index: Tensor): Tensor {
    checkTensor('DeviceImages.take', index)
    check(
      index.rank === 1 && index.dtype === 'i32',
      () => `DeviceImages.take: the index is ${index}; it must be a list of i32`,
    )
    checkInside('DeviceImages.take', 'the index', index, this.count)
    const { bytes, table, count: images } = this
    const x = takePixels({ bytes, images, size: sizeOf(this.shape), table }, index)
    const shape = [index.size, ...this.shape]
    return view(x, { shape, strides: stridesOf(shape) }, 'pixels')
  }

  /** Frees its memory. */
  dispose(): void {
    this.bytes.dispose()
    this.table.dispose()
  }
}
