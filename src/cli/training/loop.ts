/** The training of a run: from its beginning, or from its last checkpoint, to its end. */
import { batches } from '../../data/batches.js'
import { check } from '../../kernels/check.js'
import { scope, tensor } from '../../node.js'
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
  const order = { batchSize: batch, shuffle: true, seed }
  const progress = structuredClone(state.progress)
  const clock = stopwatch(metrics.lines.at(-1)?.seconds ?? 0)
  let saved = clock.seconds()
  let readAt = { step: progress.step, seconds: clock.seconds() }

  const write = async (line: Omit<Metric, 'epoch' | 'seconds' | 'step'>) => {
    const { step, epoch, batch: done } = progress
    const seconds = round(clock.seconds())
    const metric = { step, epoch: done > 0 ? epoch + 1 : Math.max(epoch, 1), ...line, seconds }
    await metrics.add(metric)
    onMetric(metric)
  }
  const readLoss = async () => {
    const loss = await losses.take()
    checkFinite('loss', loss, progress)
    const seconds = clock.seconds()
    const images = (progress.step - readAt.step) * batch
    const imagesPerSecond = Math.round(images / Math.max(seconds - readAt.seconds, 1e-9))
    readAt = { step: progress.step, seconds }
    await write({ loss, lr: session.optimizer.groups[0].lr, imagesPerSecond })
  }
  const saveNow = async () => {
    await save(run, config, session, progress)
    saved = clock.seconds()
  }

  while (progress.epoch < epochs) {
    if (progress.batch === 0 && isStale(progress, patience)) return { reason: 'early', progress }
    session.network.model.train()
    let nth = 0
    for (const positions of batches(train.count, { ...order, epoch: progress.epoch })) {
      if (nth++ < progress.batch) continue
      scope(() => session.step(tensor(Int32Array.from(positions))))
      progress.batch++
      progress.step++
      if (progress.step % interval !== 0 && progress.batch !== length) continue
      await readLoss()
      if (progress.batch === length) break
      if (stopped()) {
        await saveNow()
        return { reason: 'stopped', progress }
      }
      if (clock.seconds() - saved > secondsBetweenSaves) await saveNow()
    }
    const error = await testError(session)
    checkFinite('test error', error, progress)
    progress.epoch++
    progress.batch = 0
    await write({ testError: error })
    const isBest = error < (progress.best?.testError ?? Infinity)
    if (isBest) progress.best = { testError: error, epoch: progress.epoch }
    await saveNow()
    if (isBest) await saveBest(run)
    await onEpoch(progress)
    readAt = { step: progress.step, seconds: clock.seconds() }
    if (stopped() && progress.epoch < epochs) return { reason: 'stopped', progress }
  }
  return { reason: 'finished', progress }
}

function isStale({ epoch, best }: Progress, patience: number | null): boolean {
  return patience !== null && best !== null && epoch - best.epoch >= patience
}

function checkFinite(what: string, value: number, { epoch }: Progress): void {
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
