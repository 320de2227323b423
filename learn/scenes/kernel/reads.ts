/** What a kernel really reads: counted by the kernel itself, element by element. */
import { zeros } from '../../../src/index.js'
import { write } from '../../../src/kernels/transfer.js'
import { launchIn, runExchanged } from './exchange.js'
import { guarded } from './guard.js'
import {
  instrumented,
  journalBinding,
  journalHead,
  type Noted,
  wordsPerRead,
  writerStride,
} from './instrument.js'
import type { Counted, Planes, Step } from './subject.js'

/** An invocation, by its workgroup and its place there. */
export interface Who {
  readonly workgroup: number
  readonly invocation: number
}

export interface ReadPlanes extends Planes {
  /** How often the invocation, its workgroup and all together have read each element. */
  readonly by: Readonly<Record<'invocation' | 'workgroup' | 'all', Uint32Array>>
}

export interface Reads {
  readonly read: readonly ReadPlanes[]
  /** Who has written each element of the result; null where nobody has. */
  readonly writers: readonly (Who | null)[]
  /** Numbers that all invocations together have read, per multiply-add. */
  readonly perMultiplyAdd: number
}

/** Runs the text once and notes its loads, those of `who` beside those of all. */
export async function countReads(
  counted: Counted,
  step: Step,
  wgsl: string,
  who: Who,
): Promise<Reads> {
  const planes = counted.read(step.name)
  const { buffers } = launchIn(() => counted.product.run(step.name), step.kernel)
  let at = journalHead
  // a kernel may have the same memory twice, as numbers and as vec4s
  const places = [...planes, counted.result].map(each => {
    const isResult = each === counted.result
    const size = each.planes * each.rows * each.columns
    const own = buffers.find(({ name, write }) => (isResult ? write : name === each.name))!
    const names = buffers.filter(({ memory }) => memory === own.memory)
    const from = at
    at += size * (isResult ? 1 : wordsPerRead)
    return names.map(({ name }): Noted => ({ name, size, write: isResult, at: from }))
  })
  const journal = zeros([at], { dtype: 'i32' })
  write(journal.storage.lease, Uint32Array.of(who.workgroup, who.invocation))
  await runExchanged(() => counted.product.run(step.name), {
    kernel: step.kernel,
    wgsl: instrumented(guarded(wgsl), places.flat()),
    extra: { binding: journalBinding, tensor: journal },
  })
  const words = await journal.data()
  const read = planes.map((each, i): ReadPlanes => {
    const [{ at, size }] = places[i]
    const column = (offset: number) =>
      Uint32Array.from({ length: size }, (_, e) => words[at + wordsPerRead * e + offset])
    return { ...each, by: { all: column(0), workgroup: column(1), invocation: column(2) } }
  })
  const [result] = places.at(-1)!
  const writers = Array.from({ length: result.size }, (_, e) => whoIs(words[result.at + e]))
  const loads = read.reduce((sum, { by }) => by.all.reduce((s, n) => s + n, sum), 0)
  return { read, writers, perMultiplyAdd: loads / counted.multiplyAdds }
}

function whoIs(word: number): Who | null {
  if (word === 0) return null
  return {
    workgroup: Math.floor((word - 1) / writerStride),
    invocation: (word - 1) % writerStride,
  }
}
