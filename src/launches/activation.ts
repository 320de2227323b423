/** The activations that a kernel can compute along with its own work. */

/** f in y = f(z): max(z, 0), tanh z, 1 / (1 + e⁻ᶻ). Their f′(z) follows from y alone. */
export type Activation = 'relu' | 'tanh' | 'sigmoid'

/** The number that kernels know f by; 0 for none. */
export function activationCode(f: Activation | null): number {
  return f ? { relu: 1, tanh: 2, sigmoid: 3 }[f] : 0
}
