/** Kernels that are not the library's, launched on tensors. */
import { watchRead } from '../compile/watch.js'
import { check } from '../kernels/check.js'
import type { Kernel } from '../kernels/kernel.js'
import { described, optionsOf } from '../tensor/arguments.js'
import { run } from '../tensor/run.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  bindable,
  checkApart,
  checkNames,
  checkParam,
  entryOf,
  workgroupsOf,
} from './checklaunch.js'
import { titleOf, uniqueName } from './kernelname.js'
import { kernelOf } from './kernelof.js'
import type { Member } from './members.js'
import type { BufferNames, ConstantNames, EntryNames, ParamNames } from './names.js'
import { parse, type Source } from './parse.js'

type Value = number | readonly number[]
type Tensors<W extends string> = { readonly [B in BufferNames<W>]: Tensor }
type Several<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never

/** What a launch of a kernel with the source W says. */
export type KernelLaunch<W extends string> = {
  /** The entry point; may be left out where there is one, or where it is `main`. */
  entry?: EntryNames<W>
  /** A tensor for each buffer that the entry point uses. */
  tensors: true extends Several<EntryNames<W>> ? Partial<Tensors<W>> : Tensors<W>
  /** Values of `override`s. */
  constants?: { readonly [C in ConstantNames<W>]?: number | boolean }
  /** Invocations, rounded up to whole workgroups. */
  threads?: number
  /** Workgroups, in place of invocations. */
  workgroups?: number
} & ([ParamNames<W>] extends [never]
  ? { params?: Record<never, Value> }
  : { params: { readonly [P in ParamNames<W>]: Value } })

/** A kernel from outside of the library. */
export interface CustomKernel<W extends string = string> {
  readonly name: string
  /**
   * Queues the kernel. Nothing is recorded for gradients: that is what `record` does.
   * @throws Error when names, dtypes or sizes do not fit what the WGSL declares
   */
  run(launch: KernelLaunch<W>): void
}

/**
 * A kernel of one's own, launched on tensors like the library's kernels, in compiled steps too.
 *
 * The WGSL declares its buffers from `@group(0) @binding(1)` on, as arrays of f32, i32 or u32 (or
 * their vec2 or vec4), and its params as a uniform struct at `@binding(0)`. Their names are the
 * names in `run`:
 *
 *     const double = defineKernel(`
 *       struct Params { n: u32 }
 *       @group(0) @binding(0) var<uniform> params: Params;
 *       @group(0) @binding(1) var<storage, read> x: array<f32>;
 *       @group(0) @binding(2) var<storage, read_write> y: array<f32>;
 *
 *       @compute @workgroup_size(64)
 *       fn main(@builtin(global_invocation_id) id: vec3u) {
 *         if (id.x < params.n) { y[id.x] = 2.0 * x[id.x]; }
 *       }`)
 *     const y = empty(x.shape)
 *     double.run({ tensors: { x, y }, params: { n: x.size }, threads: x.size })
 *
 * What is read is contiguous and begins at element 0: other tensors are copied first. A param
 * `x_offset` (u32) receives where x begins, and x is not copied for its offset. What is written
 * must be contiguous, must not also be read through another buffer, and counts as changed in place.
 * Buffers may be longer than their tensor, so every store must be guarded by a param.
 *
 * Messages call the kernel by its `name`. Without one, they use the first line of the WGSL where
 * that is a comment, or else "your kernel".
 * @throws Error when the WGSL has no entry point, or declares what no tensor can be bound to
 */
export function defineKernel<const W extends string>(
  wgsl: W,
  options: { name?: string } = {},
): CustomKernel<W> {
  check(
    typeof wgsl === 'string',
    () => `defineKernel: got ${described(wgsl)}; pass the text of a WGSL kernel`,
  )
  const { name = titleOf(wgsl) } = optionsOf('defineKernel', options, ['name'])
  const source = parse(wgsl)
  const kernel = kernelOf(uniqueName(name), wgsl, source)
  return {
    name,
    run: launch => launchOf(name, source, launch as unknown as Untyped, kernel),
  }
}

interface Untyped {
  readonly entry?: string
  readonly tensors: Readonly<Record<string, Tensor>>
  readonly params?: Readonly<Record<string, Value>>
  readonly constants?: Readonly<Record<string, number | boolean>>
  readonly threads?: number
  readonly workgroups?: number
}

function launchOf(name: string, source: Source, given: Untyped, kernel: Kernel): void {
  const names = ['entry', 'tensors', 'params', 'constants', 'threads', 'workgroups'] as const
  const { entry, tensors, params = {}, constants = {} } = optionsOf(name, given, names)
  const point = entryOf(name, source, entry)
  const { buffers } = point
  const isOffset = ({ name }: Member) => buffers.some(b => name === `${b.name}_offset`)
  const members = source.members.filter(member => !isOffset(member))
  const namesOf = (all: readonly { name: string }[]) => all.map(({ name }) => name)
  checkNames(name, 'tensor', tensors ?? {}, namesOf(buffers))
  checkNames(name, 'param', params, namesOf(members))
  checkNames(name, 'constant', constants, [...point.constants.keys()], true)
  for (const member of members) checkParam(name, member, params[member.name])
  const bound = buffers.map(buffer => {
    const hasOffset = source.members.some(m => m.name === `${buffer.name}_offset`)
    return [buffer, bindable(name, buffer, tensors[buffer.name], hasOffset)] as const
  })
  checkApart(name, bound)
  for (const [{ write, name: buffer }] of bound) if (!write) watchRead(tensors[buffer])
  const workgroups = workgroupsOf(name, point, given)
  const leases = Object.fromEntries(bound.map(([buffer, x]) => [buffer.name, x]))
  run(kernel, { entry: point.name, tensors: leases, params, constants, workgroups } as never)
  for (const [{ write }, y] of bound) if (write) y.storage.markChanged()
}
