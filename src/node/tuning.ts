/**
 * The fastest kernels on this machine, in a file of the user's cache or named in the environment.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { preferMatrixUnits } from '../kernels/initoptions.js'
import type { TuningStore } from '../launches/rungs/rung.js'
import { useVariants, type Variants } from '../launches/variants.js'
import { cachePath } from './cache.js'

/** The file with the measurements of all adapters. */
export function tuningFile(): string {
  return cachePath('tuning.json')
}

export const tuningInFile: TuningStore = {
  load: adapter => all()[adapter],
  save(adapter, variants) {
    const { [adapter]: _, ...others } = all()
    const next = variants ? { ...others, [adapter]: variants } : others
    const file = tuningFile()
    if (Object.keys(next).length === 0) {
      rmSync(file, { force: true })
      return
    }
    mkdirSync(dirname(file), { recursive: true })
    const part = `${file}.${process.pid}.part`
    writeFileSync(part, `${JSON.stringify(next, null, 2)}\n`)
    renameSync(part, file)
  },
}

/**
 * Uses the kernels that KERNELGRAD_VARIANTS names: `matmul=register,conv=plain`. For matmul=matrix
 * the device is opened with matrix units.
 * @throws Error for an unknown name
 */
export function useVariantsOf(environment = process.env.KERNELGRAD_VARIANTS): void {
  if (!environment) return
  const choice = environment.split(',').map(part => part.split('=').map(word => word.trim()))
  useVariants(Object.fromEntries(choice) as Partial<Variants>)
  if (choice.some(([family, name]) => family === 'matmul' && name === 'matrix')) preferMatrixUnits()
}

/** All measurements; none if the file is missing or damaged, since they can be repeated. */
function all(): Record<string, unknown> {
  try {
    const found = JSON.parse(readFileSync(tuningFile(), 'utf8'))
    return typeof found === 'object' && found ? found : {}
  } catch {
    return {}
  }
}
