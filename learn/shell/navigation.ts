/** The links at the top: every scene and every chapter. */
import { chapters } from './chapters.js'
import { fill, h } from './dom.js'
import { hashOf } from './route.js'
import { scenes } from './scenes.js'

/** Draws them, and marks where the reader is. */
export function drawNavigation(navigation: HTMLElement, path: string): void {
  const link = (to: string, text: string, title: string) =>
    h('a', { href: hashOf(to), title, 'aria-current': to === path && 'page' }, text)
  fill(
    navigation,
    scenes.map(scene => link(scene.path, scene.title, scene.about)),
    h('span', {}, 'Chapters'),
    chapters.map(({ path, title }, i) => link(path, `${i + 1}`, `Chapter ${i + 1}: ${title}`)),
  )
}
