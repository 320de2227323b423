/** Compares trainings of PyTorch: continued from here, and in two processes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HostTensor } from '../../../io/safetensors.js'
import { toHost } from '../../../io/state.js'
import { loadSafetensors } from '../../../node/files.js'
import type { Network } from '../../networks.js'
import { runPython, runTogether } from '../python.js'
import type { Bounds } from './bounds.js'
import { isNoisy, type Plan } from './ours.js'
import { largest, type Row } from './table.js'

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
 * PyTorch goes on from the checkpoint of half a training, and its weights are compared with those
 * of the whole one. A model with noise is left out: the noise there is another one.
 */
export async function compareResumed(
  trained: Network,
  { python, folder, work, plan, bounds }: Both,
): Promise<Row[]> {
  if (isNoisy(trained)) return []
  const { batch, steps } = plan
  const args = ['--resume', join(work, 'half.safetensors'), '--save', join(work, 'on.safetensors')]
  const more = [...args, '--steps', `${steps / 2}`, '--epochs', '1000', '--batch', `${batch}`]
  await runPython(python, ['train_ddp.py', ...more], { cwd: folder })
  const { tensors } = await loadSafetensors(join(work, 'on.safetensors'))
  const ours = await toHost(trained.model.stateDict())
  const difference = Object.entries(ours).map(([name, { data }]) =>
    largest(data, tensors[`model.${name}`]?.data),
  )
  return [
    {
      what: 'weights after a resumed training',
      difference: Math.max(...difference),
      bound: bounds.weights,
    },
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
    { what: 'their weights', difference: between(one.tensors, two.tensors), bound: bounds.weights },
  ]
}

async function read(work: string, name: string) {
  const losses: number[] = JSON.parse(await readFile(join(work, `${name}.json`), 'utf8'))
  const { tensors } = await loadSafetensors(join(work, `${name}.safetensors`))
  return { losses, tensors }
}

function between(a: Record<string, HostTensor>, b: Record<string, HostTensor>): number {
  const weights = Object.keys(a).filter(name => name.startsWith('model.'))
  return Math.max(...weights.map(name => largest(a[name].data, b[name]?.data)))
}
