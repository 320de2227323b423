/** A chapter: its text, made of Markdown when the page was built. */
import { chapters } from './chapters.js'
import { fill, h } from './dom.js'

const texts = import.meta.glob<string>('../chapters/*.md', { import: 'default' })

export async function drawChapter(
  content: HTMLElement,
  number: string,
  signal: AbortSignal,
): Promise<void> {
  const chapter = chapters[Number(number) - 1]
  const file = Object.keys(texts).find(name => name.startsWith(`../chapters/${number}-`))
  if (!chapter || !file) {
    fill(
      content,
      h('h1', {}, 'No such chapter'),
      h('p', {}, h('a', { href: '#/' }, 'All chapters')),
    )
    return
  }
  document.title = `${chapter.title} · kernelgrad`
  const article = h('article', { class: 'chapter' })
  article.innerHTML = await texts[file]()
  for (const pre of article.querySelectorAll('pre')) pre.tabIndex = 0 // it may scroll sideways
  for (const figure of article.querySelectorAll('figure[data-to]'))
    figure.setAttribute('aria-busy', 'true')
  if (signal.aborted) return
  fill(content, article)
  // with these two the engine comes; the text can be read before
  if (article.querySelector('.exercise, code.language-js')) {
    const { drawPrograms } = await import('./exercise.js')
    if (!signal.aborted) drawPrograms(article, signal)
  }
  if (article.querySelector('figure[data-to]')) {
    const { drawFigures } = await import('./figures.js')
    if (!signal.aborted) await drawFigures(article, signal)
  }
}
