/**
 * Finds the launch that first makes a NaN or an infinity. While it is on, the results of every
 * launch are scanned on the GPU, and the next read of any tensor throws an error that names it.
 */
import { noteContents } from '../kernels/contents.js'
import { onShutdown } from '../kernels/device.js'
import type { Lease } from '../kernels/pool.js'
import { recordingNow, unrecorded } from '../kernels/recording.js'
import { checkBeforeReads, readUnchecked, write } from '../kernels/transfer.js'
import { anomalyKernel, fillKernel } from '../kernels/wgsl.js'
import { describeReport, type Part, type Place, type Report, type Scan } from './anomalyreport.js'
import { full, zeros } from './create.js'
import { extentOf } from './layout.js'
import { keep } from './lifetime.js'
import { type Bound, run, watchRuns } from './run.js'
import { show } from './shape.js'
import { describe, stackOf } from './site.js'
import { prepareNew, type Tensor } from './tensor.js'

const capacity = 2 ** 16 // ranges that are kept
const none = 0xffffffff
let first: Tensor | null = null
let ranges: Tensor | null = null
let count = 0
const reports = new Map<number, Report>()
const scans = new Map<Lease, Scan>()
const pinned = new Set<number>() // numbers that replays of a recording use again
const layers: string[] = []
let undone: { op: string; y: Tensor | undefined } | null = null

/** Whether launches are being scanned. */
export function isWatching(): boolean {
  return first !== null
}

/** Starts or stops scanning. */
export function watchAnomalies(on: boolean): void {
  if (on === isWatching()) return
  forget()
  if (on) {
    first = keep(full([1], none, { dtype: 'u32' }))
    ranges = keep(zeros([capacity, 4], { dtype: 'u32' }))
    for (const log of [first, ranges]) noteContents(log.storage.lease, [])
  }
  watchRuns(on ? watch : null)
  prepareNew(on ? clear : null)
  checkBeforeReads(on ? report : null)
}

/** Says that `forward` of a layer begins (its path in the model) or, with null, that it ends. */
export function inLayer(path: string | null): void {
  if (path === null) layers.pop()
  else layers.push(path)
}

/** Says which operation the backward pass is undoing, and what its result was; null: none. */
export function undoing(op: string | null, y?: Tensor): void {
  if (isWatching()) undone = op === null ? null : { op, y }
}

/** New memory holds no old NaN, so that what a launch leaves out is no anomaly. */
function clear(t: Tensor): void {
  run(fillKernel, {
    params: { n: Math.ceil(t.size / 4), value: 0 },
    tensors: { y: t },
    threads: t.size,
  })
}

/** Scans what a launch has made, and before that the inputs that no launch has made. */
function watch(kernel: string, bound: readonly Bound[]): void {
  if (['fill', 'anomaly'].includes(kernel)) return
  const floats = bound.filter(({ tensor }) => tensor.dtype === 'f32' && tensor.size > 0)
  const place = placeNow()
  const inputs = floats
    .filter(({ write }) => !write)
    .slice(0, 8)
    .map(input => {
      const known = scans.get(input.tensor.storage.lease)
      const [from, to] = extentOf(input.tensor)
      const isFresh = known && count - known.at < capacity / 2
      const fresh = isFresh && known.from <= from && to <= known.to
      return partOf(input, fresh ? known.number : scan(input.tensor, place))
    })
  for (const result of floats.filter(({ write }) => write)) {
    const { tensor } = result
    const number = scan(tensor, place, inputs)
    const what = undone ? `the gradient of ${undone.op}` : tensor.op
    reports.set(number, { what, place, result: partOf(result, number), inputs })
  }
}

/** Queues the scan of a buffer; with inputs, as what was made of them. Returns its number. */
function scan(t: Tensor, place: Place, inputs?: readonly Part[]): number {
  const { lease } = t.storage
  const [from, to] = extentOf(t)
  while (pinned.has(count % capacity)) count++
  const number = count++ % capacity
  if (recordingNow()) pinned.add(number)
  reports.delete(number)
  scans.set(lease, { from, to, number, at: count, place })
  const numbers = (inputs ?? []).map(input => input.number)
  run(anomalyKernel, {
    tensors: { x: lease, first: first!, ranges: ranges! },
    params: {
      n: to - from,
      offset: from,
      number,
      inputs: [...numbers, ...new Array(8 - numbers.length).fill(0)],
      input_count: numbers.length,
      is_result: inputs ? 1 : 0,
    },
    workgroups: 1,
  })
  return number
}

function partOf({ name, tensor }: Bound, number: number): Part {
  return { name, shape: show(tensor.shape), number }
}

/** Of a backward pass it is the place of the forward pass. */
function placeNow(): Place {
  const forward = undone?.y?.storage.alive && scans.get(undone.y.storage.lease)?.place
  return forward || { layer: layers.at(-1) ?? '', line: describe(stackOf(placeNow)) }
}

/** @throws Error that names the first launch whose result is not finite, if there is one */
async function report(): Promise<void> {
  const log = first!
  const [number] = new Uint32Array(await readUnchecked(log.storage.lease, 0, 4))
  if (number === none || first !== log) return // found nothing, or ended meanwhile
  unrecorded(() => write(log.storage.lease, Uint32Array.of(none)))
  const found = reports.get(number)
  if (!found) throw new Error('anomaly: a launch some time ago made a NaN or an infinity')
  const all = await readUnchecked(ranges!.storage.lease, 0, 16 * capacity)
  throw new Error(describeReport(found, new Uint32Array(all)))
}

function forget(): void {
  for (const t of [first, ranges]) if (t?.storage.alive) t.dispose()
  first = null
  ranges = null
  count = 0
  undone = null
  layers.length = 0
  for (const map of [reports, scans, pinned]) map.clear()
}

onShutdown(() => watchAnomalies(false))
