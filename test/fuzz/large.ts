/**
 * Tensors of more than 2^24 elements, which take more than 65,535 workgroups. All rows are equal, so
 * every row of results and gradients must be what it is in a small tensor of such rows.
 */
import * as kg from '../../src/node.js'
import { openScope } from '../../src/tensor/scope.js'
import { between, oneOf } from '../ops/generate.js'
import { generator, type Random } from '../ops/inputs.js'
import type { FuzzOptions } from './programs.js'

type Step = (x: kg.Tensor) => kg.Tensor

/** Steps from rows to rows: none adds over rows. */
const steps: Record<string, (random: Random) => Step> = {
  tanh: () => kg.tanh,
  square: () => kg.square,
  relu: () => kg.relu,
  'x exp(−x²)': () => x => x.mul(kg.exp(x.square().neg())),
  softmax: () => x => kg.softmax(x, -1),
  'layer norm': () => x => kg.layerNorm(x, x.shape.at(-1)!),
  'x − the maximum': () => x => x.sub(kg.amax(x, -1, { keepdim: true })),
  'x + the sum': () => x => x.add(x.sum(-1, { keepdim: true }).mul(0.1)),
  'every second element': () => x => x.slice(-1, { step: 2 }),
  'columns in memory': () => x => x.transpose().contiguous().transpose(),
  'two halves': () => x => kg.cat([...kg.chunk(x, 2, -1)].reverse(), -1),
  where: () => x => kg.where(kg.greater(x, 0.5), x, x.mul(0.3)),
  'a linear layer': random => {
    const [n, seed] = [between(random, 3, 40), between(random, 1, 99)]
    return x => {
      kg.manualSeed(seed)
      return kg.linear(x, kg.randn([n, x.shape.at(-1)!]).mul(0.1))
    }
  },
}

/** @throws Error that names the steps where a row differs. */
export async function fuzzLarge({ seed, count, onRun }: FuzzOptions): Promise<{ large: number }> {
  for (let nth = 1; nth <= count; nth++) {
    const random = generator(seed + nth)
    const names = [0, 1, 2].map(() => oneOf(random, Object.keys(steps)))
    const chain = names.map(name => steps[name](random))
    const width = between(random, 250, 290)
    const row = Float32Array.from({ length: width }, () => 2 * random() - 1)
    const text = `${names.join(', ')}, width ${width}, seed ${seed + nth}`
    await compareRows(row, chain, text)
    onRun?.(nth)
  }
  return { large: count }
}

async function compareRows(row: Float32Array, chain: Step[], text: string): Promise<void> {
  const rows = Math.ceil((2 ** 24 + 1) / row.length)
  const few = await resultsOf(row, 8, chain)
  const many = await resultsOf(row, rows, chain)
  for (const [which, want] of few.entries()) {
    const length = want.length / 8
    const got = many[which]
    const scale = want.reduce((most, v) => Math.max(most, Math.abs(v)), 1)
    for (let i = 0; i < got.length; i++)
      if (!(Math.abs(got[i] - want[i % length]) <= 1e-5 * scale))
        throw new Error(
          `large: ${text}: ${['value', 'gradient'][which]} at row ${Math.floor(i / length)}, ` +
            `column ${i % length}: ${got[i]}, in a small tensor ${want[i % length]}`,
        )
  }
}

async function resultsOf(row: Float32Array, rows: number, chain: Step[]) {
  const scope = openScope()
  try {
    const x = kg.tensor(row).expand([rows, row.length]).contiguous()
    x.requiresGrad = true
    const y = chain.reduce((h, step) => step(h), x)
    const dx = kg.grad(y.square(), x, { dy: kg.ones(y.shape) })
    return [await y.data(), await dx.data()]
  } finally {
    scope.close()
  }
}
