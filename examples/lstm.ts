/**
 * A recurrent network learns to write, letter by letter, from this project's own pages:
 *
 *     npx tsx examples/lstm.ts [steps] [letters]      600 steps, some minutes without a GPU
 *
 * It reads one letter after the other, and what it has seen so far is its state. So to write on, it
 * needs the last letter and the state alone: each letter costs the same, however long the text is.
 * transformer.ts reads all of its 64 last letters anew.
 *
 * Graves 2013, "Generating sequences with recurrent neural networks", arXiv:1308.0850.
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
  zeros,
} from '../src/node.js'

const [steps, written] = [Number(process.argv[2] ?? 600), Number(process.argv[3] ?? 300)]
const [length, batch, width, hidden] = [64, 32, 32, 128]

const folder = new URL('../docs/guides/', import.meta.url)
const text = readdirSync(folder)
  .map(name => readFileSync(new URL(name, folder), 'utf8').replace(/```[\s\S]*?```|^\|.*$/gm, ''))
  .join('\n')
const letters = [...new Set(text)].sort()
const codes = Int32Array.from(text, letter => letters.indexOf(letter))

class Writer extends nn.Module<[scores: Tensor, state: nn.LSTMState]> {
  readonly letter = new nn.Embedding(letters.length, width)
  readonly lstm = new nn.LSTM(width, hidden, { batchFirst: true })
  readonly head = new nn.Linear(hidden, letters.length)

  /** Scores [n, l, letters] of the letter that follows each of x [n, l], and the state after. */
  forward(x: Tensor, state?: nn.LSTMState): [scores: Tensor, state: nn.LSTMState] {
    const [h, next] = this.lstm.forward(this.letter.forward(x), state)
    return [this.head.forward(h), next]
  }
}

await init()
manualSeed(0)
const model = new Writer()
const optimizer = new nn.Adam(model.parameters(), { lr: 4e-3 })
const schedule = new nn.CosineAnnealingLR(optimizer, { tMax: steps })

const step = compile((x: Tensor, next: Tensor) => {
  optimizer.zeroGrad()
  const [scores] = model.forward(x)
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
  const read = compile((x: Tensor, h: Tensor, c: Tensor) =>
    noGrad(() => {
      const [scores, [nextH, nextC]] = model.forward(x, [h, c])
      const chances = scores.flatten().div(0.7).softmax(0)
      return { letter: multinomial(chances, 1), h: nextH, c: nextC }
    }),
  )
  let state = { h: zeros([1, 1, hidden]), c: zeros([1, 1, hidden]) }
  let all = start
  for (let i = 0; all.length < start.length + count; i++) {
    const code = tensor(Int32Array.of(letters.indexOf(all[i])), { shape: [1, 1] })
    const { letter, ...next } = read(code, state.h, state.c)
    for (const t of [code, state.h, state.c]) t.dispose()
    state = next
    if (i + 1 === all.length) all += letters[await letter.item()]
    letter.dispose()
  }
  return all
}
