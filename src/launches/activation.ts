/** The activations that a kernel can compute along with its own work. */
import { activationCodes } from '../kernels/wgsl.js'

/** f in y = f(z): max(z, 0), tanh z, 1 / (1 + e⁻ᶻ). Their f′(z) follows from y alone. */
export type Activation = 'relu' | 'tanh' | 'sigmoid'

const { NONE, RELU, TANH, SIGMOID } = activationCodes

/** The number that kernels know f by, from activation.wgsl. */
export function activationCode(f: Activation | null): number {
  return f ? { relu: RELU, tanh: TANH, sigmoid: SIGMOID }[f] : NONE
}
