/** Launch of pixels.wgsl: images taken by an index from bytes, as floats. */
import { pixelsKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** Bytes on the GPU, image after image, four in a word. */
export interface ByteImages {
  /** u32 [words] */
  readonly bytes: Tensor
  /** How many images there are. */
  readonly images: number
  /** Bytes of one image. */
  readonly size: number
  /** f32 [256], the value of every byte. */
  readonly table: Tensor
}

/** y[k,i] = table[byte i of image index[k]]     index i32 [count]   y [count, size] */
export function takePixels({ bytes, images, size, table }: ByteImages, index: Tensor): Tensor {
  const y = empty([index.size, size], 'f32', 'pixels')
  run(pixelsKernel, {
    params: { n: y.size, size, images },
    tensors: { bytes, index: compact(index), table, result: y },
    threads: y.size,
  })
  return y
}
