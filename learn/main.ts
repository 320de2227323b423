/** The page: shows what the address names. */
import { drawChapter } from './shell/chapter.js'
import { fill, h } from './shell/dom.js'
import { drawFirstPage } from './shell/firstpage.js'
import { drawNavigation } from './shell/navigation.js'
import { routeOf } from './shell/route.js'
import type { Scene } from './shell/scene.js'
import { scenes } from './shell/scenes.js'

const content = document.querySelector('main')!
const navigation = document.querySelector('nav')!
let leaving = new AbortController()

addEventListener('hashchange', () => show())
show()

function show(): void {
  leaving.abort()
  leaving = new AbortController()
  const { path, params } = routeOf(location.hash)
  if (path === 'content') return // the link that skips the navigation
  drawNavigation(navigation, path)
  const scene = scenes.find(one => one.path === path)
  if (scene) showScene(scene, params, leaving.signal)
  else if (path.startsWith('chapter/')) drawChapter(content, path.slice(8), leaving.signal)
  else drawFirstPage(content)
  scrollTo(0, 0)
}

async function showScene(scene: Scene, params: URLSearchParams, signal: AbortSignal) {
  document.title = `${scene.title} · kernelgrad`
  const host = h('div', { class: `scene ${scene.path}`, 'aria-busy': 'true' })
  fill(content, h('h1', {}, scene.title), h('p', { class: 'about' }, scene.about), host)
  const { adapterNote, engine, noEngine } = await import('./shell/engine.js')
  try {
    await engine()
  } catch (error) {
    const recorded = `./recorded/${scene.path}.jpg`
    const alt = `A recorded picture of this scene: ${scene.about}`
    fill(host, noEngine(error, show), h('img', { src: recorded, alt, class: 'recorded' }))
    host.removeAttribute('aria-busy')
    return
  }
  const { mount } = await scene.load()
  if (signal.aborted) return
  host.before(...[adapterNote()].filter(note => note instanceof Node))
  await mount({ host, params, signal })
  host.removeAttribute('aria-busy')
}
