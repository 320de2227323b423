/** Tensors as bytes, in the formats that others read. */
export { decodeCheckpoint, encodeCheckpoint, type Stateful } from './checkpoint.js'
export { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from './npy.js'
export { decodePt } from './pt.js'
export * from './safetensors.js'
export * from './state.js'
