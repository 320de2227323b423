/** Each class of adapter has a kernel in each family, and the doctor says why. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { kernelsInUse, reasons } from '../src/cli/kernelreasons.js'
import { adapterClass, adapterClasses } from '../src/kernels/adapterclass.js'
import { fastestFor, type Rung } from '../src/launches/rungs/rung.js'
import { type Family, families } from '../src/launches/variants.js'
import { useVariants } from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)
test.after.each(() => useVariants({}))

test('the reasons are those of the kernels in the table', () => {
  for (const [family, rungs] of Object.entries(families) as [Family, readonly Rung[]][])
    for (const where of adapterClasses)
      assert.is(
        reasons[family][where][0],
        fastestFor(rungs, where).name,
        `${family} on ${where}: src/cli/kernelreasons.ts speaks of another kernel than the table`,
      )
})

test('a class that no kernel names gets the kernel of GPUs', () => {
  const rungs: Rung[] = [
    { name: 'a', fastestOn: 'gpu' },
    { name: 'b', fastestOn: ['cpu', 'amd'] },
  ]
  const of = (where: (typeof adapterClasses)[number]) => fastestFor(rungs, where).name
  assert.equal([of('cpu'), of('amd'), of('nvidia'), of('unknown')], ['b', 'b', 'a', 'a'])
})

test('what is in use has its reason: of the table, or that it was asked for', () => {
  useVariants({ conv: 'plain' })
  const used = Object.fromEntries(kernelsInUse().map(one => [one.family, one]))
  assert.equal([used.conv.kernel, used.conv.ground], ['plain', 'asked'])
  if (adapterClass() === 'cpu') assert.is(used.matmul.why, reasons.matmul.cpu[2])
})

test.run()
