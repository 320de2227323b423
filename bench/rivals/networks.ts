/** The parameters of the three autoencoders, with PyTorch's names and layouts. */

export const models = ['mlp', 'conv', 'vae'] as const
export type ModelName = (typeof models)[number]

export interface Parameter {
  name: string
  shape: number[]
  /** Inputs per output, as PyTorch counts them: values start in ±1/√fanIn. */
  fanIn: number
}

/** What a layer holds: weight and bias. */
function layer(name: string, weight: number[], outputs: number, fanIn: number): Parameter[] {
  return [
    { name: `${name}.weight`, shape: weight, fanIn },
    { name: `${name}.bias`, shape: [outputs], fanIn },
  ]
}

/** Linear layers from width to width, an activation after each: their numbers go up by two. */
function dense(part: string, widths: readonly number[]): Parameter[] {
  return widths
    .slice(1)
    .flatMap((out, i) => layer(`${part}.${2 * i}`, [out, widths[i]], out, widths[i]))
}

const conv = (name: string, from: number, to: number, k: number) =>
  layer(name, [to, from, k, k], to, from * k * k)

// PyTorch reads fan-in off the second axis, which here counts the outputs
const transposed = (name: string, from: number, to: number, k: number) =>
  layer(name, [from, to, k, k], to, to * k * k)

interface Network {
  /** Of a pixel; the highest is 1. */
  lowest: 0 | -1
  parameters: Parameter[]
  /** The largest relative difference between the first losses of two engines. */
  near: number
  /** Why that is more than rounding. */
  because?: string
}

export const networks: Record<ModelName, Network> = {
  mlp: {
    lowest: -1,
    near: 1e-3,
    parameters: [
      ...dense('encoder', [784, 128, 64, 12, 3]),
      ...dense('decoder', [3, 12, 64, 128, 784]),
    ],
  },
  conv: {
    lowest: -1,
    near: 1e-2,
    because: 'engines treat ties in max-pooling in different ways',
    parameters: [
      ...conv('encoder.0', 1, 16, 3),
      ...conv('encoder.3', 16, 8, 3),
      ...transposed('decoder.0', 8, 16, 3),
      ...transposed('decoder.2', 16, 8, 5),
      ...transposed('decoder.4', 8, 1, 2),
    ],
  },
  vae: {
    lowest: 0,
    near: 1e-2,
    because: 'the gradient of ln(1e-8 + σ²) is in the thousands near σ = 0 and multiplies rounding',
    parameters: [...dense('encoder', [784, 256, 64, 20]), ...dense('decoder', [10, 64, 256, 784])],
  },
}
