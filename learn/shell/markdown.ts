/** Turns chapters into HTML when the page is built. */
import MarkdownIt from 'markdown-it'
import type { Plugin } from 'vite'

const markdown = new MarkdownIt({ html: true })

/** `import text from './1-views.md'` gives HTML. */
export const chapterTexts: Plugin = {
  name: 'chapter-texts',
  transform(text, id) {
    if (!id.endsWith('.md')) return null
    return { code: `export default ${JSON.stringify(markdown.render(text))}`, map: null }
  },
}
