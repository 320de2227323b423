/**
 * A β-VAE puts each digit on a plane: its code has two numbers.
 *
 *     npx tsx examples/beta-vae.ts [steps] [FOLDER]      2,500 steps, 1 to 2 minutes without a GPU
 *
 * FOLDER has MNIST, of which a part is used; without it the digits are drawn. Pictures in out/:
 * beta-vae-plane.png shows what the decoder makes of points of the plane, at normal quantiles;
 * beta-vae-codes.png shows the codes of test images, each as its digit.
 *
 * Higgins et al. 2017, "β-VAE: learning basic visual concepts with a constrained variational
 * framework".
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { encode } from 'fast-png'
import { grid } from '../src/cli/pictures.js'
import {
  binaryCrossEntropyWithLogits,
  compile,
  data,
  init,
  loadMnist,
  manualSeed,
  nn,
  noGrad,
  oneHot,
  randint,
  randnLike,
  type Tensor,
  tensor,
} from '../src/node.js'

const [steps, folder] = [Number(process.argv[2] ?? 2500), process.argv[3]]
const [beta, batch] = [4, 100]

await init()
manualSeed(1)
const all = folder ? await loadMnist(folder, 'train') : data.drawDigits({ count: 7000 })
const [train, rest] = data.split(all, folder ? 40000 : 6000)
const test = data.take(rest, 1000)
const matrix = (set: data.ImageSet) =>
  tensor(data.pixels(set, { mean: 0, std: 1 }), { shape: [set.count, 784] })
const images = matrix(train)

// the encoder gives the means of two numbers, and the logarithms of their variances
const layer = (from: number, to: number) => [new nn.Linear(from, to), new nn.ReLU()]
const encoder = new nn.Sequential(...layer(784, 256), ...layer(256, 128), new nn.Linear(128, 4))
const decoder = new nn.Sequential(...layer(2, 128), ...layer(128, 256), new nn.Linear(256, 784))
const optimizer = new nn.Adam([...encoder.parameters(), ...decoder.parameters()])
const schedule = new nn.OneCycleLR(optimizer, { maxLr: 3e-3, totalSteps: steps })

/** −ELBO in nats per image, with β times the Kullback–Leibler term. */
const step = compile(() => {
  optimizer.zeroGrad()
  const x = images.indexSelect(0, randint(0, train.count, [batch]))
  const [mu, logVar] = encoder.forward(x).chunk(2, 1)
  const z = mu.add(randnLike(mu).mul(logVar.mul(0.5).exp()))
  const error = binaryCrossEntropyWithLogits(decoder.forward(z), x, { reduction: 'sum' })
  const kld = mu.square().add(logVar.exp()).sub(logVar).sub(1).sum().mul(0.5)
  const loss = error.add(kld.mul(beta)).div(batch)
  loss.backward()
  optimizer.step()
  return loss
})

const meter = new nn.Meter()
for (let i = 1; i <= steps; i++) {
  meter.add(step())
  if (i < steps) schedule.step()
  if (i % 500 === 0) console.log(`step ${i}: loss ${(await meter.take()).toFixed(1)}`)
}

const labels = (set: data.ImageSet) => tensor(Int32Array.from(set.labels))
const known = data.take(train, 3000)
const codesOf = (x: Tensor) => encoder.forward(x).narrow(1, 0, 2).contiguous()
const [codes, right, decoded] = noGrad(() => {
  const [codes, others] = [codesOf(matrix(test)), codesOf(matrix(known))]
  const distances = codes.unsqueeze(1).sub(others).square().sum(2) // [test, known]
  const [, near] = distances.topk(15, 1, { largest: false })
  const classes = labels(known).indexSelect(0, near.flatten()).reshape(near.shape)
  const right = oneHot(classes, 10).sum(1).argmax(1).equal(labels(test)).to('f32').mean()
  const points = quantiles(20).flatMap(y => quantiles(20).map(x => [x, -y])) // y points up
  return [codes, right, decoder.forward(tensor(points)).sigmoid()]
})
const percent = (100 * (await right.item())).toFixed(1)
console.log(`${percent} % of test digits are what most of their 15 neighbours are`)

/** n values that cut a normal distribution into parts of one weight, from low to high. */
function quantiles(n: number): number[] {
  const found: number[] = []
  for (let z = -5, p = 0; found.length < n; z += 1e-3) {
    p += (1e-3 * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
    if (p > (found.length + 0.5) / n) found.push(z)
  }
  return found
}

/** Each code as its digit, of 3 × 5 dots, in a colour of its own (Paul Tol's muted colours). */
function scatter(codes: Float32Array): Uint8Array {
  const glyphs = '25552 26227 71747 71717 55711 74717 74757 71222 25252 75717'.split(' ')
  const colours = '000000 cc6677 332288 ddaa33 117733 88ccee 882255 44aa99 999933 aa4499'.split(' ')
  const [side, unit, dot] = [840, 140, 2] // pixels: of the picture, of 1 in the plane, of a dot
  const pixels = new Uint8Array(3 * side * side).fill(250)
  const place = (z: number) => Math.min(Math.max(Math.round(side / 2 + z * unit), 10), side - 10)
  test.labels.forEach((digit, i) => {
    const corner = (place(-codes[2 * i + 1]) - 5) * side + place(codes[2 * i]) - 3
    for (let k = 0; k < 15 * dot * dot; k++) {
      const [x, y] = [k % (3 * dot), Math.floor(k / (3 * dot))]
      const ink = Number(glyphs[digit][Math.floor(y / dot)]) & (4 >> Math.floor(x / dot))
      if (ink) pixels.set(Buffer.from(colours[digit], 'hex'), 3 * (corner + y * side + x))
    }
  })
  return encode({ width: side, height: side, data: pixels, channels: 3 })
}

mkdirSync('out', { recursive: true })
const plane = grid(await decoded.data(), { columns: 20, range: [0, 1], gap: 0, scale: 1 })
writeFileSync('out/beta-vae-plane.png', plane)
writeFileSync('out/beta-vae-codes.png', scatter(await codes.data()))
console.log('written to out/: beta-vae-plane.png, beta-vae-codes.png')
