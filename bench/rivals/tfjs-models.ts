/** The autoencoders in TensorFlow.js, which has channels last. */
import * as tf from '@tensorflow/tfjs'
import { channelsLast, transposed } from './layout.js'
import type { ModelName } from './networks.js'
import type { Problem } from './problem.js'

type Loss = (parameters: tf.Tensor[], x: tf.Tensor2D, epsilon: tf.Tensor) => tf.Scalar

/** Each model's loss, of its parameters in PyTorch's order. */
export const losses: Record<ModelName, Loss> = {
  mlp(p, x) {
    const code = dense(p.slice(0, 8), x)
    return mse(tf.tanh(dense(p.slice(8), code)), x)
  },
  conv(p, x) {
    const b = x.shape[0]
    const image = tf.reshape(x, [b, 28, 28, 1]) as tf.Tensor4D
    let h: tf.Tensor4D = conv(image, p[0], p[1], 3) // [b, 10, 10, 16]
    h = tf.maxPool(h, 2, 2, 'valid') // [b, 5, 5, 16]
    h = conv(h, p[2], p[3], 2) // [b, 3, 3, 8]
    h = tf.maxPool(h, 2, 1, 'valid') // [b, 2, 2, 8]
    h = tf.relu(tf.add(tf.conv2dTranspose(h, p[4] as tf.Tensor4D, [b, 5, 5, 16], 2, 'valid'), p[5]))
    h = tf.relu(tf.add(tf.conv2dTranspose(h, p[6] as tf.Tensor4D, [b, 15, 15, 8], 3, 1), p[7]))
    h = tf.add(tf.conv2dTranspose(h, p[8] as tf.Tensor4D, [b, 28, 28, 1], 2, 1), p[9])
    return mse(tf.tanh(h), image)
  },
  vae(p, x, epsilon) {
    const [mu, sigma] = tf.split(tf.relu(dense(p.slice(0, 6), x)), 2, 1) // [b, 10]
    const code = tf.add(mu, tf.mul(sigma, epsilon)) as tf.Tensor2D
    const error = mse(tf.sigmoid(dense(p.slice(6), code)), x)
    const variance = tf.square(sigma)
    const terms = tf.sub(tf.add(tf.square(mu), variance), tf.log(tf.add(variance, 1e-8)))
    const kld = tf.mul(tf.sum(tf.sub(terms, 1)), 0.5 / (x.shape[0] * 784))
    return tf.add(error, kld)
  },
}

/** Parameters as above: matrices [in, out], kernels [k, k, in, out] or [k, k, out, in]. */
export function parameters({ weights }: Problem): tf.Variable[] {
  return weights.map(({ shape, data }) => {
    if (shape.length === 2) return make(transposed(data, shape))
    return make(shape.length === 4 ? channelsLast(data, shape) : { data, shape })
  })
}

const make = ({ data, shape }: { data: Float32Array; shape: number[] }) =>
  tf.variable(tf.tensor(data, shape))

/** Linear layers, ReLU between them, fused with the product.   p = [W, b, W, b, …] */
function dense(p: tf.Tensor[], x: tf.Tensor2D): tf.Tensor2D {
  let h = x
  for (let i = 0; i < p.length; i += 2) {
    const activation = i + 2 < p.length ? 'relu' : 'linear'
    const [b, bias] = [p[i] as tf.Tensor2D, p[i + 1]]
    h = tf.fused.matMul({ a: h, b, bias, activation }) as tf.Tensor2D
  }
  return h
}

/** A convolution of padding 1 and its ReLU, fused. */
function conv(x: tf.Tensor4D, w: tf.Tensor, bias: tf.Tensor, strides: number): tf.Tensor4D {
  const filter = w as tf.Tensor4D
  const activation = 'relu'
  return tf.fused.conv2d({ x, filter, strides, pad: 1, bias, activation }) as tf.Tensor4D
}

const mse = (y: tf.Tensor, x: tf.Tensor) => tf.mean(tf.squaredDifference(y, x)) as tf.Scalar
