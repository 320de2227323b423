/** The colours of autoencoders.css as numbers, for canvases. */
import { h } from '../../shell/dom.js'

/** Red, green and blue from 0 to 1: of the ten digits, of lines, and of the ground. */
export function coloursNow(host: HTMLElement): number[][] {
  const names = [
    ...Array.from({ length: 10 }, (_, digit) => `--digit-${digit}`),
    '--edge',
    '--raised',
  ]
  const probe = h('i')
  host.append(probe)
  const colours = names.map(name => {
    probe.style.color = `var(${name})`
    const numbers = getComputedStyle(probe).color.match(/[\d.]+/g)!
    return numbers.slice(0, 3).map(number => Number(number) / 255)
  })
  probe.remove()
  return colours
}

/** Calls back when the reader changes between light and dark. */
export function onTheme(changed: () => void, signal: AbortSignal): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed, { signal })
}

export const css = (colour: readonly number[]) =>
  `rgb(${colour.map(c => Math.round(255 * c)).join(' ')})`
