/**
 * A small transformer learns to write, letter by letter, from this project's own pages:
 *
 *     npx tsx examples/transformer.ts [steps] [letters]      1,500 steps, some minutes without a GPU
 *
 * Radford et al. 2018, "Improving language understanding by generative pre-training".
 */
import { readdirSync, readFileSync } from 'node:fs'
import {
  compile,
  crossEntropy,
  init,
  manualSeed,
  multinomial,
  nn,
  noGrad,
  randint,
  scope,
  type Tensor,
  tensor,
} from '../src/node.js'

const [steps, written] = [Number(process.argv[2] ?? 1500), Number(process.argv[3] ?? 200)]
const [length, batch, width, heads, layers] = [64, 16, 64, 4, 2]

const folders = ['../docs/', '../docs/guides/'].map(path => new URL(path, import.meta.url))
const text = folders
  .flatMap(folder =>
    readdirSync(folder).flatMap(name => (name.endsWith('.md') ? [new URL(name, folder)] : [])),
  )
  .map(file => readFileSync(file, 'utf8').replace(/```[\s\S]*?```|^\|.*$/gm, ''))
  .join('\n')
const letters = [...new Set(text)].sort()
const codes = Int32Array.from(text, letter => letters.indexOf(letter))

class Writer extends nn.Module {
  readonly letter = new nn.Embedding(letters.length, width)
  readonly position = new nn.Embedding(length, width)
  readonly blocks = new nn.ModuleList(
    Array.from({ length: layers }, () => {
      const options = { dimFeedforward: 4 * width, activation: 'gelu', normFirst: true } as const
      return new nn.TransformerEncoderLayer(width, heads, {
        ...options,
        dropout: 0,
        batchFirst: true,
      })
    }),
  )
  readonly norm = new nn.LayerNorm(width)
  readonly head = new nn.Linear(width, letters.length)

  /** Scores [n, l, letters] of the letter that follows each of x [n, l]. */
  forward(x: Tensor, positions: Tensor): Tensor {
    let h = this.letter.forward(x).add(this.position.forward(positions))
    for (const block of this.blocks) h = block.forward(h, { isCausal: true })
    return this.head.forward(this.norm.forward(h))
  }
}

await init()
manualSeed(0)
const model = new Writer()
for (const { weight } of [model.letter, model.position]) nn.init.normal(weight, 0, 0.05)
const optimizer = new nn.AdamW(model.parameters(), { lr: 3e-3, weightDecay: 0.01 })
const schedule = new nn.CosineAnnealingLR(optimizer, { tMax: steps })
const positions = tensor(Int32Array.from({ length }, (_, i) => i))

const step = compile((x: Tensor, next: Tensor) => {
  optimizer.zeroGrad()
  const scores = model.forward(x, positions)
  const loss = crossEntropy(scores.reshape([-1, letters.length]), next.flatten())
  loss.backward()
  nn.clipGradNorm(model.parameters(), 1)
  optimizer.step()
  return loss
})

const meter = new nn.Meter()
console.log(`${text.length} letters; a guess has loss ${Math.log(letters.length).toFixed(2)}`)
for (let i = 1; i <= steps; i++) {
  const starts = [...(await randint(0, codes.length - length, [batch]).data())] // of passages
  const rows = (shift: number) => {
    const all = starts.flatMap(at => [...codes.subarray(at + shift, at + shift + length)])
    return tensor(Int32Array.from(all), { shape: [batch, length] })
  }
  scope(() => meter.add(step(rows(0), rows(1))))
  schedule.step()
  if (i % 100 === 0) console.log(`step ${i}: loss ${(await meter.take()).toFixed(3)}`)
}
console.log(await write('A tensor ', written))

/** Goes on with a text, each letter drawn by its probability. */
async function write(start: string, count: number): Promise<string> {
  model.eval()
  let all = start
  for (let i = 0; i < count; i++) {
    const seen = all.slice(-length)
    const next = scope(() =>
      noGrad(() => {
        const padded = Int32Array.from({ length }, (_, k) =>
          Math.max(0, letters.indexOf(seen[k] ?? ' ')),
        )
        const scores = model.forward(tensor(padded, { shape: [1, length] }), positions)
        return multinomial(
          scores
            .select(0, 0)
            .select(0, seen.length - 1)
            .div(0.7)
            .softmax(0),
          1,
        )
      }),
    )
    all += letters[await next.item()]
    next.dispose()
  }
  return all
}
