/** Choices that begin a new training, knobs that act while it runs, and its buttons. */
import { choice, slider } from '../../shell/controls.js'
import { h } from '../../shell/dom.js'
import {
  isVariational,
  type Knobs,
  latents,
  type ModelName,
  type OptimizerName,
  type Settings,
} from './settings.js'

const modelTexts: readonly (readonly [ModelName, string])[] = [
  ['textbook', 'variational, textbook'],
  ['vae', 'variational, tutorial'],
  ['mlp', 'layers of a perceptron'],
  ['conv', 'convolutions'],
]

const optimizerTexts: readonly (readonly [OptimizerName, string])[] = [
  ['adam', 'Adam'],
  ['rmsprop', 'RMSprop'],
  ['sgd', 'SGD, momentum 0.9'],
]

export interface Actions {
  play(): void
  step(): void
  reset(): void
  /** Something that needs new weights. */
  chosen(part: Partial<Settings>): void
  /** Something that the running training takes over. */
  turned(knobs: Partial<Knobs>): void
}

export function makeControls(settings: Settings, actions: Actions) {
  const playButton = h('button', { class: 'main play', onclick: () => actions.play() }, 'Play')
  const latent = choice(
    'Numbers in a code',
    latents.map(n => [String(n), String(n)] as const),
    String(settings.latent),
    n => actions.chosen({ latent: Number(n) }),
  )
  const beta = slider({
    label: 'β, weight of KL',
    min: 0,
    max: 4,
    step: 0.05,
    value: settings.beta,
    show: value => value.toFixed(2),
    oninput: value => actions.turned({ beta: value }),
  })
  const offer = (model: ModelName) => {
    latent.hidden = model !== 'textbook'
    beta.hidden = !isVariational({ ...settings, model })
  }
  offer(settings.model)
  const element = h(
    'div',
    { class: 'settings' },
    h(
      'div',
      { class: 'row' },
      playButton,
      h('button', { onclick: () => actions.step() }, 'Step'),
      h('button', { onclick: () => actions.reset() }, 'Reset'),
      choice('Model', modelTexts, settings.model, model => {
        offer(model)
        actions.chosen({ model })
      }),
      latent,
      choice('Optimizer', optimizerTexts, settings.optimizer, optimizer =>
        actions.chosen({ optimizer }),
      ),
    ),
    h(
      'div',
      { class: 'row' },
      slider({
        label: 'Learning rate',
        min: -4.5,
        max: 0,
        step: 0.1,
        value: Math.log10(settings.lr),
        show: value => rate(value).toPrecision(2),
        oninput: value => actions.turned({ lr: rate(value) }),
      }),
      slider({
        label: 'Noise',
        min: 0,
        max: 1,
        step: 0.05,
        value: settings.noise,
        show: value => value.toFixed(2),
        oninput: noise => actions.turned({ noise }),
      }),
      beta,
    ),
  )
  const playing = (on: boolean) => {
    playButton.textContent = on ? 'Pause' : 'Play'
  }
  return { element, playing }
}

/** From the slider's power of ten, rounded as it is shown. */
const rate = (power: number) => Number((10 ** power).toPrecision(2))
