/** Pipelines are kept up to a number, and forgetting some changes no result. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { adapterInfo, compile, empty, shutdown, type Tensor, tensor } from '../src/index.js'
import { launchCounts } from '../src/kernels/launch.js'
import { keepPipelines, pipelineCount } from '../src/kernels/pipeline.js'
import { Recent } from '../src/kernels/recent.js'
import { gpu } from './gpu.js'
import { scale, scaled } from './scaled.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const most = 20
let before = 0
test.before(async () => {
  await gpu()
  before = keepPipelines(most)
})
test.after(() => {
  keepPipelines(before)
  shutdown()
})

const x = [1, -2, 3]

const times = (by: number) => scale(tensor(x), by)

test('what was used longest ago is forgotten first', () => {
  const kept = new Recent<number>(4)
  for (const n of [1, 2, 3, 4]) kept.set(`${n}`, n)
  kept.find('1')
  kept.set('5', 5)
  assert.equal(
    ['1', '2', '3', '4', '5'].map(key => kept.find(key)),
    [1, undefined, 3, 4, 5],
  )
  assert.is(kept.size, 4)
})

test('four times as many pipelines as are kept: their number is bounded, all results are right', async () => {
  for (const round of [1, 2])
    for (let by = 1; by <= 4 * most; by++) {
      const y = times(by)
      assert.ok(pipelineCount() <= most, `${pipelineCount()} in round ${round}`)
      if (by % 10 === 0)
        assert.equal(
          await y.array(),
          x.map(v => by * v),
        )
    }
})

test('a compiled step holds its pipelines: it replays rightly after they were forgotten', async () => {
  const step = compile((v: Tensor) => scale(scale(v, 0.5), 0.25))
  for (let call = 0; call < 3; call++) step(tensor(x))
  for (let by = 1000; by < 1000 + 2 * most; by++) times(by)
  await times(1).data()
  collect()
  const count = pipelineCount()
  assert.equal(await step(tensor([8, 16, -24])).array(), [1, 2, -3])
  assert.is(pipelineCount(), count, 'a replay looks for no pipeline')
})

test('pipelines with the same bindings share a bind group for the same buffers', () => {
  const tensors = { x: tensor(x), y: empty([3]) }
  const { bindGroups } = launchCounts()
  for (let by = 1; by <= 5; by++) scaled.run({ tensors, constants: { by }, threads: 3 })
  assert.is(launchCounts().bindGroups - bindGroups, 1)
})

test('forgotten pipelines and bind groups free the memory that a driver maps for them', () => {
  if (process.platform !== 'linux' || !/llvmpipe/.test(adapterInfo().description))
    return console.log('not measured: memory is mapped by llvmpipe on Linux only')
  // in a process of its own, where nothing but these pipelines maps memory
  const program = fileURLToPath(new URL('./mappings.ts', import.meta.url))
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  assert.ok(stdout, stderr)
  const more: { pipelines: number; bindGroups: number } = JSON.parse(stdout)
  // a driver's code is executable, in two mappings per pipeline: 200 pipelines would have 400
  assert.ok(more.pipelines < 150, `${more.pipelines} more mappings for 200 pipelines`)
  assert.ok(more.bindGroups < 20_000, `${more.bindGroups} more mappings for 32,580 bind groups`)
})

test.run()
