/**
 * A convolutional network reads digits:
 *
 *     npx tsx examples/classifier.ts               digits that the project draws; 1 minute
 *     npx tsx examples/classifier.ts FOLDER        MNIST in a folder; at least 99 % of the test set
 */
import {
  compile,
  crossEntropy,
  data,
  init,
  loadMnist,
  manualSeed,
  nn,
  noGrad,
  type Tensor,
} from '../src/node.js'

const [folder] = process.argv.slice(2)
const [epochs, batchSize] = [folder ? 6 : 3, 100]

await init()
manualSeed(1)

const drawn = data.drawDigits({ count: 7000, seed: 1 })
const [train, test] = folder
  ? [await loadMnist(folder, 'train'), await loadMnist(folder, 'test')]
  : data.split(drawn, 6000)
const samples = (set: data.ImageSet) => ({ x: data.pixels(set), shape: [1, 28, 28], y: set.labels })
const batches = new data.DataLoader(samples(train), { batchSize, shuffle: true, dropLast: true })

const model = new nn.Sequential(
  new nn.Conv2d(1, 16, 5, { padding: 2 }), // [n, 16, 28, 28]
  new nn.ReLU(),
  new nn.MaxPool2d(2), // [n, 16, 14, 14]
  new nn.Conv2d(16, 32, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2), // [n, 32, 7, 7]
  new nn.Flatten(),
  new nn.Linear(32 * 7 * 7, 128),
  new nn.ReLU(),
  new nn.Dropout(0.4),
  new nn.Linear(128, 10),
)
const optimizer = new nn.Adam(model.parameters())
const totalSteps = epochs * batches.length
const schedule = new nn.OneCycleLR(optimizer, { maxLr: 3e-3, totalSteps, cycleMomentum: false })

const step = compile((x: Tensor, y: Tensor) => {
  optimizer.zeroGrad()
  const loss = crossEntropy(model.forward(x), y)
  loss.backward()
  optimizer.step()
  return loss
})

const started = performance.now()
const meter = new nn.Meter()
for (let epoch = 1; epoch <= epochs; epoch++) {
  model.train()
  for await (const { x, y } of batches) {
    meter.add(step(x, y!))
    schedule.step()
  }
  const [loss, right] = [await meter.take(), await accuracy()]
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(
    `epoch ${epoch}: loss ${loss.toFixed(4)}, ${(100 * right).toFixed(2)} % right, ${seconds} s`,
  )
}

/** The part of the test set whose most likely class is the right one. */
async function accuracy(): Promise<number> {
  model.eval()
  const right = new nn.Meter()
  for await (const { x, y } of new data.DataLoader(samples(test), { batchSize: 500 }))
    noGrad(() => {
      const hits = model.forward(x).argmax(1).equal(y!).to('f32').mean()
      right.add(hits, x.shape[0])
    })
  return right.take()
}
