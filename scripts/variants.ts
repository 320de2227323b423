/**
 * Prints values of KERNELGRAD_VARIANTS, one per line. Together they name each kernel of each family
 * that adapters on the CPU do not use anyway: `.ci/run` runs tests with every line.
 */
import { fastestFor, type Rung } from '../src/launches/rungs/rung.js'
import { families } from '../src/launches/variants.js'

const others = Object.entries(families).map(([family, rungs]) => {
  const all: readonly Rung[] = rungs
  const tested = fastestFor(all, 'cpu')
  // what rounds has tests of its own
  return all
    .filter(rung => rung !== tested && !('rounds' in rung))
    .map(({ name }) => `${family}=${name}`)
})
for (let i = 0; i < Math.max(...others.map(({ length }) => length)); i++)
  console.log(others.flatMap(choices => choices[i] ?? []).join(','))
