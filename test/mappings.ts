/**
 * Prints how many more mappings of memory a process has after 200 pipelines of which 20 are kept,
 * and after 32,580 bind groups.
 */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { keepPipelines } from '../src/kernels/pipeline.js'
import { defineKernel, empty, init, shutdown } from '../src/node.js'
import { scaled } from './scaled.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

await init()
keepPipelines(20)
const filled = defineKernel(
  `override to: f32 = 1;
  @group(0) @binding(1) var<storage, read_write> y: array<f32>;
  @compute @workgroup_size(1)
  fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = to; }`,
  { name: 'filled' },
)

function fill(to: number) {
  const y = empty([3])
  filled.run({ tensors: { y }, constants: { to }, threads: 3 })
  return y
}

const mappings = (kind: RegExp) => readFileSync('/proc/self/maps', 'utf8').match(kind)?.length ?? 0
const mapped = () => mappings(/ r-xp | r--p /g)

/** The driver lets go some time after the collector, so it is asked again until it has. */
async function settled(most: number): Promise<number> {
  for (let round = 0; round < 3 || (round < 100 && mapped() > most); round++) {
    await fill(1).data()
    collect()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return mapped()
}

for (let to = 1; to <= 20; to++) fill(to)
const first = await settled(Infinity)
for (let to = 2000; to < 2200; to++) fill(to)
const pipelines = (await settled(first + 149)) - first

const tensors = Array.from({ length: 181 }, () => empty([1]))
const before = mappings(/memfd/g)
for (const x of tensors) {
  for (const y of tensors) if (x !== y) scaled.run({ tensors: { x, y }, threads: 1 })
  await x.data()
}
console.log(JSON.stringify({ pipelines, bindGroups: mappings(/memfd/g) - before }))
shutdown()
