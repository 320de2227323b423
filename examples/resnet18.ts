/**
 * ResNet-18 on images of CIFAR's shape: the network, and the time of one training step.
 *
 *     npx tsx examples/resnet18.ts [batch] [steps]
 *
 * He et al. 2016, "Deep residual learning for image recognition", with the first layer for images
 * of 32 × 32: a 3 × 3 window and no pooling. Names of weights are torchvision's.
 */
import {
  compile,
  crossEntropy,
  init,
  manualSeed,
  nn,
  rand,
  relu,
  type Tensor,
  tensor,
} from '../src/node.js'

/** Two convolutions, and around them a path on which the gradient passes unchanged. */
class BasicBlock extends nn.Module {
  readonly conv1: nn.Conv2d
  readonly bn1: nn.BatchNorm2d
  readonly conv2: nn.Conv2d
  readonly bn2: nn.BatchNorm2d
  readonly downsample: nn.Sequential | null

  constructor(channels: number, out: number, stride: number) {
    super()
    this.conv1 = new nn.Conv2d(channels, out, 3, { stride, padding: 1, bias: false })
    this.bn1 = new nn.BatchNorm2d(out)
    this.conv2 = new nn.Conv2d(out, out, 3, { padding: 1, bias: false })
    this.bn2 = new nn.BatchNorm2d(out)
    // where sizes change, the path around is a 1 × 1 convolution
    this.downsample =
      stride === 1 && channels === out
        ? null
        : new nn.Sequential(
            new nn.Conv2d(channels, out, 1, { stride, bias: false }),
            new nn.BatchNorm2d(out),
          )
  }

  forward(x: Tensor): Tensor {
    const h = relu(this.bn1.forward(this.conv1.forward(x)))
    const around = this.downsample?.forward(x) ?? x
    return relu(this.bn2.forward(this.conv2.forward(h)).add(around))
  }
}

class ResNet18 extends nn.Module {
  readonly conv1 = new nn.Conv2d(3, 64, 3, { padding: 1, bias: false })
  readonly bn1 = new nn.BatchNorm2d(64)
  readonly layer1 = stage(64, 64, 1) // [n, 64, 32, 32]
  readonly layer2 = stage(64, 128, 2) // [n, 128, 16, 16]
  readonly layer3 = stage(128, 256, 2) // [n, 256, 8, 8]
  readonly layer4 = stage(256, 512, 2) // [n, 512, 4, 4]
  readonly fc = new nn.Linear(512, 10)

  forward(x: Tensor): Tensor {
    const first = relu(this.bn1.forward(this.conv1.forward(x)))
    const h = [this.layer1, this.layer2, this.layer3, this.layer4].reduce(
      (h, layer) => layer.forward(h),
      first,
    )
    return this.fc.forward(h.mean([2, 3]))
  }
}

function stage(channels: number, out: number, stride: number): nn.Sequential {
  return new nn.Sequential(new BasicBlock(channels, out, stride), new BasicBlock(out, out, 1))
}

const [batch, steps] = [Number(process.argv[2] ?? 8), Number(process.argv[3] ?? 6)]
await init()
manualSeed(0)

const model = new ResNet18()
const count = model.parameters().reduce((sum, p) => sum + p.size, 0)
console.log(`${(count / 1e6).toFixed(2)} million parameters`) // 11.17, as in PyTorch

const optimizer = new nn.SGD(model.parameters(), { lr: 0.05, momentum: 0.9, weightDecay: 5e-4 })
const step = compile((x: Tensor, y: Tensor) => {
  optimizer.zeroGrad()
  const loss = crossEntropy(model.forward(x), y)
  loss.backward()
  optimizer.step()
  return loss
})

const x = rand([batch, 3, 32, 32])
const y = tensor(Int32Array.from({ length: batch }, (_, i) => i % 10))
const times: number[] = []
for (let i = 0; i < steps; i++) {
  const start = performance.now()
  const loss = await step(x, y).item()
  times.push(performance.now() - start)
  console.log(`step ${i}: loss ${loss.toFixed(3)}, ${times[i].toFixed(0)} ms`)
}
const [best] = times.slice(-4).sort((a, b) => a - b)
console.log(
  `batch ${batch}: ${best.toFixed(0)} ms a step, ${((1000 * batch) / best).toFixed(1)} images/s`,
)
