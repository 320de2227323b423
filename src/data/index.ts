/** Datasets and batches. */
export * from './dataset.js'
export * from './digits.js'
export * from './idx.js'
export * from './loader.js'
