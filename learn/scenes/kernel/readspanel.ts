/** Which elements one invocation reads, and its workgroup: cells beside each other. */
import { fill, h } from '../../shell/dom.js'
import { Cells } from './cells.js'
import type { ReadPlanes, Reads, Who } from './reads.js'
import type { Counted, Planes } from './subject.js'

export interface ReadsPanel {
  readonly element: HTMLElement
  /** Draws the cells before their loads are counted. */
  wait(counted: Counted, rung: string): void
  show(counted: Counted, reads: Reads, who: Who): void
  /** In the place of reads, where a text cannot be run. */
  clear(words: string): void
}

/** `onpick` gets the number of the element of the result that the reader points at. */
export function readsPanel(onpick: (cell: number) => void): ReadsPanel {
  const words = h('p', { class: 'counts', 'aria-live': 'polite' })
  const key = h(
    'ul',
    { class: 'key' },
    h('li', { class: 'self' }, 'this invocation'),
    h('li', { class: 'group' }, 'its workgroup'),
  )
  const grids = h('div', { class: 'grids' })
  const element = h('section', { class: 'reads', 'aria-label': 'What is read' }, grids, words)
  let drawn: { of: string; cells: Cells[] } | null = null
  const cellsOf = (all: readonly Planes[]) => {
    const of = JSON.stringify(all.map(({ name, rows, columns }) => [name, rows, columns]))
    if (drawn?.of === of) return drawn.cells
    const last = all.length - 1
    const cells = all.map((planes, i) =>
      i === last
        ? new Cells(planes, `${planes.name}, written`, onpick)
        : new Cells(planes, `${planes.name}, read`),
    )
    drawn = { of, cells }
    // as on paper: B above C, A left of it
    const [first, second, result] = cells.map(({ element }) => element)
    fill(grids, key, second, first, result)
    return cells
  }
  return {
    element,
    wait(counted, rung) {
      cellsOf([...counted.read(rung), counted.result])
      words.textContent = 'Counting its loads…'
    },
    show(counted, reads, who) {
      const cells = cellsOf([...reads.read, counted.result])
      for (const [i, { by }] of reads.read.entries()) cells[i].show(levelsOf(by))
      cells.at(-1)!.show(
        reads.writers.map(writer => {
          if (!writer || writer.workgroup !== who.workgroup) return 0
          return writer.invocation === who.invocation ? 3 : 2
        }),
      )
      words.textContent = sentence(counted, reads, who)
    },
    clear(why) {
      words.textContent = why
    },
  }
}

function levelsOf({ all, workgroup, invocation }: ReadPlanes['by']): Uint8Array {
  return Uint8Array.from(all, (n, i) =>
    invocation[i] > 0 ? 3 : workgroup[i] > 0 ? 2 : n > 0 ? 1 : 0,
  )
}

function sentence(counted: Counted, { read, writers }: Reads, who: Who): string {
  const sum = (list: Uint32Array) => list.reduce((total, n) => total + n, 0)
  const inGroup = writers.filter(writer => writer?.workgroup === who.workgroup)
  const own = inGroup.filter(writer => writer?.invocation === who.invocation).length
  const loads = (by: keyof ReadPlanes['by']) =>
    read.map(each => `${sum(each.by[by])} of ${each.name}`).join(' and ')
  return (
    `${counted.sizes}. This invocation loads ${loads('invocation')} for ${own} ` +
    `${own === 1 ? 'element' : 'elements'} of ${counted.result.name}. Its workgroup loads ` +
    `${loads('workgroup')} for ${inGroup.length}.`
  )
}
