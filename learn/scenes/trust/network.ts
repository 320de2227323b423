/** A small variational autoencoder in which fourteen rules meet, trained with a bug or without. */
import * as ops from '../../../src/autograd/ops/index.js'
import { drawDigits } from '../../../src/data/digits.js'
import { avgPool2d, backward, manualSeed, nn, type Tensor, tensor } from '../../../src/index.js'
import { type Bug, planted } from './plant.js'

const [count, side, codes, width] = [32, 14, 8, 32]

/** Digits of 14 × 14 pixels, as [images, 1, 14, 14] with values from 0 to 1. */
function digits(): Tensor {
  const { images } = drawDigits({ count, seed: 3 })
  const large = tensor(
    Float32Array.from(images, v => v / 255),
    { shape: [count, 1, 28, 28] },
  )
  return avgPool2d(large, 2)
}

class Network extends nn.Module {
  readonly look = new nn.Conv2d(1, 6, 3, { padding: 1 })
  readonly into = new nn.Linear(6 * 49, width)
  readonly norm = new nn.LayerNorm(width)
  readonly gate = new nn.Linear(width, width, { bias: false })
  readonly mean = new nn.Linear(width, codes)
  readonly spread = new nn.Linear(width, codes)
  readonly out = new nn.Linear(codes, 6 * 49)
  readonly draw = new nn.ConvTranspose2d(6, 1, 2, { stride: 2 })

  /** The loss: how far the pictures are from x, and the codes from a normal distribution. */
  forward(x: Tensor): Tensor {
    const seen = ops.maxPool2d(ops.relu(this.look.forward(x)), 2)
    const inner = this.into.forward(ops.reshape(seen, [count, 6 * 49]))
    const h = ops.tanh(this.norm.forward(inner))
    const share = ops.softmax(ops.matmul(h, this.gate.weight), 1)
    const gated = ops.add(h, ops.mul(share, h))
    const code = this.mean.forward(gated)
    const kld = ops.gaussianKld(code, this.spread.forward(gated), { pixels: side * side })
    const drawn = ops.reshape(ops.relu(this.out.forward(code)), [count, 6, 7, 7])
    const y = ops.sigmoid(this.draw.forward(drawn))
    return ops.add(ops.mseLoss(y, x), ops.mul(kld, 0.05))
  }
}

/** A training: the same weights and images each time. */
export class Training {
  private readonly x = digits()
  private readonly network: Network
  private readonly optimizer: nn.Adam

  constructor(private readonly bug: Bug | null) {
    manualSeed(7)
    this.network = new Network()
    this.optimizer = new nn.Adam(this.network.parameters(), { lr: 0.01 })
  }

  /** One step on all images. Returns the loss before it. */
  step(): Tensor {
    this.optimizer.zeroGrad()
    const loss = planted(this.network.forward(this.x), this.bug)
    backward(loss)
    this.optimizer.step()
    return loss
  }
}
