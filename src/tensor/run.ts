/** Launches by tensors, which know their memory and where in it their elements begin. */
import { isDry } from '../kernels/dryrun.js'
import type { EntryName, Kernel, Used } from '../kernels/kernel.js'
import { enqueue, none, type Shared, workgroupsOf } from '../kernels/launch.js'
import type { Value, Values } from '../kernels/params.js'
import { type Constants, pipelineFor } from '../kernels/pipeline.js'
import type { Lease } from '../kernels/pool.js'
import { Tensor } from './tensor.js'

/** The params that a launch must give: those that the entry reads, without tensors' offsets. */
type ParamName<K extends Kernel, E extends EntryName<K>> = Exclude<
  Used<K, E, 'params'>,
  `${Used<K, E, 'buffers'>}_offset`
>

/** What a launch of entry E of kernel K says; every name is checked against the WGSL source. */
export type Run<K extends Kernel, E extends EntryName<K>> = Shared<K, E> & {
  /** A tensor for each buffer that the entry uses, or memory that is read from its beginning. */
  tensors: { [B in Used<K, E, 'buffers'>]: Tensor | Lease }
} & ([ParamName<K, E>] extends [never] ? unknown : { params: { [P in ParamName<K, E>]: Value } })

/**
 * Queues one kernel, as `launch` does, but with tensors. A param `<buffer>_offset` is set to the
 * position of the tensor's first element. The caller must give what it needs of shapes and strides.
 */
export function run<K extends Kernel, E extends EntryName<K> = EntryName<K>>(
  kernel: K,
  what: Run<K, E>,
): void {
  if (isDry()) return
  const { entry, tensors, constants, params, threads, workgroups } = what as Untyped
  const pipeline = pipelineFor(kernel, entry ?? 'main', constants ?? none)
  const { buffers } = pipeline
  const bound = new Array<Lease>(buffers.length)
  const offsets = new Array<number>(buffers.length)
  for (let i = 0; i < buffers.length; i++) {
    const memory = tensors[buffers[i].name]
    const isTensor = memory instanceof Tensor
    bound[i] = isTensor ? memory.storage.lease : memory
    offsets[i] = isTensor ? memory.offset : 0
  }
  const given = { values: params ?? none, offsets }
  enqueue(pipeline, bound, given, workgroupsOf(pipeline, threads, workgroups))
  watcher?.(
    kernel.name,
    buffers.flatMap(({ name, write }) => {
      const tensor = tensors[name]
      return tensor instanceof Tensor ? [{ name, write, tensor }] : []
    }),
    pipeline.label,
  )
}

/** A tensor of a launch, by the name that the kernel has for it. */
export interface Bound {
  readonly name: string
  readonly write: boolean
  readonly tensor: Tensor
}

let watcher: ((kernel: string, tensors: readonly Bound[], label: string) => void) | null = null

/** Calls `watch` after every launch, with the label of its pipeline; null: nobody. */
export function watchRuns(watch: typeof watcher): void {
  watcher = watch
}

interface Untyped {
  readonly entry?: string
  readonly tensors: Readonly<Record<string, Tensor | Lease>>
  readonly constants?: Constants
  readonly params?: Values
  readonly threads?: number
  readonly workgroups?: number
}
