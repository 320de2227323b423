/** PyTorch's weights in the orders that other engines store them in. */

export interface Weight {
  shape: number[]
  data: Float32Array<ArrayBuffer>
}

/** [out, in] → [in, out] */
export function transposed(data: Float32Array, [out, inputs]: number[]): Weight {
  return reordered([inputs, out], (i, o) => data[o * inputs + i])
}

/** A transposed convolution's kernel [in, out, k, k], rotated to a convolution's: [out, in, k, k]. */
export function flipped(data: Float32Array, [inputs, outputs, kh, kw]: number[]): Weight {
  return reordered(
    [outputs, inputs, kh, kw],
    (o, i, y, x) => data[((i * outputs + o) * kh + kh - 1 - y) * kw + kw - 1 - x],
  )
}

/** [a, b, k, k] → [k, k, b, a]: both of PyTorch's kernels as TensorFlow has them. */
export function channelsLast(data: Float32Array, [a, b, kh, kw]: number[]): Weight {
  return reordered([kh, kw, b, a], (y, x, j, i) => data[((i * b + j) * kh + y) * kw + x])
}

function reordered(shape: number[], value: (...index: number[]) => number): Weight {
  const data = new Float32Array(shape.reduce((n, size) => n * size, 1))
  const index = shape.map(() => 0)
  for (let at = 0; at < data.length; at++) {
    data[at] = value(...index)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break
      index[axis] = 0
    }
  }
  return { shape, data }
}
