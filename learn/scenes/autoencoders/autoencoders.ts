/** Three autoencoders that learn while one looks. The training runs in a worker: see worker.ts. */
import { fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Mount } from '../../shell/scene.js'
import './autoencoders.css'
import { coloursNow, onTheme } from './colours.js'
import { makeControls } from './controls.js'
import { Curves } from './curves.js'
import { makeFileButton } from './files.js'
import { layout, planeWords, spaceWords } from './layout.js'
import type { FromWorker, ToWorker } from './messages.js'
import { Orbit } from './orbit.js'
import { Own } from './own.js'
import { Picture } from './picture.js'
import { Plane } from './plane.js'
import { differences, settingsOf } from './settings.js'
import { fetchWeights, hasWeights } from './weights.js'

export const mount: Mount = ({ host, params, signal }) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  signal.addEventListener('abort', () => worker.terminate())
  const tell = (message: ToWorker, transfer: Transferable[] = []) =>
    worker.postMessage(message, transfer)
  const words = h('p', { class: 'words', role: 'status' })
  const say = (text: string, wrong = false) => {
    words.textContent = text
    words.classList.toggle('wrong', wrong)
  }

  let settings = settingsOf(params)
  let playing = false
  const play = (on: boolean) => {
    playing = on
    controls.playing(on)
    tell({ kind: 'play', on })
  }
  const begin = () => {
    remember(differences(settings))
    weights.disabled = !hasWeights(settings)
    curves.begin(settings)
    say('')
    tell({ kind: 'begin', settings })
  }
  const controls = makeControls(settings, {
    play: () => play(!playing),
    step() {
      if (playing) play(false)
      tell({ kind: 'step' })
    },
    reset: begin,
    chosen(part) {
      settings = { ...settings, ...part }
      begin()
    },
    turned(knobs) {
      settings = { ...settings, ...knobs }
      remember(differences(settings))
      tell({ kind: 'knobs', knobs: settings })
    },
  })

  const curves = new Curves()
  const originals = new Picture(10, 'Ten test digits')
  const noisy = new Picture(10, 'The same digits with noise, as the network sees them')
  const outputs = new Picture(10, 'The same digits as the network gives them back')
  const noisyRow = [h('span', {}, 'with noise'), noisy.element]
  const showNoise = (on: boolean) => {
    for (const part of noisyRow) part.hidden = !on
  }
  showNoise(settings.noise > 0)
  const decoded = new Picture(1, 'The image that the decoder makes of the chosen code')
  const place = h('p', { class: 'number place' })
  const sayPlace = ([x, y]: readonly [number, number]) => {
    place.textContent = `(${x.toFixed(2)}, ${y.toFixed(2)})`
  }
  const plane = new Plane(at => {
    sayPlace(at)
    tell({ kind: 'cursor', at })
  })
  sayPlace(plane.at)
  const axes = h('p', { class: 'about' })
  const space = h('p', { class: 'about' })
  const orbit = new Orbit(view => tell({ kind: 'view', view }))
  const own = new Own(pixels => tell({ kind: 'own', pixels }))

  const weights = h('button', { onclick: () => load() }, 'Pretrained weights')
  async function load() {
    try {
      const file = await fetchWeights(settings)
      play(false)
      begin()
      tell({ kind: 'weights', file }, [file.bytes.buffer as ArrayBuffer])
      say(
        'These weights were trained on MNIST, whose digits differ a little from the drawn ones. ' +
          'Give files of MNIST, or press Play to train them on.',
      )
    } catch (error) {
      say((error as Error).message, true)
    }
  }
  const images = makeFileButton(host, signal, files => {
    tell({ kind: 'images', files })
    begin()
  })

  fill(
    host,
    layout({
      controls: controls.element,
      weights,
      images,
      words,
      curves: curves.element,
      originals: originals.element,
      noisyRow,
      outputs: outputs.element,
      own: own.element,
      axes,
      plane: plane.element,
      place,
      decoded: decoded.element,
      space,
      orbit: orbit.element,
    }),
  )

  let digits: Float32Array | null = null
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'begun') {
      axes.textContent = planeWords(data.latent)
      space.textContent = spaceWords(data.latent)
      curves.about(data.images)
    } else if (data.kind === 'progress') {
      curves.add(data)
      if (data.steps === 1) performance.mark('first training step')
      if (!Number.isFinite(data.losses.loss)) {
        play(false)
        say('The loss is no number: the steps were too large. Lower the learning rate.', true)
      }
    } else if (data.kind === 'pictures') {
      originals.draw(data.originals)
      showNoise(data.noisy !== null)
      if (data.noisy) noisy.draw(data.noisy)
      outputs.draw(data.outputs)
    } else if (data.kind === 'digits') {
      digits = data.pixels
      plane.digits(digits)
    } else if (data.kind === 'codes') {
      plane.show(data.codes)
      own.choices(digits!, data.codes.labels)
    } else if (data.kind === 'decoded') decoded.draw(data.pixels)
    else if (data.kind === 'own') own.answer(data)
    else say(data.text, data.wrong)
  })

  const canvas = orbit.element.transferControlToOffscreen()
  tell({ kind: 'canvas', canvas }, [canvas])
  const recolour = () => {
    const colours = coloursNow(host)
    plane.recolour(colours)
    orbit.recolour(colours)
  }
  recolour()
  onTheme(recolour, signal)
  begin()
  play(!matchMedia('(prefers-reduced-motion: reduce)').matches)
}
