/** The autoencoders. */
export * from './mlp.js'
