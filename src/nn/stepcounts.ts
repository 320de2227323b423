/** The number of steps that each parameter of a group has taken, counted on the GPU. */
import { zeros } from '../tensor/create.js'
import { keep } from '../tensor/lifetime.js'
import { type Tensor, view } from '../tensor/tensor.js'

const perLaunch = 1024 // parameters, a bit each in the launch's params

/** A launch that counts a step of n parameters from `base` on, if their bit in `counted` is set. */
export interface Count {
  params: { n: number; base: number; counted: number[] }
  tensors: { hyper: Tensor; clocks: Tensor }
  threads: number
}

export class StepCounts {
  /** Per parameter a kernel's struct Clock: the count, and numbers that depend on it. */
  readonly clocks: Tensor

  constructor(params: number) {
    this.clocks = keep(zeros([params, 4], { dtype: 'u32' }))
  }

  /** A parameter's count, as one number. */
  of(i: number): Tensor {
    return view(this.clocks, { shape: [], strides: [], offset: 4 * i }, 'step')
  }

  /**
   * The launches that count a step of the parameters for which `included` is true. The bits belong
   * to the launch, so a replay counts for the parameters that it updates.
   */
  launches(included: readonly boolean[], hyper: Tensor): Count[] {
    const tensors = { hyper, clocks: this.clocks }
    const launches = Array.from({ length: Math.ceil(included.length / perLaunch) }, (_, nth) => {
      const base = nth * perLaunch
      const some = included.slice(base, base + perLaunch)
      const counted = Array.from({ length: perLaunch / 32 }, () => 0)
      for (const [i, bit] of some.entries()) if (bit) counted[i >> 5] |= 1 << (i & 31)
      return { params: { n: some.length, base, counted }, tensors, threads: some.length }
    })
    return launches.filter(({ params }) => params.counted.some(bits => bits !== 0))
  }
}
