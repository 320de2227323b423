/** One training step of a model, eager and compiled, to be billed and timed. */
import {
  add,
  type CompiledStep,
  compile,
  data,
  keep,
  manualSeed,
  models,
  mseLoss,
  nn,
  scope,
  type Tensor,
  tensor,
  useVariants,
} from '../../../src/index.js'

export const modelNames = ['mlp', 'conv', 'vae'] as const
export type ModelName = (typeof modelNames)[number]

/** Which kernels compute products, layers and convolutions where there is a choice. */
export const kernelChoices = {
  chosen: {},
  plain: { matmul: 'plain', linear: 'plain', conv: 'plain' },
  register: { matmul: 'register', linear: 'register', conv: 'register' },
  tiled: { matmul: 'tiled', linear: 'tiled', conv: 'tiled' },
  vector: { matmul: 'vector', linear: 'vector', conv: 'tiled' },
} as const
export type KernelChoice = keyof typeof kernelChoices

export interface Settings {
  readonly model: ModelName
  /** Images in the step. */
  readonly batch: number
  readonly kernels: KernelChoice
}

export class Step {
  readonly optimizer: nn.Adam
  private readonly x: Tensor
  private readonly model: nn.Module<Tensor | [Tensor, Tensor]>
  private readonly compiled: CompiledStep<[Tensor], void>

  constructor({ model, batch, kernels }: Settings) {
    useVariants(kernelChoices[kernels])
    manualSeed(0)
    this.model = makers[model]()
    const digits = data.drawDigits({ count: batch })
    const scale = model === 'vae' ? { mean: 0, std: 1 } : {} // pixels in [0, 1], or in [−1, 1]
    const shape = model === 'mlp' ? [batch, 784] : [batch, 1, 28, 28]
    this.x = keep(tensor(data.pixels(digits, scale), { shape }))
    this.optimizer = new nn.Adam(this.model.parameters(), { lr: 1e-3 })
    this.compiled = compile((x: Tensor) => this.learn(x))
  }

  /** The loss, recorded on the tape. */
  readonly forward = (x = this.x): Tensor => {
    const y = this.model.forward(x)
    return Array.isArray(y) ? add(mseLoss(y[0], x), y[1]) : mseLoss(y, x)
  }

  /** Operation by operation, launch by launch. */
  eager(): void {
    scope(() => this.learn(this.x))
  }

  /** The same, replayed from a recording. */
  replay(): void {
    scope(() => this.compiled(this.x))
  }

  dispose(): void {
    this.compiled.dispose()
    for (const t of [this.x, ...this.model.parameters()]) t.dispose()
  }

  private learn(x: Tensor): void {
    this.optimizer.zeroGrad()
    this.forward(x).backward()
    this.optimizer.step()
  }
}

const makers = {
  mlp: () => new models.MLPAutoencoder(),
  conv: () => new models.ConvAutoencoder(),
  vae: () => new models.VariationalAutoencoder(),
} as const
