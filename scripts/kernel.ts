/** Prints a kernel as the driver gets it: `npm run kernel -- unary`, or the names of all. */
import { kernels } from '../src/kernels/wgsl.js'

const names = Object.keys(kernels) as (keyof typeof kernels)[]
const [wanted] = process.argv.slice(2)
const name = names.find(each => each === wanted)
if (wanted === undefined) {
  console.log(names.join('\n'))
} else if (name) {
  process.stdout.write(kernels[name].source)
} else {
  console.error(`kernel: there is no ${wanted}; there are ${names.join(', ')}`)
  process.exitCode = 1
}
