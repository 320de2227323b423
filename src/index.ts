/** kernelgrad: tensors, their gradients, and networks on WebGPU. */
export * from './functional.js'
export { init } from './init.js'
