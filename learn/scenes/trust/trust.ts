/** The scene: how to know that a gradient is right. */
import { fill } from '../../shell/dom.js'
import type { Mount } from '../../shell/scene.js'
import { turns } from '../../shell/turns.js'
import { adjoint } from './adjoint.js'
import { planting } from './planting.js'
import { ucurve } from './ucurve.js'
import './trust.css'

export const mount: Mount = ({ host, params, signal }) => {
  const turn = turns(signal)
  fill(host, ucurve(params, turn), planting(params, turn, signal), adjoint(params, turn))
}
