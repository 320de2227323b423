/** What a training wants to know of its steps without waiting at each of them. */
import { check } from '../kernels/check.js'
import { assign } from '../tensor/contiguous.js'
import { zeros } from '../tensor/create.js'
import { keep, scope } from '../tensor/lifetime.js'
import { run } from '../tensor/run.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * The mean of numbers that come one at a time, such as the losses of a training's steps, kept on the GPU:
 *
 *   mean = Σ weight · value / Σ weight     over all that was added since it was last taken.
 *
 * `add` queues one small kernel and waits for nothing, also inside a compiled step; `take` reads two numbers.
 */
export class Meter {
  private readonly state = keep(zeros([2]))

  /**
   * Adds a value, which may weigh more than others: a batch's loss by its images.
   * @throws Error when the value is not one f32 number, or the weight is negative or not finite
   */
  add(value: Tensor, weight = 1): void {
    check(
      value.size === 1 && value.dtype === 'f32',
      () =>
        `Meter.add: the value is ${value}, of shape ${show(value.shape)}; it must be one f32 number`,
    )
    check(
      weight >= 0 && Number.isFinite(weight),
      () => `Meter.add: the weight is ${weight}; it must be a number from 0 up`,
    )
    run('meter', {
      entry: 'add',
      params: { weight },
      tensors: { value, state: this.state },
      threads: 1,
    })
    this.state.storage.markChanged()
  }

  /** The mean so far, NaN of nothing; what is added from now on makes a new one. */
  async take(): Promise<number> {
    const numbers = this.state.data()
    scope(() => assign(this.state, zeros([2])))
    const [sum, weight] = await numbers
    return sum / weight
  }

  /** Gives its memory back. */
  dispose(): void {
    this.state.dispose()
  }
}
