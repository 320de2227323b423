/**
 * The library without methods of tensors: matmul(x, y), not x.matmul(y). A bundle then has only the
 * operations that a program calls. `index.ts` is the same with methods.
 */
export { backward, grad } from './autograd/backward.js'
export { type GradcheckOptions, type GradcheckResult, gradcheck } from './autograd/gradcheck.js'
export { gradgradcheck } from './autograd/gradgradcheck.js'
export { zeroGrad } from './autograd/gradients.js'
export * from './autograd/ops/index.js'
export { bernoulli, multinomial, randperm } from './autograd/sampling.js'
export { type Arrow, noGrad } from './autograd/tape.js'
export { type CompiledStep, type CompileOptions, compile } from './compile/compile.js'
export * as data from './data/index.js'
export { type CustomKernel, defineKernel, type KernelLaunch } from './extend/definekernel.js'
export { record } from './extend/record.js'
export * as io from './io/index.js'
export {
  adapterInfo,
  init,
  isSoftware,
  matrixUnit,
  shutdown,
} from './kernels/device.js'
export type { InitOptions } from './kernels/initoptions.js'
export type { MatrixUnit } from './kernels/matrixunit.js'
export { useVariants, type Variants, variants } from './launches/variants.js'
export * as models from './models/index.js'
export * as nn from './nn/index.js'
export * from './tensor/create.js'
export type { DType } from './tensor/dtype.js'
export { manualSeed, randomState, setRandomState } from './tensor/generator.js'
export { keep, memory, scope } from './tensor/lifetime.js'
export { text } from './tensor/print.js'
export { normal, rand, randint, randLike, randn, randnLike, uniform } from './tensor/random.js'
export type { Shape } from './tensor/shape.js'
export { Tensor } from './tensor/tensor.js'
