/** A training's mean loss, computed without waiting for each step. */
import { check } from '../kernels/check.js'
import { meterKernel } from '../kernels/wgsl.js'
import { checkTensor } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import { zeros } from '../tensor/create.js'
import { keep, scope } from '../tensor/lifetime.js'
import { run } from '../tensor/run.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * The mean of numbers that come one by one, such as the losses of a training, kept on the GPU:
 *
 *     mean = Σ weight · value / Σ weight     over all values added since the last `take`
 *
 * `add` queues one small kernel and does not wait, even in a compiled step. `take` reads the mean.
 */
export class Meter {
  private readonly state = keep(zeros([2]))

  /**
   * Adds a value with a weight, such as a batch's loss with its number of images.
   * @throws Error when the value is not one f32 number, or the weight is negative or not finite
   */
  add(value: Tensor, weight = 1): void {
    checkTensor('Meter.add', value)
    check(
      value.size === 1 && value.dtype === 'f32',
      () =>
        `Meter.add: the value is ${value}, of shape ${show(value.shape)}; ` +
        'it must be one f32 number',
    )
    check(
      weight >= 0 && Number.isFinite(weight),
      () => `Meter.add: the weight is ${weight}; it must be a number from 0 up`,
    )
    run(meterKernel, {
      entry: 'add',
      params: { weight },
      tensors: { value, state: this.state },
      threads: 1,
    })
    this.state.storage.markChanged()
  }

  /** The mean so far, NaN without values. Begins a new mean. */
  async take(): Promise<number> {
    const numbers = this.state.data()
    scope(() => assign(this.state, zeros([2])))
    const [sum, weight] = await numbers
    return sum / weight
  }

  /** Frees its memory. */
  dispose(): void {
    this.state.dispose()
  }
}
