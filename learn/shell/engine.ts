/** The engine in this page, made once; and words for readers whose browser has no WebGPU. */
import { adapterInfo, init, isSoftware } from '../../src/index.js'
import { type Child, h } from './dom.js'

let started: Promise<void> | undefined

/** Starts it with the first call. @throws Error when this browser has no WebGPU */
export function engine(): Promise<void> {
  started ??= init().catch(error => {
    started = undefined // the reader may switch WebGPU on and try again
    throw error
  })
  return started
}

/** Words for a reader whose browser computes on the CPU; nothing on a GPU. */
export function adapterNote(): Child {
  if (!isSoftware()) return null
  const { description, architecture } = adapterInfo()
  const name = description || architecture
  return h(
    'p',
    { class: 'note', role: 'note' },
    `This browser computes on the CPU (${name}). All numbers are right, and all is slower. `,
    'chrome://gpu says why there is no GPU.',
  )
}

/** What a reader sees in the place of a scene when the engine does not start. */
export function noEngine(error: unknown, again: () => void): Child {
  return h(
    'section',
    { class: 'note', role: 'alert' },
    h('h2', {}, 'This browser has no WebGPU, or has it switched off'),
    h('p', {}, String(error instanceof Error ? error.message : error)),
    h(
      'ul',
      {},
      h('li', {}, 'Chrome and Edge 113 and later have it on Windows, macOS and Android.'),
      h('li', {}, 'On Linux, open chrome://flags/#enable-unsafe-webgpu and enable it.'),
      h('li', {}, 'Safari has it from 26, Firefox from 141 on Windows and 145 on macOS.'),
      h('li', {}, 'The page must come over https, or from localhost.'),
    ),
    h('button', { onclick: again }, 'Try again'),
  )
}
