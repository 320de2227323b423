/** The true source of the tape and of the walk, with the lines that run now marked. */
import backward from '../../../src/autograd/backward.ts?raw'
import tape from '../../../src/autograd/tape.ts?raw'
import { h } from '../../shell/dom.js'
import { Editor } from '../../shell/editor.js'
import { linesWith, type Mark } from './marks.js'

const texts = { 'tape.ts': tape, 'backward.ts': backward } as const
type File = keyof typeof texts
const files = Object.keys(texts) as File[]

export class Source {
  readonly element: HTMLElement
  private readonly editors = new Map<File, Editor>()
  private readonly tabs = new Map<File, HTMLButtonElement>()

  constructor() {
    for (const file of files) {
      const label = `src/autograd/${file}`
      this.editors.set(file, new Editor({ text: texts[file], language: 'typescript', label }))
      this.tabs.set(file, h('button', { onclick: () => this.show(file) }, label))
    }
    this.element = h(
      'section',
      { class: 'source', 'aria-label': 'The source' },
      h('div', { class: 'tabs' }, [...this.tabs.values()]),
      [...this.editors.values()].map(({ element }) => element),
    )
    this.show('tape.ts')
  }

  /** Shows the file, with these lines marked. */
  mark({ file, lines }: Mark): void {
    this.show(file)
    this.editors.get(file)!.mark(...linesWith(texts[file], lines))
  }

  destroy(): void {
    for (const editor of this.editors.values()) editor.destroy()
  }

  private show(file: File): void {
    for (const [name, { element }] of this.editors) element.hidden = name !== file
    for (const [name, tab] of this.tabs) tab.setAttribute('aria-pressed', String(name === file))
  }
}
