/**
 * What the CPU spends per training step when the GPU costs nothing: runs on a card that is not
 * there, and prints a line per model and mode.
 */
import { shutdown } from '../../src/kernels/device.js'
import { flush } from '../../src/kernels/launch.js'
import { sync } from '../../src/kernels/transfer.js'
import { init, rand, scope } from '../../src/node.js'
import { modes, type NetworkName, networks, training } from '../networks.js'

const batch = 128
const chain = 100
const chains = 15

await init()
for (const network of Object.keys(networks) as NetworkName[])
  for (const mode of modes) {
    const x = rand([batch, 1, 28, 28])
    const { step } = training(network, mode)
    const steps = async (count: number) => {
      const began = performance.now()
      const cpu = process.cpuUsage()
      for (let i = 0; i < count; i++) {
        scope(() => void step(x))
        flush() // in training, the upload of the next batch submits what is queued
      }
      await sync()
      const { user, system } = process.cpuUsage(cpu)
      return { ms: (performance.now() - began) / count, cpu: (user + system) / 1000 / count }
    }
    await steps(3 * chain)
    const times: Awaited<ReturnType<typeof steps>>[] = []
    for (let i = 0; i < chains; i++) times.push(await steps(chain))
    const sorted = (of: 'ms' | 'cpu') => times.map(time => time[of]).sort((a, b) => a - b)
    const [ms, cpu] = [sorted('ms'), sorted('cpu')]
    const [best, median] = [ms[0], ms[chains >> 1]]
    const name = `host/${network}/b${batch}/${mode}`
    console.log(JSON.stringify({ name, ms: median, best, cpu: cpu[chains >> 1] }))
  }
shutdown()
