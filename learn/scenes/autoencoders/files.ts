/** Files from the reader's disk, by a button or dropped onto the scene. They stay in this page. */
import { h } from '../../shell/dom.js'
import type { File as Read } from './messages.js'

/** @param given called with the files once they are read */
export function makeFileButton(
  host: HTMLElement,
  signal: AbortSignal,
  given: (files: Read[]) => void,
): HTMLElement {
  const read = async (files: Iterable<File>) => {
    const all = await Promise.all(
      [...files].map(async file => ({
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    )
    if (all.length > 0) given(all)
  }
  const input = h('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-label': 'Files of images and labels',
    onchange: () => {
      read(input.files ?? [])
      input.value = '' // so that the same files can be chosen again
    },
  })
  host.addEventListener('dragover', event => event.preventDefault(), { signal })
  host.addEventListener(
    'drop',
    event => {
      event.preventDefault()
      read(event.dataTransfer?.files ?? [])
    },
    { signal },
  )
  return h(
    'span',
    {},
    h('button', { onclick: () => input.click() }, 'MNIST files…'),
    input,
    h('span', { class: 'about' }, ' or drop them here'),
  )
}
