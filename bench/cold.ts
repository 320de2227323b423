/** The first training step of a process: `cold.ts mlp 128 eager` prints its time and its memory. */
import { poolCounts } from '../src/kernels/pool.js'
import { init, rand, scope, shutdown } from '../src/node.js'
import type { Cold } from './coldstart.js'
import { type Mode, type NetworkName, training } from './networks.js'

const [network, batch, mode] = process.argv.slice(2) as [NetworkName, string, Mode]
await init()
const x = rand([Number(batch), 1, 28, 28])
const { step } = training(network, mode)
await scope(() => step(x)).item()
const ms = performance.now() // since the process began
for (let i = 0; i < 2; i++) await scope(() => step(x)).item()
const cold: Cold = { ms, peakBytes: poolCounts().bytes }
console.log(JSON.stringify(cold))
shutdown()
