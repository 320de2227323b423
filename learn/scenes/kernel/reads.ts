/** What a kernel really reads: counted by the kernel itself, element by element. */
import { zeros } from '../../../src/index.js'
import { write } from '../../../src/kernels/transfer.js'
import { runExchanged } from './exchange.js'
import { guarded } from './guard.js'
import {
  instrumented,
  journalBinding,
  journalHead,
  lanesOf,
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
  const all = [...planes, counted.result]
  let at = journalHead
  const noted = all.map(({ name, planes, rows, columns }, i): Noted => {
    const isResult = i === all.length - 1
    const buffer = isResult ? bufferOfResult(wgsl, name) : name
    const elements = (planes * rows * columns) / lanesOf(wgsl, buffer)
    const from = at
    at += elements * (isResult ? 1 : wordsPerRead)
    return { name: buffer, elements, write: isResult, at: from }
  })
  const journal = zeros([at], { dtype: 'i32' })
  write(journal.storage.lease, Uint32Array.of(who.workgroup, who.invocation))
  await runExchanged(() => counted.product.run(step.name), {
    kernel: step.kernel,
    wgsl: instrumented(guarded(wgsl), noted),
    extra: { binding: journalBinding, tensor: journal },
  })
  const words = await journal.data()
  const read = planes.map((each, i): ReadPlanes => {
    const size = each.planes * each.rows * each.columns
    const lanes = size / noted[i].elements
    const column = (offset: number) =>
      Uint32Array.from(
        { length: size },
        (_, e) => words[noted[i].at + wordsPerRead * Math.floor(e / lanes) + offset],
      )
    return { ...each, by: { all: column(0), workgroup: column(1), invocation: column(2) } }
  })
  const { at: first, elements } = noted.at(-1)!
  const size = all.at(-1)!.planes * all.at(-1)!.rows * all.at(-1)!.columns
  const writers = Array.from({ length: size }, (_, e) =>
    whoIs(words[first + Math.floor((e * elements) / size)]),
  )
  const loads = read.reduce((sum, { by }) => by.all.reduce((s, n) => s + n, sum), 0)
  return { read, writers, perMultiplyAdd: loads / counted.multiplyAdds }
}

/** The kernels of convolution call what they write `result`. */
function bufferOfResult(wgsl: string, name: string): string {
  return new RegExp(`>\\s*${name}\\s*:`).test(wgsl) ? name : 'result'
}

function whoIs(word: number): Who | null {
  if (word === 0) return null
  return {
    workgroup: Math.floor((word - 1) / writerStride),
    invocation: (word - 1) % writerStride,
  }
}
