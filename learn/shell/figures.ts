/** Figures in a chapter: drawn by a scene's code from the state in a link, when the page is open. */
import { h } from './dom.js'
import { engine } from './engine.js'
import './figures.css'
import { routeOf } from './route.js'

/** Draws a scene's state without its controls. */
export type DrawFigure = (params: URLSearchParams) => Promise<HTMLElement>

const scenes: Readonly<Record<string, () => Promise<{ draw: DrawFigure }>>> = {
  tape: () => import('../scenes/tape/figure.js'),
  views: () => import('../scenes/views/figure.js'),
}

/**
 * Fills the marks  <figure data-to="#/views?shape=2,3">caption</figure>  of a chapter. Without
 * WebGPU the captions stand alone.
 */
export async function drawFigures(article: HTMLElement, signal: AbortSignal): Promise<void> {
  for (const figure of article.querySelectorAll<HTMLElement>('figure[data-to]')) {
    const { path, params } = routeOf(figure.dataset.to!)
    const caption = h('figcaption', {}, [...figure.childNodes])
    caption.append(' ', h('a', { href: figure.dataset.to }, 'Open it in the scene.'))
    figure.append(caption)
    try {
      await engine()
      const drawing = await (await scenes[path]()).draw(params)
      if (signal.aborted) return
      figure.prepend(h('div', { class: 'scroll', tabindex: 0 }, drawing))
    } catch (error) {
      console.warn(error) // the text does not need the figure
    }
    figure.removeAttribute('aria-busy')
  }
}
