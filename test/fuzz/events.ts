/** What a user may do between two calls of a step, as text. */
import { families } from '../../src/launches/variants.js'
import { between, oneOf } from '../ops/generate.js'
import type { Random } from '../ops/inputs.js'

/** The names that the text of a training has: see training.ts. */
type Event = (random: Random) => string

const layer = (random: Random) => `layer(${between(random, 0, 7)})`

const list: readonly Event[] = [
  random => `handles.push(${layer(random)}.registerForwardHook((_m, _xs, y) => kg.mul(y, 1.5)))`,
  random => `handles.push(${layer(random)}.registerForwardHook(() => undefined))`,
  random =>
    `handles.push(${layer(random)}.registerForwardPreHook((_m, xs) => xs.map(x => x.dtype === 'f32' ? kg.add(x, 0.25) : x)))`,
  () => 'handles.pop()?.remove()',
  () => 'handles.shift()?.remove()',
  () => 'scheduler.step(1)',
  () => 'for (let i = 0; i < 3; i++) scheduler.step(2)',
  random => `${layer(random)}.requiresGrad(false)`,
  () => 'model.requiresGrad()',
  random => `freeze(${between(random, 0, 5)}, false)`,
  random => `freeze(${between(random, 0, 5)}, true)`,
  () => 'saved = copies(model.stateDict())',
  () => 'if (saved) model.loadStateDict(saved)',
  () => 'model.loadStateDict(copies(model.stateDict()))',
  () => 'kept = optimizer.stateDict(); kept.tensors = copies(kept.tensors)',
  () => 'if (kept) optimizer.loadStateDict(kept)',
  () => 'at = scheduler.stateDict()',
  () => 'if (at) scheduler.loadStateDict(at)',
  () => 'model.eval()',
  () => 'model.train()',
  random => `${layer(random)}.eval()`,
  random => `batch = ${between(random, 2, 5)}`,
  random => `how = ${between(random, 0, 5)}`,
  () => 'optimizer.lr *= 0.5',
  random => `optimizer.groups.at(-1).lr = ${oneOf(random, [0.01, 0.2])}`,
  random => `optimizer.groups[0].weightDecay = ${oneOf(random, [0, 0.1])}`,
  random =>
    `if (optimizer.groups[0].momentum !== undefined) optimizer.groups[0].momentum = ${oneOf(random, [0.3, 0.9])}`,
  () => 'if (optimizer.groups[0].betas) optimizer.groups[0].betas = [0.5, 0.9]',
  () => 'optimizer.zeroGrad()',
  () => 'optimizer.step()',
  () => 'other.step()',
  () => 'model.zeroGrad()',
  random => `for (const p of params.slice(${between(random, 0, 2)}, 3)) p.grad = null`,
  random =>
    `for (const p of params.slice(0, ${between(random, 1, 3)})) if (p.requiresGrad) p.grad = kg.full(p.shape, 0.01)`,
  () => 'nn.clipGradNorm(params, 0.5)',
  () => 'nn.clipGradNorm(params, 0.5, { normType: Infinity })',
  () => 'nn.clipGradValue(params, 0.01)',
  () => 'kg.rand([3])',
  random => `kg.manualSeed(${between(random, 0, 9)})`,
  () => 'seen.push(model.forward(input()).data())',
  () => 'kg.scope(() => lossOf(model.forward(input())).backward())',
  () => 'optimizer = new nn.SGD(params.filter(p => p.requiresGrad), { lr: 0.05, momentum: 0.9 })',
  () => 'new nn.Adam(params.filter(p => p.requiresGrad))',
  () => 'for (const g of params.map(p => p.grad)) if (g) seen.push(g.data())',
  () => 'for (let i = 0; i < 4; i++) kg.keep(kg.full([64 * i + 1], NaN))',
  () => 'step.dispose?.(); state = kg.ones([2])', // results are gone then
  () => 'for (const t of Object.values(model.stateDict())) seen.push(t.data())',
  () => 'seen.push(evaluate(input()).data())',
  () => 'seen.push(evaluate(input()).data())',
  () => 'seen.push(kg.noGrad(() => evaluate(input())).data())',
  () => 'model.eval(); seen.push(evaluate(input()).data()); model.train()',
  () => 'evaluate(input()); kg.keep(kg.full([64], NaN))',
  random => `kg.useVariants(${JSON.stringify(variantsOf(random))})`,
  () => 'kg.useVariants({})',
  random => `nn.init.uniform(params[${between(random, 0, 1)} % params.length], -0.3, 0.3)`,
  random => `nn.init.constant(params[${between(random, 0, 1)} % params.length], 0.1)`,
  () => 'seen.push(await meter.take())',
  () =>
    'for (const p of params) if (p.requiresGrad && p.rank === 2) p.grad = kg.full([p.shape[1], p.shape[0]], 0.02).transpose()',
  () => 'for (const p of params) if (p.requiresGrad) p.grad = kg.zeros([]).expand(p.shape)',
  () => 'kg.noGrad(() => { for (const p of params) nn.init.normal(p, 0, 0.3) })',
  () =>
    'if (params[0].grad) kg.grad(lossOf(model.forward(input())), params.filter(p => p.requiresGrad))',
  () => 'nn.detectAnomaly(true)',
  () => 'nn.detectAnomaly(false)',
  () => "if (input().dtype === 'f32') model.summary(input().shape)",
]

/** A kernel for each family. */
export function variantsOf(random: Random): Record<string, string> {
  return Object.fromEntries(
    Object.entries(families).map(([family, rungs]) => [
      family,
      oneOf<{ name: string }>(random, rungs).name,
    ]),
  )
}

export function eventOf(random: Random): string {
  return oneOf(random, list)(random)
}
