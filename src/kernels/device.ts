/** The one GPU device: opened with the features and limits of its adapter, and closed again. */

import { type Found, findAdapter } from './adapter.js'
import { check } from './check.js'
import type { GPUAdapterInfo, GPUDevice } from './gpu.js'
import { gpuError } from './gpuerror.js'
import { chooseOptions, type InitOptions, wantsMatrixUnits } from './initoptions.js'
import type { MatrixUnit } from './matrixunit.js'
import { unitFor } from './matrixunits.js'
import { openDevice } from './opendevice.js'

interface Session {
  found: Found
  device: GPUDevice
  unit: MatrixUnit | null
  failure: Error | null
}

let session: Session | null = null
let starting: Promise<void> | null = null
/** Why there is no device. */
let reason = 'no GPU yet: await init() before making tensors'
let opened = 0
const closings: (() => void)[] = []

/**
 * Finds an adapter and opens the device. Await it once before the first tensor; more calls do no
 * harm.
 * @throws Error that says what to install or to switch on when no adapter is found, and when the
 * device is open already with other options
 */
export function init(options: InitOptions = {}): Promise<void> {
  chooseOptions(options, starting !== null)
  starting ??= start().catch(error => {
    starting = null
    throw error
  })
  return starting
}

/** Closes the device and frees all its memory. Older tensors are gone; `init` may follow. */
export function shutdown(): void {
  close('shutdown() has closed the GPU: await init() before making tensors')
}

function close(why: string): void {
  if (!session) return
  for (const closing of closings) closing()
  const { device, found } = session
  session = null
  starting = null
  reason = why
  device.destroy()
  found.release()
}

/** Calls `forget` at shutdown, before the device is closed: for caches that hold its objects. */
export function onShutdown(forget: () => void): void {
  closings.push(forget)
}

/** The device. @throws Error before `init`, after `shutdown`, and once the device is lost */
export function device(): GPUDevice {
  check(session, () => reason)
  return session.device
}

/** How many devices have been opened so far: memory of an earlier one is gone. */
export function sessionNumber(): number {
  return opened
}

/** What its search has found out about the adapter. */
export function adapterFound(): Found {
  device()
  return session!.found
}

/** Whether the adapter computes on the CPU. */
export function isSoftware(): boolean {
  return adapterFound().software
}

/** Invocations per subgroup, if the device has subgroups, all of one size; else 0. */
export function subgroupSize(): number {
  if (!device().features.has('subgroups')) return 0
  const { subgroupMinSize, subgroupMaxSize } = adapterInfo()
  return subgroupMinSize === subgroupMaxSize ? subgroupMinSize : 0
}

/** The matrix unit that products use; null unless `init` was told to, and there is one. */
export function matrixUnit(): MatrixUnit | null {
  device()
  return session!.unit
}

/** Vendor, architecture and name, as the adapter reports them. */
export function adapterInfo(): GPUAdapterInfo {
  return adapterFound().adapter.info
}

/** Has the next read throw this error, unless an earlier one is still waiting. */
export function fail(error: Error): void {
  if (session) session.failure ??= error
}

/** Why a promise of the GPU was rejected. It has no message of its own where the device is gone. */
export async function failureOf(error: unknown): Promise<Error> {
  await new Promise(resolve => setTimeout(resolve)) // a lost device says so a little later
  if (!session) return new Error(`a read was cut off: ${reason}`)
  return error instanceof Error && error.message ? error : new Error(`GPU: a read failed: ${error}`)
}

/** Throws the first error since the last call, if any. The GPU reports errors late. */
export function throwFailure(): void {
  const failure = session?.failure
  if (!failure) return
  session!.failure = null
  throw failure
}

async function start(): Promise<void> {
  const found = await findAdapter()
  const { adapter } = found
  const device = await openDevice(adapter).catch(error => {
    found.release()
    throw error
  })
  const unit = wantsMatrixUnits() ? await unitFor(adapter, device) : null
  const current: Session = { found, device, unit, failure: null }
  device.addEventListener('uncapturederror', event => {
    event.preventDefault() // the next read throws it instead
    current.failure ??= gpuError((event as GPUUncapturedErrorEvent).error.message)
  })
  device.lost.then(info => {
    if (session !== current) return // closed by shutdown()
    const words = info.message || info.reason
    close(
      `GPU: the device was lost (${words}), and all tensors with it; await init() to start again`,
    )
  })
  opened++
  session = current
}
