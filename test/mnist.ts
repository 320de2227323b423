/** Where the real MNIST lies, for the tests that want it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder that KERNELGRAD_MNIST names, or one beside the repository; null, and said so, where there is none. */
export function realMnist(): string | null {
  const folder =
    process.env.KERNELGRAD_MNIST ?? fileURLToPath(new URL('../../shared/mnist', import.meta.url))
  if (existsSync(folder)) return folder
  console.log('  skipped: MNIST is not here; set KERNELGRAD_MNIST to its folder')
  return null
}
