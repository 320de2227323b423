/** The one GPU device: found, asked for with all that its adapter offers, and given back. */
import { check } from './check.js'

/** What a search for an adapter came back with. `release` lets go of whatever keeps it alive. */
export interface Found {
  adapter: GPUAdapter
  software: boolean
  release(): void
}

interface Session {
  found: Found
  device: GPUDevice
  failure: Error | null
}

/** How a promise of the GPU is awaited. */
export type Wait = <T>(wait: () => Promise<T>) => Promise<T>

let search: () => Promise<Found> = searchBrowser
let waiting: Wait = wait => wait()
let session: Session | null = null
let starting: Promise<void> | null = null
const farewells: (() => void)[] = []

/**
 * Replaces the way an adapter is found: Node has no `navigator.gpu`, so its entry brings its own. And the way its
 * promises are awaited, where there is a better one than just to wait.
 */
export function provide(find: () => Promise<Found>, wait?: Wait): void {
  search = find
  if (wait) waiting = wait
}

/** Awaits a promise of the GPU in the way that suits where we run. */
export function awaited<T>(wait: () => Promise<T>): Promise<T> {
  return waiting(wait)
}

/**
 * Finds an adapter and opens the device. To be awaited once before the first tensor; again does no harm.
 * @throws Error that says what to install or to switch on when no adapter is found
 */
export function init(): Promise<void> {
  starting ??= start().catch(error => {
    starting = null
    throw error
  })
  return starting
}

/** Gives the device and all its memory back. Tensors made before it are gone; `init` may follow. */
export function shutdown(): void {
  if (!session) return
  for (const farewell of farewells) farewell()
  const { device, found } = session
  session = null
  starting = null
  device.destroy()
  found.release()
}

/** Runs `forget` at shutdown, before the device goes: caches that hold its objects register here. */
export function onShutdown(forget: () => void): void {
  farewells.push(forget)
}

/** The device. @throws Error before `init` */
export function device(): GPUDevice {
  check(session, () => 'no GPU yet: await init() before making tensors')
  return session.device
}

/** Whether the adapter computes on the CPU. */
export function isSoftware(): boolean {
  device()
  return session!.found.software
}

/** Invocations that run in step, if the device has subgroups and they are all of one size; else 0. */
export function subgroupSize(): number {
  if (!device().features.has('subgroups')) return 0
  const { subgroupMinSize, subgroupMaxSize } = adapterInfo()
  return subgroupMinSize === subgroupMaxSize ? subgroupMinSize : 0
}

/** What the adapter says of itself. */
export function adapterInfo(): GPUAdapterInfo {
  device()
  return session!.found.adapter.info
}

/** Keeps an error for the next read to throw, unless one is waiting already. */
export function fail(error: Error): void {
  if (session) session.failure ??= error
}

/** Throws the first error that the GPU reported since the last call: errors arrive when they can. */
export function surface(): void {
  const failure = session?.failure
  if (!failure) return
  session!.failure = null
  throw failure
}

async function start(): Promise<void> {
  const found = await search()
  const { adapter } = found
  const opened = await open(adapter).catch(error => {
    found.release()
    throw error
  })
  const current: Session = { found, device: opened, failure: null }
  opened.addEventListener('uncapturederror', event => {
    event.preventDefault() // it is thrown at the next await instead of printed
    const { message } = (event as GPUUncapturedErrorEvent).error
    current.failure ??= new Error(`GPU: ${message}`)
  })
  opened.lost.then(info => {
    if (info.reason !== 'destroyed') {
      current.failure ??= new Error(
        `GPU: the device was lost (${info.message}); start again with shutdown() and init()`,
      )
    }
  })
  session = current
}

/** A device with what the adapter offers of the features and limits that kernels make use of. */
function open(adapter: GPUAdapter): Promise<GPUDevice> {
  const { features, limits } = adapter
  const useful: GPUFeatureName[] = ['subgroups', 'shader-f16', 'timestamp-query']
  return adapter.requestDevice({
    label: 'kernelgrad',
    requiredFeatures: useful.filter(feature => features.has(feature)),
    requiredLimits: {
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    },
  })
}

async function searchBrowser(): Promise<Found> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu
  check(
    gpu,
    () =>
      'no WebGPU here: use a current Chrome, Edge, Firefox or Safari, over https or on localhost',
  )
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  check(
    adapter,
    () =>
      'no GPU adapter: the browser has WebGPU but offers no GPU; see chrome://gpu or about:support',
  )
  return { adapter, software: adapter.info.isFallbackAdapter, release() {} }
}
