/** Controls with their labels. */
import { h } from './dom.js'

export interface SliderOptions {
  readonly label: string
  readonly min: number
  readonly max: number
  readonly step?: number
  readonly value: number
  /** How the value is written beside the slider. */
  readonly show?: (value: number) => string
  readonly oninput: (value: number) => void
}

/** A slider with its value beside it; `set` moves it from outside, without calling back. */
export function slider(options: SliderOptions): HTMLElement & { set(value: number): void } {
  const { label, min, max, step = 1, value, show = String, oninput } = options
  const output = h('output', {}, show(value))
  const input = h('input', { type: 'range', min, max, step, value: String(value) })
  const say = () => {
    output.textContent = show(input.valueAsNumber)
    input.setAttribute('aria-valuetext', show(input.valueAsNumber))
  }
  input.addEventListener('input', () => {
    say()
    oninput(input.valueAsNumber)
  })
  const set = (to: number) => {
    input.valueAsNumber = to
    say()
  }
  say()
  return Object.assign(h('label', {}, label, input, output), { set })
}

/** A choice of one among several. */
export function choice<T extends string>(
  label: string,
  options: readonly (readonly [value: T, text: string])[],
  value: T,
  onchange: (value: T) => void,
): HTMLElement {
  const select = h(
    'select',
    { onchange: () => onchange(select.value as T) },
    options.map(([to, text]) => h('option', { value: to, selected: to === value }, text)),
  )
  return h('label', {}, label, select)
}

/** A switch. */
export function toggle(
  label: string,
  checked: boolean,
  onchange: (on: boolean) => void,
): HTMLElement {
  const input = h('input', { type: 'checkbox', checked, onchange: () => onchange(input.checked) })
  return h('label', {}, input, label)
}
