/** Checkpoints of a run: each is whole, also after the process was killed. */
import { existsSync } from 'node:fs'
import { copyFile, rename } from 'node:fs/promises'
import { toHost } from '../../io/state.js'
import { check } from '../../kernels/check.js'
import { saveSafetensors } from '../../node/files.js'
import { loadCheckpoint, saveCheckpoint } from '../../node.js'
import { checkWeights } from '../weights.js'
import type { Config } from './config.js'
import type { RunFolder } from './runfolder.js'
import type { Session } from './session.js'

/** How far a training is. */
export interface Progress {
  /** Epochs that are done. */
  epoch: number
  /** Steps of the next epoch that are done. */
  batch: number
  /** Steps in all. */
  step: number
  /** The lowest test error, and the epoch after which it was; null before the first. */
  best: { testError: number; epoch: number } | null
}

export const beginning: Progress = { epoch: 0, batch: 0, step: 0, best: null }

/**
 * Saves all that is needed to go on, then the weights alone. What a process left between the two
 * does no harm: a run goes on from the first.
 * @throws Error when a weight is not finite: what was saved before stays
 */
export async function save(
  run: RunFolder,
  config: Config,
  session: Session,
  progress: Progress,
): Promise<void> {
  const weights = await toHost(session.network.model.stateDict() as never)
  checkWeights(weights, `in epoch ${progress.epoch + 1}`)
  const images = session.train.count
  await saveCheckpoint(run.resume, { ...session.parts, progress, images })
  await saveSafetensors(run.last, weights, about(config, session, progress))
}

/** Makes the last weights the best ones too. */
export async function saveBest(run: RunFolder): Promise<void> {
  const copy = `${run.best}.new`
  await copyFile(run.last, copy)
  await rename(copy, run.best)
}

/** Brings a session to where the run was saved. */
export async function restore(run: RunFolder, session: Session): Promise<Progress> {
  check(
    existsSync(run.resume),
    () => `${run.path}: it has no checkpoint yet, so there is nothing to go on from; begin anew`,
  )
  type Own = { progress: Progress; images: number }
  const { progress, images } = await loadCheckpoint<Own>(run.resume, session.parts)
  const { epoch, batch, step, best } = progress ?? {}
  const isBest = best === null || [best?.testError, best?.epoch].every(Number.isFinite)
  const isPlace = [epoch, batch, step].every(n => Number.isSafeInteger(n) && n >= 0)
  check(
    isPlace && isBest && batch <= session.length,
    () => `${run.resume}: its progress is damaged: ${JSON.stringify(progress)?.slice(0, 80)}`,
  )
  check(
    images === session.train.count,
    () =>
      `${run.path}: its data had ${images} training images and has ${session.train.count} now; ` +
      'it can only go on with the same',
  )
  return progress
}

/** What a file of weights says of itself. The same training says the same, byte for byte. */
function about({ data, seed }: Config, { network }: Session, progress: Progress) {
  return {
    model: network.name,
    options: JSON.stringify(network.options),
    data,
    seed: String(seed),
    step: String(progress.step),
  }
}
