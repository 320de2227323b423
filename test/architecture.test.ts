/** docs/architecture.md follows a tensor through the source: the files that it lists are those that run. */
import { readFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nn, rand, scope } from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

const page = readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8')
const src = new URL('../src/', import.meta.url).href

/** The files of src that the part of the page between two markers names. */
function listed(name: string): string[] {
  const part = page.split(`<!-- ${name} -->`)[1].split(`<!-- /${name} -->`)[0]
  return [...new Set([...part.matchAll(/`(\w+\/[\w/]+\.ts)`/g)].map(([, file]) => file))].sort()
}

/** Checks are everywhere, and are no step of the way. */
const ignored = ['kernels/check.ts']

/** The files of src in which a function runs while `work` runs. */
function filesOf(session: Session, work: () => void): string[] {
  take(session) // forgets what ran before
  work()
  return take(session)
    .filter(({ url }) => url.startsWith(src))
    .filter(({ functions }) => functions.some(ran))
    .map(({ url }) => fileURLToPath(url).slice(fileURLToPath(src).length))
    .filter(file => !ignored.includes(file))
    .sort()
}

/** Whether it ran and is neither the module itself, at 0, nor what tsx makes of an export: ()=>name. */
function ran({ functionName, ranges: [range] }: Profiler.FunctionCoverage): boolean {
  const { count, startOffset, endOffset } = range
  const isExport = functionName === 'get' || endOffset - startOffset === functionName.length + 4
  return count > 0 && startOffset > 0 && !isExport
}

function take(session: Session): Profiler.ScriptCoverage[] {
  let found: Profiler.ScriptCoverage[] = []
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error) throw error
    found = result
  })
  return found // the inspector answers before post returns
}

test('the way from nn.Linear.forward to the buffer, and back, is the one on the page', () => {
  const layer = new nn.Linear(8, 4)
  const optimizer = new nn.Adam(layer.parameters())
  const [x, dy] = [rand([16, 8]), rand([16, 4])]
  const step = (run: (name: string, work: () => void) => void) =>
    scope(() => {
      let y = dy
      run('forward', () => {
        y = layer.forward(x)
      })
      run('backward', () => y.backward(dy))
      optimizer.step()
      optimizer.zeroGrad()
    })
  for (let i = 0; i < 2; i++) step((_, work) => work()) // pipelines and buffers are made
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const found: Record<string, string[]> = {}
  step((name, work) => {
    found[name] = filesOf(session, work)
  })
  session.post('Profiler.stopPreciseCoverage')
  session.disconnect()
  for (const name of ['forward', 'backward'])
    assert.equal(listed(name), found[name], `docs/architecture.md, ${name}`)
})

test.run()
