/** kernelgrad: tensors, their gradients, and networks on WebGPU. */
// with this line a program's compiler sees the methods too
export type { Methods } from './autograd/methods.js'
export * from './functional.js'
export { init } from './init.js'
