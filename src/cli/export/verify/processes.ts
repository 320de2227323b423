/** Compares trainings of PyTorch: continued from here, and in two processes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageSet } from '../../../data/dataset.js'
import type { HostTensor } from '../../../io/safetensors.js'
import { loadCheckpoint } from '../../../node/checkpoint.js'
import { loadSafetensors } from '../../../node/files.js'
import type { Network } from '../../networks.js'
import { runPython, runTogether } from '../python.js'
import type { Bounds } from './bounds.js'
import { isNoisy, type Plan, partsOf } from './ours.js'
import { largest, type Row } from './table.js'

type Tensors = Record<string, HostTensor>

export interface Both {
  readonly python: string
  /** What was exported. */
  readonly folder: string
  /** Where files may be written. */
  readonly work: string
  readonly plan: Plan
  readonly bounds: Bounds
}

/**
 * PyTorch goes on from the checkpoint of half a training. What it saves is compared with the whole
 * training, and loaded here. A model with noise is left out: the noise there is another one.
 */
export async function compareResumed(
  trained: Network,
  set: ImageSet,
  { python, folder, work, plan, bounds }: Both,
): Promise<Row[]> {
  if (isNoisy(trained)) return []
  const { batch, steps } = plan
  const [from, to, end] = ['half', 'on', 'end'].map(name => join(work, `${name}.safetensors`))
  const args = ['--steps', `${steps / 2}`, '--epochs', '1000', '--batch', `${batch}`]
  const files = ['--resume', from, '--save', to]
  await runPython(python, ['train_ddp.py', ...files, ...args], { cwd: folder })
  await loadCheckpoint(to, partsOf(trained, set, plan))
  const [theirs, ours] = [(await loadSafetensors(to)).tensors, (await loadSafetensors(end)).tensors]
  const row = (what: string, part: string): Row => {
    return { what, difference: between(ours, theirs, part), bound: bounds.weights }
  }
  return [
    row('weights after a resumed training', 'model.'),
    row('moments and steps after it', 'optimizer.'),
  ]
}

/** Two processes with half the batch each, and one with all of it. */
export async function compareProcesses({
  python,
  folder,
  work,
  plan,
  bounds,
}: Both): Promise<Row[]> {
  const half = Math.max(1, Math.floor(plan.batch / 2))
  const args = (name: string, batch: number) => [
    'train_ddp.py',
    ...['--steps', `${plan.steps}`, '--epochs', '1000', '--batch', `${batch}`],
    ...['--seed', `${plan.seed}`, '--save', join(work, `${name}.safetensors`)],
    ...['--log', join(work, `${name}.json`)],
  ]
  await runTogether(python, args('two', half), { cwd: folder, count: 2 })
  await runPython(python, args('one', 2 * half), { cwd: folder })
  const [one, two] = await Promise.all(['one', 'two'].map(name => read(work, name)))
  return [
    {
      what: 'losses of two processes',
      difference: largest(one.losses, two.losses),
      bound: bounds.losses,
    },
    {
      what: 'their weights',
      difference: between(one.tensors, two.tensors, 'model.'),
      bound: bounds.weights,
    },
  ]
}

async function read(work: string, name: string) {
  const losses: number[] = JSON.parse(await readFile(join(work, `${name}.json`), 'utf8'))
  const { tensors } = await loadSafetensors(join(work, `${name}.safetensors`))
  return { losses, tensors }
}

/** The largest difference of all tensors of a part. */
function between(a: Tensors, b: Tensors, part: string): number {
  const names = Object.keys(a).filter(name => name.startsWith(part))
  return Math.max(...names.map(name => largest(a[name].data, b[name]?.data)))
}
