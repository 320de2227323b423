/** Products in TensorFlow.js, with channels last. */
import * as tf from '@tensorflow/tfjs'
import { offerWebGPU } from './gpu.js'
import type { Products, Work } from './kernels.js'

/** Starts it. */
export async function open(): Promise<Products> {
  await offerWebGPU()
  await import('@tensorflow/tfjs-backend-webgpu')
  await tf.setBackend('webgpu')
  await tf.ready()
  return {
    matmul(m, k, n, form) {
      const a = tf.ones(form === 'tn' ? [k, m] : [m, k])
      const b = tf.ones(form === 'nt' ? [n, k] : [k, n])
      return () => tf.matMul(a, b, form === 'tn', form === 'nt')
    },
    linear(from, to, batch) {
      const x = tf.ones([batch, from]) as tf.Tensor2D
      const [w, bias] = [tf.ones([from, to]) as tf.Tensor2D, tf.ones([to])]
      const layer = (x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor) =>
        tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias })
      return { forward: () => layer(x, w, bias), backward: gradients(layer, [x, w, bias]) }
    },
    convolution({ batch, c, o, side, to, k, stride, padding, transposed }) {
      const w = tf.ones([k, k, c, o]) as tf.Tensor4D
      const large = tf.ones([batch, side, side, c]) as tf.Tensor4D
      const small = tf.ones([batch, to, to, o]) as tf.Tensor4D
      const [x, bias] = transposed ? [small, tf.ones([c])] : [large, tf.ones([o])]
      const apply = (x: tf.Tensor, filter: tf.Tensor) =>
        transposed
          ? tf.conv2dTranspose(
              x as tf.Tensor4D,
              filter as tf.Tensor4D,
              large.shape,
              stride,
              padding,
            )
          : tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding)
      const fused = () =>
        tf.fused.conv2d({ x: large, filter: w, strides: stride, pad: padding, bias })
      return {
        forward: () => (transposed ? tf.add(apply(x, w), bias) : fused()),
        dx: gradients(x => apply(x, w), [x]),
        dw: gradients(w => apply(x, w), [w]),
      }
    },
  }
}

/** The gradients of f alone: begins where the walk back does. */
function gradients(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): Work {
  return begin => {
    const marked = tf.customGrad(y => {
      const gradFunc = (dy: tf.Tensor) => {
        begin()
        return dy
      }
      return { value: (y as tf.Tensor).clone(), gradFunc }
    })
    return tf.grads((...xs) => marked(f(...xs)))(inputs)
  }
}
