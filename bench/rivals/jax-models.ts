/** The autoencoders in jax-js. A function consumes its arguments; `.ref` keeps one. */
import { lax, nn, numpy as np } from '@jax-js/jax'
import { flipped, transposed } from './layout.js'
import type { ModelName } from './networks.js'
import type { Problem } from './problem.js'

type Loss = (parameters: np.Array[], x: np.Array, epsilon: np.Array) => np.Array

/** Each model's loss, of its parameters in PyTorch's order. */
export const losses: Record<ModelName, Loss> = {
  mlp(p, x, epsilon) {
    epsilon.dispose()
    const code = dense(p.slice(0, 8), x.ref)
    return mse(np.tanh(dense(p.slice(8), code)), x)
  },
  conv(p, x, epsilon) {
    epsilon.dispose()
    const image = x.reshape([-1, 1, 28, 28])
    let h = nn.relu(conv(image.ref, p[0], p[1], { stride: 3, padding: 1 })) // [b, 16, 10, 10]
    h = pool(h, 2) // [b, 16, 5, 5]
    h = nn.relu(conv(h, p[2], p[3], { stride: 2, padding: 1 })) // [b, 8, 3, 3]
    h = pool(h, 1) // [b, 8, 2, 2]
    h = nn.relu(convTranspose(h, p[4], p[5], { stride: 2, padding: 0 })) // [b, 16, 5, 5]
    h = nn.relu(convTranspose(h, p[6], p[7], { stride: 3, padding: 1 })) // [b, 8, 15, 15]
    h = convTranspose(h, p[8], p[9], { stride: 2, padding: 1 }) // [b, 1, 28, 28]
    return mse(np.tanh(h), image)
  },
  vae(p, x, epsilon) {
    const [mu, sigma] = np.split(nn.relu(dense(p.slice(0, 6), x.ref)), 2, 1) // [b, 10]
    const code = mu.ref.add(sigma.ref.mul(epsilon))
    const error = mse(nn.sigmoid(dense(p.slice(6), code)), x)
    const variance = np.square(sigma)
    const terms = np
      .square(mu)
      .add(variance.ref)
      .sub(np.log(variance.add(1e-8)))
      .add(-1)
    const pixels = terms.shape[0] * 784
    return error.add(np.sum(terms).mul(0.5 / pixels))
  },
}

/** The parameters as the functions above take them: matrices [in, out], kernels [out, in, k, k]. */
export function parameters({ weights }: Problem): np.Array[] {
  return weights.map(({ name, shape, data }) => {
    if (shape.length === 2) return make(transposed(data, shape))
    if (shape.length === 4 && name.startsWith('decoder')) return make(flipped(data, shape))
    return make({ data, shape })
  })
}

const make = ({ data, shape }: { data: Float32Array<ArrayBuffer>; shape: number[] }) =>
  np.array(data).reshape(shape)

/** Linear layers, ReLU between them.   p = [W, b, W, b, …] */
function dense(p: np.Array[], x: np.Array): np.Array {
  let h = x
  for (let i = 0; i < p.length; i += 2) {
    h = np.dot(i > 0 ? nn.relu(h) : h, p[i]).add(p[i + 1])
  }
  return h
}

interface Window {
  stride: number
  padding: number
}

function conv(x: np.Array, w: np.Array, b: np.Array, { stride, padding }: Window): np.Array {
  const pads: [number, number][] = [
    [padding, padding],
    [padding, padding],
  ]
  return lax.convGeneralDilated(x, w, [stride, stride], pads).add(b.reshape([-1, 1, 1]))
}

/** A convolution over x with stride − 1 zeros between its pixels. */
function convTranspose(x: np.Array, w: np.Array, b: np.Array, { stride, padding }: Window) {
  const pad = w.shape[2] - 1 - padding
  const pads: [number, number][] = [
    [pad, pad],
    [pad, pad],
  ]
  const lhsDilation = [stride, stride]
  return lax.convGeneralDilated(x, w, [1, 1], pads, { lhsDilation }).add(b.reshape([-1, 1, 1]))
}

function pool(x: np.Array, stride: number): np.Array {
  return lax.reduceWindow(x, np.max, [2, 2], [stride, stride])
}

const mse = (y: np.Array, x: np.Array) => np.mean(np.square(y.sub(x)))
