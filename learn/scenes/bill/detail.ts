/** One launch: who asked for it, what it reads and writes, its kernel's source, what a compiler says. */
import { formulaOf } from '../../../src/explain/formulas.js'
import type { Charge } from '../../../src/explain/index.js'
import { kernels } from '../../../src/kernels/sources.js'
import { fill, h } from '../../shell/dom.js'
import { Editor } from '../../shell/editor.js'
import { compiledFor } from './cards.js'
import { kilobytes } from './timeline.js'

export class Detail {
  readonly element: HTMLElement
  private readonly facts = h('div', { class: 'facts' })
  private readonly editor = new Editor({
    text: '',
    language: 'wgsl',
    label: 'Source of the kernel',
  })
  private kernel = ''

  constructor() {
    this.element = h('div', { class: 'columns' }, this.facts, this.editor.element)
  }

  show(charge: Charge, i: number, count: number): void {
    const { kernel, entry, constants, op, phase, buffers, milliseconds } = charge
    fill(
      this.facts,
      h('h2', {}, `Launch ${i + 1} of ${count}: `, h('code', {}, `${kernel}.${entry}`)),
      h('p', {}, asked(phase, op)),
      h(
        'p',
        {},
        constants ? ['Compiled with ', h('code', {}, constants), '. '] : 'Compiled as it stands. ',
        milliseconds !== null && `The GPU's clock says ${milliseconds.toFixed(3)} ms.`,
      ),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Buffers' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['buffer', 'shape', 'size', 'is'].map(t => h('th', {}, t)),
            ),
          ),
          h(
            'tbody',
            {},
            buffers.map(({ name, shape, bytes, write }) =>
              h(
                'tr',
                {},
                h('td', {}, h('code', {}, name)),
                h('td', { class: 'number' }, `[${shape.join(', ')}]`),
                h('td', { class: 'number' }, kilobytes(bytes)),
                h('td', {}, write ? 'written' : 'read'),
              ),
            ),
          ),
        ),
      ),
      compilers(kernel, entry),
    )
    if (kernel !== this.kernel) this.editor.text = kernels[kernel]
    this.kernel = kernel
    const lines = kernels[kernel].split('\n')
    this.editor.mark(lines.findIndex(line => line.startsWith(`fn ${entry}(`)) + 1)
  }

  destroy(): void {
    this.editor.destroy()
  }
}

function asked(phase: string, op: string): string {
  if (phase === 'update') return 'The optimizer asked for it: optimizer.step().'
  const { y, arrows } = formulaOf(op)
  if (phase === 'forward') return `Asked for by ${op}: ${y}`
  return `Asked for by the gradients of ${op}${arrows.length > 0 ? `: ${arrows.join(', ')}` : ''}`
}

function compilers(kernel: string, entry: string): HTMLElement {
  const rows = compiledFor(kernel, entry)
  if (rows.length === 0)
    return h(
      'p',
      { class: 'about' },
      'The project has no report of a GPU’s compiler on this kernel.',
    )
  return h(
    'p',
    { class: 'about' },
    'AMD’s compiler on this kernel: ',
    rows
      .map(
        ({ card, registers, spills, waves, fmaPerValu, name }) =>
          `${card} (for ${name}): ${registers} registers per lane, ${spills} spilled, ` +
          `${waves} waves at once` +
          (fmaPerValu
            ? `, ${Math.round(100 * fmaPerValu)} % of its arithmetic multiplies and adds`
            : ''),
      )
      .join('; '),
    '.',
  )
}
