/** The three models and their training steps, timed here and, by cold.ts, in new processes. */
import { add, compile, manualSeed, models, mseLoss, nn, type Tensor } from '../src/node.js'

export interface Network {
  /** Its loss on pictures x [b, 1, 28, 28], and its parameters. */
  build(): { model: nn.Module<unknown>; loss(x: Tensor): Tensor }
  /** Numbers per image between the layers, from first to last. */
  readonly activations: readonly number[]
  /** Multiply-adds per image of each layer that has weights, forward. */
  readonly products: readonly number[]
  readonly parameters: number
}

const mlp = [784, 128, 64, 12, 3, 12, 64, 128, 784]
const vae = [784, 256, 64, 20, 10, 64, 256, 784] // 20 = [μ, σ], 10 of each

export const networks = {
  mlp: {
    build() {
      const model = new models.MLPAutoencoder()
      return {
        model,
        loss(x) {
          const flat = x.flatten(1)
          return mseLoss(model.forward(flat), flat)
        },
      }
    },
    activations: mlp,
    products: mlp.slice(1).map((to, i) => mlp[i] * to),
    parameters: 219_891,
  },
  conv: {
    build() {
      const model = new models.ConvAutoencoder()
      return { model, loss: x => mseLoss(model.forward(x), x) }
    },
    activations: [784, 1600, 400, 72, 32, 400, 1800, 784],
    products: [100 * 144, 9 * 1152, 4 * 1152, 25 * 3200, 225 * 32], // positions · weights
    parameters: 5_729,
  },
  vae: {
    build() {
      const model = new models.VariationalAutoencoder()
      return {
        model,
        loss(x) {
          const [y, kld] = model.forward(x)
          return add(mseLoss(y, x), kld)
        },
      }
    },
    activations: vae,
    products: [784 * 256, 256 * 64, 64 * 20, 10 * 64, 64 * 256, 256 * 784],
    parameters: 437_540,
  },
} satisfies Record<string, Network>

export type NetworkName = keyof typeof networks
export type Mode = 'eager' | 'compiled'

type Step = (x: Tensor) => Tensor

/** The ways to run a step. */
export const modes: readonly Mode[] = ['compiled', 'eager']

/** A new network from seed 0, and its training step: forward, backward, Adam. */
export function training(name: NetworkName, mode: Mode): { model: nn.Module<unknown>; step: Step } {
  manualSeed(0)
  const { model, loss }: ReturnType<Network['build']> = networks[name].build()
  const optimizer = new nn.Adam(model.parameters())
  const step = (x: Tensor) => {
    optimizer.zeroGrad()
    const l = loss(x)
    l.backward()
    optimizer.step()
    return l
  }
  return { model, step: mode === 'compiled' ? compile(step) : step }
}

/** Floating-point operations of a step: each product and its two gradients, but not the images'. */
export function stepFlops(name: NetworkName, batch: number): number {
  const { products } = networks[name]
  return 2 * batch * (3 * products.reduce((a, b) => a + b) - products[0])
}

/**
 * Bytes that a step must read and write at least, if each layer reads and writes these once:
 * forward x, W and y; backward dy, y, x, W, dx and dW; the loss x̂, x and dx̂; Adam reads g, and
 * reads and writes θ, m and v. Computed from shapes, not measured.
 */
export function stepBytes(name: NetworkName, batch: number): number {
  const { activations, parameters } = networks[name]
  const [first, ...outputs] = activations
  const inputs = activations.slice(0, -1)
  const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b)
  const image = 3 * sum(inputs) - first + 3 * sum(outputs) + 3 * outputs.at(-1)!
  return 4 * (batch * image + 10 * parameters)
}
