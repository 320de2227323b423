/** Source text with colours, line numbers, marked lines and errors: CodeMirror, for WGSL and TypeScript. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { h } from './dom.js'
import { wgsl } from './wgsl.js'

export interface EditorOptions {
  readonly text: string
  readonly language: 'wgsl' | 'typescript'
  /** What a screen reader calls it. */
  readonly label: string
  /** Called with the whole text after each change; without it the text cannot be edited. */
  readonly onchange?: (text: string) => void
  /** The number of the first line, where the text is a part of a file. */
  readonly firstLine?: number
}

/** What stands at a line; lines count from 1. */
export interface LineMessage {
  readonly line: number
  readonly message: string
}

/**
 * The view's element, and what a scene does with it. The element has a shadow root: only there does
 * CodeMirror bring its style as a constructed sheet, which the page's policy allows.
 */
export class Editor {
  readonly element: HTMLElement
  private readonly view: EditorView

  constructor({ text, language, label, onchange, firstLine = 1 }: EditorOptions) {
    const editable: Extension = onchange
      ? [
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          typedOver,
          EditorView.updateListener.of(update => {
            if (update.docChanged) onchange(update.state.doc.toString())
          }),
        ]
      : [EditorState.readOnly.of(true)]
    this.element = h('div', { class: 'editor' })
    const root = this.element.attachShadow({ mode: 'open' })
    this.view = new EditorView({
      root,
      parent: root,
      doc: text,
      extensions: [
        editable,
        lineNumbers({ formatNumber: n => String(n + firstLine - 1) }),
        lintGutter(),
        language === 'wgsl' ? StreamLanguage.define(wgsl) : javascript({ typescript: true }),
        syntaxHighlighting(colours),
        marks,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        theme,
      ],
    })
  }

  get text(): string {
    return this.view.state.doc.toString()
  }

  set text(text: string) {
    const { length } = this.view.state.doc
    this.view.dispatch({ changes: { from: 0, to: length, insert: text } })
  }

  /** Marks these lines and no others, and scrolls to the first; the page itself does not move. */
  mark(...lines: readonly number[]): void {
    const { doc } = this.view.state
    const known = lines.filter(line => line >= 1 && line <= doc.lines).sort((a, b) => a - b)
    this.view.dispatch({ effects: setMarks.of(known) })
    if (known.length === 0) return
    const { scrollDOM, contentDOM } = this.view
    // lines are not wrapped; and an editor that was hidden until now has not measured them yet
    const top = (known[0] - 1) * Number.parseFloat(getComputedStyle(contentDOM).lineHeight)
    scrollDOM.scrollTop = Math.max(0, top - scrollDOM.clientHeight / 3)
  }

  /** Shows these errors at their lines, and no others. */
  errors(found: readonly LineMessage[]): void {
    const { doc } = this.view.state
    const diagnostics = found.map(({ line, message }): Diagnostic => {
      const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines))
      return { from, to, severity: 'error', message }
    })
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics))
  }

  destroy(): void {
    this.view.destroy()
  }
}

/** Chrome would write inline styles when a text is typed over several lines; CodeMirror does not. */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { inputType, data } = event
    if (inputType !== 'insertText' || !data || view.state.selection.main.empty) return false
    view.dispatch(view.state.replaceSelection(data))
    event.preventDefault()
    return true
  },
})

const setMarks = StateEffect.define<readonly number[]>()

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, { effects, changes, state }) {
    for (const effect of effects)
      if (effect.is(setMarks))
        return Decoration.set(
          effect.value.map(n => Decoration.line({ class: 'marked' }).range(state.doc.line(n).from)),
        )
    return value.map(changes)
  },
  provide: field => EditorView.decorations.from(field),
})

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier], color: 'var(--purple)' },
  { tag: [tags.typeName, tags.className], color: 'var(--green)' },
  { tag: [tags.number, tags.bool, tags.string], color: 'var(--orange)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--blue)',
  },
  { tag: [tags.comment, tags.meta], color: 'var(--quiet)' },
])

const theme = EditorView.theme({
  '&': { border: '1px solid var(--line)', borderRadius: '6px', background: 'var(--raised)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: '0.82rem', maxHeight: '26rem' },
  '.cm-gutters': { background: 'var(--raised)', color: 'var(--quiet)', border: 'none' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.marked': { background: 'var(--mark)' },
  '.cm-tooltip': { background: 'var(--ground)', color: 'var(--text)' },
})
