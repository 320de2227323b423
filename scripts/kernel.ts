/**
 * Prints a kernel with everything that it imports: `npm run kernel -- unary`, or the names of all.
 * The driver gets the same text without its comments.
 */
import { readFileSync } from 'node:fs'
import { kernels } from '../src/kernels/wgsl.js'
import { link } from './link.js'

const names = Object.keys(kernels)
const [wanted] = process.argv.slice(2)
const folder = new URL('../src/kernels/wgsl/', import.meta.url)
if (wanted === undefined) {
  console.log(names.join('\n'))
} else if (names.includes(wanted)) {
  const read = (path: string) => readFileSync(new URL(`${path}.wgsl`, folder), 'utf8')
  process.stdout.write(link(wanted, read).text)
} else {
  console.error(`kernel: there is no ${wanted}; there are ${names.join(', ')}`)
  process.exitCode = 1
}
