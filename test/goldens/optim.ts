/** Compares trajectories of optimizers and learning rates of schedulers with PyTorch's. */
import { nn, scope, tensor, zeros } from '../../src/index.js'
import { type Err, type Goldens, parseGoldens } from './file.js'
import { judge, type Verdict, worstOf } from './judge.js'
import type { Outcome } from './run.js'

type Options = Record<string, unknown>

interface OptimizerCase {
  kind: 'optimizer'
  name: string
  steps: number
  opt: string
  kw: Options
  groups?: ({ params: string[] } & Options)[]
  /** Steps at which a parameter has no gradient. */
  none?: Record<string, number[]>
  params: Record<string, { init: string; grads: string; key: string; err: Err }>
}

interface SchedulerCase {
  kind: 'scheduler'
  name: string
  sched: string
  opt: string
  steps: number
  kw: Options
  /** Per parameter group. */
  base_lr: number[]
  metrics?: number[]
  /** Per group: before the first step, and after each step. */
  lr: number[][]
  /** Of the first group, if the scheduler changes it; for Adam, its first beta. */
  momentum?: number[]
}

const strict = { sensitive: false, relative: false, nonfinite: false, denormal: false }

/** Runs every case of a file of the group optim. */
export async function runOptim(bytes: Uint8Array, name: string): Promise<Outcome[]> {
  const { cases, at } = parseGoldens<OptimizerCase | SchedulerCase>(bytes, name)
  const outcomes: Outcome[] = []
  for (const one of cases) {
    const op = one.kind === 'scheduler' ? one.sched : one.opt
    const outcome = { name: one.name, op, ratio: 0, worst: '' }
    const lacks = [op, one.opt].filter(name => !(name in nn)).map(name => `nn.${name}`)
    if (lacks.length > 0) outcomes.push({ ...outcome, lacks })
    else
      try {
        const verdict = one.kind === 'scheduler' ? schedule(one) : await walk(one, at)
        outcomes.push({ ...outcome, ...verdict, lacks })
      } catch (error) {
        outcomes.push({ ...outcome, ratio: Infinity, worst: (error as Error).message, lacks })
      }
  }
  return outcomes
}

async function walk(one: OptimizerCase, at: Goldens['at']): Promise<Verdict> {
  const names = Object.keys(one.params)
  const floats = (key: string) => at(key).data as Float32Array<ArrayBuffer>
  const leaves = new Map(
    names.map(name => {
      const { init } = one.params[name]
      const leaf = tensor(floats(init), { shape: at(init).shape, requiresGrad: true })
      return [name, leaf]
    }),
  )
  const groups = one.groups?.map(({ params, ...own }) => ({
    ...camelCase(own),
    params: params.map(name => leaves.get(name)!),
  }))
  const optimizer = build(one.opt, groups ?? [...leaves.values()], camelCase(one.kw))
  const paths = new Map(
    names.map(name => [name, new Float32Array(one.steps * leaves.get(name)!.size)]),
  )
  for (let step = 0; step < one.steps; step++) {
    scope(() => {
      for (const [name, p] of leaves) {
        const row = floats(one.params[name].grads).slice(step * p.size, (step + 1) * p.size)
        p.grad = one.none?.[name]?.includes(step) ? null : tensor(row, { shape: p.shape })
      }
      optimizer.step()
      for (const p of leaves.values()) p.grad = null
    })
    for (const [name, p] of leaves) paths.get(name)!.set(await p.data(), step * p.size)
  }
  const verdicts = names.map(name => {
    const { key, err } = one.params[name]
    const verdict = judge(paths.get(name)!, { shape: at(key).shape, err, key }, at, strict)
    return { ...verdict, worst: `${name}: ${verdict.worst}` }
  })
  return worstOf(verdicts)
}

/** Both sides compute rates in float64, so they differ by a few roundings at most. */
function schedule({ opt, sched, kw, steps, ...one }: SchedulerCase): Verdict {
  const groups = one.base_lr.map(lr => ({ params: [zeros([1], { requiresGrad: true })], lr }))
  const optimizer = build(opt, groups, opt === 'SGD' ? { momentum: 0.9 } : {})
  const { of = [], ...own } = kw as { of?: [name: string, options: Options][] } & Options
  const schedulers = of.map(([name, part]) => build<nn.Scheduler>(name, optimizer, camelCase(part)))
  const options = schedulers.length > 0 ? { ...own, schedulers } : own
  const scheduler = build<nn.Scheduler>(sched, optimizer, camelCase(options))
  const verdicts: Verdict[] = []
  for (let step = 0; step <= steps; step++) {
    if (step > 0) scheduler.step(one.metrics?.[step - 1])
    for (const [g, lr] of one.lr.entries())
      verdicts.push(near(`lr of group ${g} after ${step} steps`, scheduler.lastLr[g], lr[step]))
    const { momentum, betas } = optimizer.groups[0] as { momentum?: number; betas?: number[] }
    if (one.momentum)
      verdicts.push(
        near(`momentum after ${step} steps`, betas?.[0] ?? momentum!, one.momentum[step]),
      )
  }
  return worstOf(verdicts)
}

function near(what: string, got: number, want: number): Verdict {
  const ratio = Math.abs(got - want) / (1e-12 * Math.abs(want) + 1e-16)
  return { ratio, worst: `${what}: ${got} instead of ${want}` }
}

type Maker<T> = new (...args: never[]) => T

/** A class of `nn` by PyTorch's name. */
export function build<T = nn.Optimizer>(name: string, ...args: unknown[]): T {
  const Made = (nn as unknown as Record<string, Maker<T> | undefined>)[name]
  if (!Made) throw new Error(`there is no nn.${name}`)
  return new Made(...(args as never[]))
}

/** PyTorch's option names in this library's spelling: T_max is tMax. */
export function camelCase(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name
        .replace(/^[A-Z]/, letter => letter.toLowerCase())
        .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
}
