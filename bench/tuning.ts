/** What `--tune` and `--tuning` say and do. */
import { saveTuning } from '../src/launches/rungs/rung.js'
import { variants } from '../src/launches/variants.js'
import { tuningFile } from '../src/node/tuning.js'
import { init } from '../src/node.js'
import { tune } from '../src/tune/index.js'
import { about, heading } from './about.js'

/** Measures the kernels and keeps the fastest. */
export async function tuneHere(): Promise<void> {
  console.log(`${heading(await about())}\n`)
  const best = await tune({
    now: true,
    again: true,
    tried({ family, variant, ms }) {
      const took = ms === null ? 'not on this adapter' : `${ms.toFixed(2).padStart(9)} ms`
      console.log(`${family.padEnd(8)} ${variant.padEnd(9)} ${took}`)
    },
  })
  console.log(`\nused from now on: ${Object.values(best!).join(', ')}; kept in ${tuningFile()}`)
  console.log(
    '`npm run bench -- --tuning forget` goes back to the table that comes with the package',
  )
}

/** Shows which kernels are in use, or forgets what was measured. */
export async function tuning(what: 'show' | 'forget'): Promise<void> {
  await init()
  if (what === 'forget') saveTuning(null)
  const reasons = {
    asked: 'asked for by KERNELGRAD_VARIANTS',
    tuned: `measured here, kept in ${tuningFile()}`,
    table: 'from the table for this class of adapter',
  }
  for (const [family, { variant, from }] of Object.entries(variants()))
    console.log(`${family.padEnd(8)} ${variant.padEnd(9)} ${reasons[from]}`)
}
