/** Storage and view without controls, for a chapter. */
import { h } from '../../shell/dom.js'
import { Picture } from './picture.js'
import { stateOf } from './state.js'
import { look, stored } from './strided.js'
import './views.css'

export async function draw(params: URLSearchParams): Promise<HTMLElement> {
  const state = stateOf(params)
  const picture = new Picture(await stored())
  picture.show(state, await look(state), state.gradient)
  return h('div', { class: 'views' }, picture.storage, picture.view, picture.words)
}
