import type { Mount } from '../../shell/scene.js'

export const mount: Mount = ({ host }) => {
  host.textContent = 'tape'
}
