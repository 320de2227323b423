/**
 * `kernels.ts ENGINE PREFIX…`: runs another engine's products on a card that is not there, under
 * the names of the benchmark's rows. What it prints is as that of bench/isa/made.ts.
 */
import { type ConvLayer, layers as convolutions, layerName } from '../conv.js'
import { takeUsed, watch } from '../isa/watch.js'
import { layers } from '../linear.js'
import { type Form, productName, products } from '../matmul.js'

/** Runs one product. What ran before it calls `begin` is not counted. */
export type Work = (begin: () => void) => unknown

/** The products of an engine, on inputs of its own. */
export interface Products {
  matmul(m: number, k: number, n: number, form: Form): Work
  linear(from: number, to: number, batch: number): Record<'forward' | 'backward', Work>
  convolution(sizes: ConvLayer): Record<'forward' | 'dx' | 'dw', Work>
}

const engines: Record<string, () => Promise<Products>> = {
  tfjs: async () => (await import('./tfjs-kernels.js')).open(),
  'jax-js': async () => (await import('./jax-kernels.js')).open(),
}

function* works(of: Products): Iterable<[name: string, work: Work]> {
  for (const [m, k, n, ...forms] of products)
    for (const form of forms) yield [productName(m, k, n, form), of.matmul(m, k, n, form)]
  for (const [from, to] of layers)
    for (const [form, work] of Object.entries(of.linear(from, to, batch)))
      yield [`linear/${from}-${to}/b${batch}/${form}`, work]
  for (const sizes of convolutions)
    for (const [form, work] of Object.entries(of.convolution(sizes)))
      yield [`${layerName(sizes)}/${form}`, work]
}

const batch = 128
const [, , engine, ...prefixes] = process.argv
let made = 0
watch(({ label }) => {
  const kernel = `${engine}/${label || 'generated'}`
  return { kernel, entry: 'main', constants: {}, label: `${kernel} ${made++}` }
})
// engines may greet and warn; stdout is for the lines below alone
const say = console.log
console.log = console.info = console.debug = console.warn
for (const [name, work] of works(await engines[engine]())) {
  if (prefixes.length > 0 && !prefixes.some(prefix => name.startsWith(prefix))) continue
  takeUsed()
  await work(takeUsed)
  say(JSON.stringify({ name, used: takeUsed() }))
}
process.exit()
