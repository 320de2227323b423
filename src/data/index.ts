/** Datasets and batches. */
export { batches, type LoaderOptions } from './batches.js'
export * from './dataset.js'
export * from './digits.js'
export { type Column, columns, type Dataset, type Sample, type Samples } from './examples.js'
export * from './idx.js'
export * from './loader.js'
export type { LoaderState } from './place.js'
export type { HostField } from './stack.js'
