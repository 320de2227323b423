/** Datasets and batches. */
export { batches, type LoaderOptions } from './batches.js'
export * from './dataset.js'
export * from './digits.js'
export * from './idx.js'
export * from './loader.js'
