/**
 * Prints a kernel with everything that it imports: `npm run kernel -- unary`, or the names of all.
 * The driver gets the same text without comments and white space, and with short names.
 */
import { kernels } from '../src/kernels/sources.js'

const names = Object.keys(kernels)
const [wanted] = process.argv.slice(2)
if (wanted === undefined) {
  console.log(names.join('\n'))
} else if (names.includes(wanted)) {
  console.log(kernels[wanted])
} else {
  console.error(`kernel: there is no ${wanted}; there are ${names.join(', ')}`)
  process.exitCode = 1
}
