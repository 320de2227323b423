/** Where everything of the scene stands, and the words beside it. */
import { h } from '../../shell/dom.js'

export interface Parts {
  readonly controls: HTMLElement
  readonly weights: HTMLElement
  readonly images: HTMLElement
  readonly words: HTMLElement
  readonly curves: HTMLElement
  readonly originals: HTMLElement
  readonly outputs: HTMLElement
  readonly own: HTMLElement
  readonly axes: HTMLElement
  readonly plane: HTMLElement
  readonly place: HTMLElement
  readonly decoded: HTMLElement
  readonly space: HTMLElement
  readonly orbit: HTMLElement
  /** Its name and its picture. */
  readonly noisyRow: readonly HTMLElement[]
}

export function layout(parts: Parts): readonly HTMLElement[] {
  return [
    parts.controls,
    h('div', { class: 'row' }, parts.weights, parts.images, parts.words),
    h(
      'div',
      { class: 'columns' },
      h('section', {}, h('h2', {}, 'Loss'), parts.curves),
      h(
        'section',
        {},
        h('h2', {}, 'Test digits, and what comes back'),
        h(
          'div',
          { class: 'pairs' },
          h('span', {}, 'digit'),
          parts.originals,
          parts.noisyRow,
          h('span', {}, 'comes back'),
          parts.outputs,
        ),
        h('h2', {}, 'A digit of your own'),
        parts.own,
      ),
      h(
        'section',
        {},
        h('h2', {}, 'The plane of codes'),
        parts.axes,
        h(
          'div',
          { class: 'decoding' },
          parts.plane,
          h('div', {}, h('p', {}, 'The decoder makes of'), parts.place, parts.decoded),
        ),
      ),
      h('section', {}, h('h2', {}, 'The cloud of codes'), parts.space, parts.orbit),
    ),
  ]
}

export function planeWords(latent: number): string {
  if (latent === 2)
    return 'Each test digit lies where its code of two numbers says. Drag the ring: the decoder answers.'
  return (
    `A code has ${latent} numbers. This plane is laid through the codes along their first two ` +
    'principal components. Drag the ring: the decoder answers.'
  )
}

export function spaceWords(latent: number): string {
  if (latent === 2)
    return 'The same codes; the height is the error of each reconstruction. Drag to turn it.'
  if (latent === 3) return 'All three numbers of each code. Drag to turn it.'
  return `The first three principal components of the ${latent} numbers. Drag to turn it.`
}
