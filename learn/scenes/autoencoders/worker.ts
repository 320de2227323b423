/** The worker in which a training runs, on a device of its own, so that the page never waits. */
import { init, isSoftware, useVariants } from '../../../src/index.js'
import { sync } from '../../../src/kernels/transfer.js'
import { Cloud } from './cloud.js'
import { drawnImages, type Images } from './images.js'
import type { FromWorker, ToWorker, View } from './messages.js'
import { readImages } from './mnist.js'
import type { Settings } from './settings.js'
import { Training } from './training.js'
import { Views } from './views.js'
import { giveWeights } from './weights.js'

const inbox: ToWorker[] = []
let wake = () => {}
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  inbox.push(data)
  wake()
})

let train: Images = drawnImages(3000, 1)
let test: Images = drawnImages(300, 1000)
let about = '3,000 drawn digits'
let training: Training | null = null
let views: Views | null = null
let playing = false
let cursor: readonly [number, number] = [0, 0]
let own: Float32Array<ArrayBuffer> | null = null
let cloud: Cloud | null = null
let view: View | null = null

/** When a message last changed what is shown; when the training last changed it. */
let stale = false
let shownAt = 0
let showing = 0 // milliseconds that the last show took
let reportedAt = 0
let reportedSteps = 0

main().catch(error => say(String(error), true))

/** One thing after the other: messages first, then one step of the training. */
async function main(): Promise<never> {
  await init()
  // the same bits at half the speed, but ready in a fifth of the time: a CPU compiles large kernels
  // for seconds
  if (isSoftware()) useVariants({ matmul: 'register', linear: 'register', conv: 'register' })
  for (;;) {
    for (let message = inbox.shift(); message; message = inbox.shift()) {
      try {
        await obey(message)
      } catch (error) {
        say(error instanceof Error ? error.message : String(error), true)
      }
    }
    await refresh()
    if (playing && training) await step()
    else if (inbox.length === 0)
      await new Promise<void>(resolve => {
        wake = resolve
      })
  }
}

async function obey(message: ToWorker): Promise<void> {
  if (message.kind === 'begin') begin(message.settings)
  else if (message.kind === 'knobs') {
    if (training) training.knobs = message.knobs
    if (!playing) stale = true
  } else if (message.kind === 'play') {
    playing = message.on
    reportedAt = performance.now()
  } else if (message.kind === 'step') {
    reportedAt = performance.now()
    await step()
  } else if (message.kind === 'cursor') {
    cursor = message.at
    await showDecoded()
  } else if (message.kind === 'canvas') cloud = new Cloud(message.canvas)
  else if (message.kind === 'view') {
    view = message.view
    if (!inbox.some(({ kind }) => kind === 'view')) drawCloud()
  } else if (message.kind === 'own') {
    own = message.pixels
    await showOwn()
  } else if (message.kind === 'weights' && training) {
    giveWeights(training.network.model, message.file)
    stale = true
  } else if (message.kind === 'images') {
    const sets = await readImages(message.files)
    train = sets.train
    test = sets.test
    about = sets.about
    say(`Read ${about}.`)
  }
}

function begin(settings: Settings): void {
  training?.dispose()
  views?.dispose()
  training = new Training(settings, train)
  views = null
  reportedAt = performance.now()
  reportedSteps = 0
  post({ kind: 'begun', latent: training.network.latent, images: about })
  stale = true
}

/** One step; its loss is read seldom once there are many. */
async function step(): Promise<void> {
  if (!training) return
  training.step()
  const { steps } = training
  if (steps % interval(steps) !== 0) return sync()
  const losses = await training.losses()
  const now = performance.now()
  const milliseconds = (now - reportedAt) / (steps - reportedSteps)
  reportedAt = now
  reportedSteps = steps
  post({ kind: 'progress', steps, losses, milliseconds })
  if (steps === 1 || !playing || now - shownAt > Math.max(300, Math.min(3 * showing, 1500)))
    stale = true
}

const interval = (steps: number) => (steps <= 20 ? 1 : steps <= 200 ? 5 : steps <= 2000 ? 20 : 100)

async function refresh(): Promise<void> {
  if (!stale || !training) return
  stale = false
  // the first step comes before the first pictures
  if (playing && training.steps === 0) return
  const began = performance.now()
  if (!views) {
    views = new Views(training.network, test)
    post({ kind: 'digits', pixels: (await views.pixels.data()) as Float32Array })
  }
  post({ kind: 'pictures', ...(await views.pictures(training.knobs.noise)) })
  post({ kind: 'codes', codes: await views.codes() })
  drawCloud()
  await showDecoded()
  await showOwn()
  shownAt = performance.now()
  showing = shownAt - began
}

async function showDecoded(): Promise<void> {
  const pixels = await views?.decode(cursor)
  if (pixels) post({ kind: 'decoded', pixels })
}

async function showOwn(): Promise<void> {
  if (own && views) post({ kind: 'own', ...(await views.own(own)) })
}

function drawCloud(): void {
  if (!cloud || !view || !views?.places) return
  const { places, pixels, labels, extents, middle } = views
  cloud.draw({ places, pixels, labels, extents, middle }, view)
}

function post(message: FromWorker): void {
  postMessage(message)
}

function say(text: string, wrong = false): void {
  post({ kind: 'words', text, wrong })
}
