/** The autoencoders. */
export * from './conv.js'
export * from './denoiser.js'
export * from './mlp.js'
export * from './textbook-vae.js'
export * from './vae.js'
