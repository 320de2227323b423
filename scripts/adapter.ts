/** Stops with one clear line where the tests would find no adapter. */
import { init, shutdown } from '../src/node.js'

try {
  await init()
  shutdown()
} catch (error) {
  console.error(`npm test: ${(error as Error).message}`)
  process.exitCode = 1
}
