/** The first page: what there is to see and to read. */
import { chapters } from './chapters.js'
import { fill, h } from './dom.js'
import { hashOf } from './route.js'
import { scenes } from './scenes.js'

export function drawFirstPage(content: HTMLElement): void {
  document.title = 'Learn kernelgrad'
  fill(
    content,
    h('h1', {}, 'How autograd works, and how a GPU is made to do it'),
    h(
      'p',
      { class: 'about' },
      'Six scenes and seven chapters. All that moves here is computed by kernelgrad itself, ',
      'on your own machine. Nothing leaves it.',
    ),
    h('h2', {}, 'Scenes'),
    h(
      'ul',
      { class: 'cards' },
      scenes.map(({ path, title, about }) =>
        h(
          'li',
          {},
          h('img', { src: `./recorded/${path}.jpg`, alt: '', width: 1320, height: 960 }),
          h('a', { href: hashOf(path) }, title),
          h('p', {}, about),
        ),
      ),
    ),
    h('h2', {}, 'Chapters'),
    h(
      'ol',
      { class: 'chapters' },
      chapters.map(({ path, title }) => h('li', {}, h('a', { href: hashOf(path) }, title))),
    ),
  )
}
