/** The training of a run: from its beginning, or from its last checkpoint, to its end. */
import { batches } from '../../data/batches.js'
import { check } from '../../kernels/check.js'
import { keep, scope, type Tensor, tensor } from '../../node.js'
import type { Config } from './config.js'
import { testError } from './judge.js'
import type { Metric, Metrics } from './metrics.js'
import type { RunFolder } from './runfolder.js'
import { type Progress, save, saveBest } from './saving.js'
import type { Session } from './session.js'

/** Steps between two readings of the loss. Checkpoints are saved at such steps only. */
export const interval = 10

export interface Watcher {
  /** A reason to stop, such as Ctrl-C; null to go on. */
  stopped(): string | null
  /** Called with every line of the metrics. */
  onMetric(metric: Metric): void
  /** Called after each epoch, once everything of it is saved. */
  onEpoch(progress: Progress): Promise<void>
}

export interface Ended {
  /** Why it ended. */
  reason: 'finished' | 'early' | 'stopped'
  progress: Progress
}

const secondsBetweenSaves = 20

/** Trains until the config's last epoch, until nothing gets better, or until it is stopped. */
export async function trainRun(
  run: RunFolder,
  config: Config,
  session: Session,
  state: { progress: Progress; metrics: Metrics },
  { stopped, onMetric, onEpoch }: Watcher,
): Promise<Ended> {
  const { metrics } = state
  const { batch, seed, epochs, patience } = config
  const { train, losses, length } = session
  const shuffled = { batchSize: batch, shuffle: true, seed }
  const progress = structuredClone(state.progress)
  const clock = stopwatch(metrics.lines.at(-1)?.seconds ?? 0)
  let saved = clock.seconds()
  let [trained, readAt] = [0, clock.seconds()] // images since the loss was last read, and when

  const write = async (line: Omit<Metric, 'seconds'>) => {
    const metric = { ...line, seconds: round(clock.seconds()) }
    await metrics.add(metric)
    onMetric(metric)
  }
  const readLoss = async ({ step, epoch }: Progress, images: number) => {
    const { lr } = session.optimizer.groups[0]
    const loss = await losses.take()
    checkFinite('loss', loss, epoch)
    const seconds = clock.seconds()
    const imagesPerSecond = Math.round(images / Math.max(seconds - readAt, 1e-9))
    readAt = seconds
    await write({ step, epoch: epoch + 1, loss, lr, imagesPerSecond })
  }
  // while one loss is read, the next steps are queued already
  let reading: Promise<void> = Promise.resolve()
  const readNext = async () => {
    await reading
    reading = readLoss({ ...progress }, trained)
    trained = 0
    reading.catch(() => {}) // whoever awaits it next gets the error
  }
  const saveNow = async () => {
    await reading
    await save(run, config, session, progress)
    saved = clock.seconds()
  }

  while (progress.epoch < epochs) {
    if (progress.batch === 0 && isStale(progress, patience)) return { reason: 'early', progress }
    session.network.model.train()
    const order = orderOf(train.count, { ...shuffled, epoch: progress.epoch })
    while (progress.batch < length) {
      const from = progress.batch * batch
      const n = Math.min(batch, train.count - from)
      scope(() => session.step(order.narrow(0, from, n)))
      trained += n
      progress.batch++
      progress.step++
      if (progress.step % interval !== 0 && progress.batch !== length) continue
      await readNext()
      if (progress.batch === length) break
      if (stopped()) {
        await saveNow()
        order.dispose()
        return { reason: 'stopped', progress }
      }
      if (clock.seconds() - saved > secondsBetweenSaves) await saveNow()
    }
    order.dispose()
    await reading
    const error = await testError(session)
    checkFinite('test error', error, progress.epoch)
    progress.epoch++
    progress.batch = 0
    await write({ step: progress.step, epoch: progress.epoch, testError: error })
    const isBest = error < (progress.best?.testError ?? Infinity)
    if (isBest) progress.best = { testError: error, epoch: progress.epoch }
    await saveNow()
    if (isBest) await saveBest(run)
    await onEpoch(progress)
    readAt = clock.seconds()
    if (stopped() && progress.epoch < epochs) return { reason: 'stopped', progress }
  }
  return { reason: 'finished', progress }
}

/** The positions of all images of an epoch, on the GPU: one write instead of one in each step. */
function orderOf(count: number, options: Parameters<typeof batches>[1]): Tensor {
  return keep(tensor(Int32Array.from([...batches(count, options)].flat())))
}

function isStale({ epoch, best }: Progress, patience: number | null): boolean {
  return patience !== null && best !== null && epoch - best.epoch >= patience
}

function checkFinite(what: string, value: number, epoch: number): void {
  check(
    Number.isFinite(value),
    () => `the ${what} is ${value} in epoch ${epoch + 1}; a smaller --lr may help`,
  )
}

/** Seconds since now, added to those before. */
function stopwatch(before: number): { seconds(): number } {
  const began = performance.now()
  return { seconds: () => before + (performance.now() - began) / 1000 }
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000
