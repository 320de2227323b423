/** Tensors as bytes, in the formats that others read. */
export * from './safetensors.js'
export * from './state.js'
