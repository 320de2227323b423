/** The walk back in an order of the reader's own: the arrows of the tape, another loop. */

import type { Node } from '../../../src/autograd/tape.js'
import { stepper } from '../../../src/explain/index.js'
import { add, noGrad, ones, type Tensor } from '../../../src/index.js'
import type { Program } from './expression.js'
import { read, type Values } from './values.js'
import { compute, type Leaves } from './walk.js'

/** A record that the reader has visited. */
export interface Visit {
  readonly name: string
  /** How many gradients had reached its result, of how many that the tape holds. */
  readonly arrived: number
  readonly expected: number
  readonly dy: Values
  /** The names that it passed a gradient on to. */
  readonly to: readonly string[]
}

export interface OwnWalk {
  readonly visits: readonly Visit[]
  /** By name, what has reached it so far. */
  readonly gradients: ReadonlyMap<string, Values>
  /** The records that could be visited next: something has reached them. */
  readonly open: readonly string[]
}

/**
 * Visits these records in this order, each once. A record passes on what has reached it by then;
 * what comes later is lost. Those that nothing has reached are passed over.
 */
export function ownWalk(
  program: Program,
  given: Leaves,
  order: readonly string[],
): Promise<OwnWalk> {
  return compute(program, given, async ({ y, leaves }) => {
    const { records } = stepper(y, { names: leaves })
    const sums = new Map<string, Tensor>([[records.at(-1)!.name, ones(y.shape)]])
    const arrived = new Map<string, number>([[records.at(-1)!.name, 1]])
    const visits: (Omit<Visit, 'dy'> & { dy: Tensor })[] = []
    const expectedBy = (name: string) =>
      records.flatMap(({ inputs }) => inputs).filter(input => input.name === name).length || 1
    noGrad(() => {
      for (const name of order) {
        const record = records.find(one => one.name === name)
        const dy = sums.get(name)
        if (!record || !dy || visits.some(visit => visit.name === name)) continue
        const edges = (record.result.origin as Node).edges!
        const to = edges.flatMap(edge => {
          const [x, arrow] = edge ?? []
          if (!arrow) return []
          const { name: input } = record.inputs.find(({ tensor }) => tensor === x)!
          const dx = arrow(dy)
          const before = sums.get(input)
          sums.set(input, before ? add(before, dx) : dx)
          arrived.set(input, (arrived.get(input) ?? 0) + 1)
          return [input]
        })
        visits.push({ name, dy, to, arrived: arrived.get(name)!, expected: expectedBy(name) })
      }
    })
    const [seen, gradients] = await Promise.all([
      Promise.all(visits.map(async visit => ({ ...visit, dy: await read(visit.dy) }))),
      Promise.all([...sums].map(async ([name, t]) => [name, await read(t)] as const)),
    ])
    const open = records.map(({ name }) => name).filter(name => sums.has(name))
    return {
      visits: seen,
      gradients: new Map(gradients),
      open: open.filter(name => !visits.some(visit => visit.name === name)),
    }
  })
}
