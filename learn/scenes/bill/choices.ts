/** What a reader chooses for the bill: model, images and kernels. */
import { isSoftware } from '../../../src/index.js'
import { choice } from '../../shell/controls.js'
import { type KernelChoice, kernelChoices, modelNames, type Settings } from './step.js'

const batches = ['1', '32', '128'] as const

const kernelTexts: readonly (readonly [KernelChoice, string])[] = [
  ['chosen', 'fastest on this adapter'],
  ['register', 'register tiles'],
  ['tiled', 'tiles in workgroup memory'],
  ['vector', 'as large GPUs get them'],
  ['plain', 'plain'],
]

/** A CPU would compile the kernels of large GPUs for half a minute, and the page would stand still. */
function offered(): KernelChoice[] {
  const all = Object.keys(kernelChoices) as KernelChoice[]
  return isSoftware() ? all.filter(name => name !== 'vector') : all
}

/** What the address says; where it says nothing, or nonsense, the usual. */
export function settingsOf(params: URLSearchParams): Settings {
  const model = modelNames.find(name => name === params.get('model')) ?? 'mlp'
  const batch = Number(batches.find(n => n === params.get('batch')) ?? 32)
  // a CPU compiles its fastest kernels for seconds
  const usual = isSoftware() ? 'register' : 'chosen'
  return { model, batch, kernels: offered().find(name => name === params.get('kernels')) ?? usual }
}

export function makeChoices(
  settings: Settings,
  change: (part: Partial<Settings>) => void,
): readonly HTMLElement[] {
  return [
    choice(
      'Model',
      [
        ['mlp', 'layers of a perceptron'],
        ['conv', 'convolutions'],
        ['vae', 'variational'],
      ],
      settings.model,
      model => change({ model }),
    ),
    choice(
      'Images in a step',
      batches.map(n => [n, n] as const),
      String(settings.batch) as '32',
      n => change({ batch: Number(n) }),
    ),
    choice(
      'Kernels',
      kernelTexts.filter(([name]) => offered().includes(name)),
      settings.kernels,
      kernels => change({ kernels }),
    ),
  ]
}
