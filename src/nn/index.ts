/** Layers, losses and optimizers. */
export * from './activations.js'
export * from './adam.js'
export * from './linear.js'
export * from './losses.js'
export * from './module.js'
export { Optimizer } from './optimizer.js'
export * from './sequential.js'
export * from './sgd.js'
