/** The canvas of the cloud, and the eye that the reader moves around it. The worker draws. */
import { h } from '../../shell/dom.js'
import type { View } from './messages.js'

const usual = { yaw: 0.6, pitch: 0.35, far: 4.2 }

export class Orbit {
  readonly element: HTMLCanvasElement
  private eye = { ...usual }
  private colours: View['colours'] = []

  /** @param changed called when the cloud must be drawn anew */
  constructor(private readonly changed: (view: View) => void) {
    this.element = h('canvas', {
      class: 'cloud',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'cloud of codes',
      'aria-label':
        'Cloud of codes in space. Drag, or press arrow keys, to turn it; plus and minus to come ' +
        'nearer and to go away.',
      onpointerdown: ({ pointerId }: PointerEvent) => this.element.setPointerCapture(pointerId),
      onpointermove: ({ buttons, movementX, movementY }: PointerEvent) => {
        if (buttons & 1) this.turn(-movementX / 150, movementY / 150)
      },
      onkeydown: (event: KeyboardEvent) => this.key(event),
    })
    new ResizeObserver(() => this.tell()).observe(this.element)
  }

  recolour(colours: View['colours']): void {
    this.colours = colours
    this.tell()
  }

  private turn(yaw: number, pitch: number, nearer = 1): void {
    const { eye } = this
    this.eye = {
      yaw: eye.yaw + yaw,
      pitch: Math.max(-1.5, Math.min(1.5, eye.pitch + pitch)),
      far: Math.max(1.8, Math.min(8, eye.far * nearer)),
    }
    this.tell()
  }

  private key(event: KeyboardEvent): void {
    const turns: Record<string, readonly [yaw: number, pitch: number, nearer?: number]> = {
      ArrowLeft: [0.1, 0],
      ArrowRight: [-0.1, 0],
      ArrowUp: [0, 0.1],
      ArrowDown: [0, -0.1],
      '+': [0, 0, 0.9],
      '-': [0, 0, 1.1],
    }
    const turn = turns[event.key]
    if (!turn) return
    event.preventDefault()
    this.turn(...turn)
  }

  private tell(): void {
    const { clientWidth, clientHeight } = this.element
    if (clientWidth === 0 || this.colours.length === 0) return
    const [width, height] = [clientWidth, clientHeight].map(s => Math.round(s * devicePixelRatio))
    this.changed({ ...this.eye, width, height, colours: this.colours })
  }
}
