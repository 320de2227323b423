/** `npm run isa -- --step`: the bounds of a training step, launch by launch. */
import { InvalidArgumentError } from 'commander'
import { check } from '../../src/kernels/check.js'
import { type NetworkName, networks } from '../networks.js'
import { boundOf, summary, table } from './bounds.js'
import { cards, launchCost } from './cards.js'
import { stepOn } from './child.js'

export interface Step {
  readonly network: NetworkName
  readonly batch: number
}

/** Reads mlp/b128. */
export function stepOf(text: string): Step {
  const [network, batch] = /^(\w+)\/b([1-9]\d*)$/.exec(text)?.slice(1) ?? []
  if (!Object.hasOwn(networks, network))
    throw new InvalidArgumentError(`it is one of ${Object.keys(networks)}, as in mlp/b128`)
  return { network: network as NetworkName, batch: Number(batch) }
}

const caution = `This is a bound on paper, not a measurement: a real step is slower. It assumes the card's peak
clock, each tensor moved once and from the card's memory (its caches may be faster), one launch
after the other, and ${launchCost} µs of the host per launch.`

/** Prints what each card allows. @throws Error for a card without figures */
export async function onPaper(
  { network, batch }: Step,
  { card, json }: { card: readonly string[]; json: boolean },
): Promise<void> {
  for (const name of card) {
    const figures = cards[name]
    check(figures, () => `--step: no figures of ${name}; there are some of ${Object.keys(cards)}`)
    const { launches, pipelines } = await stepOn(name, network, batch)
    const bounds = launches.map(launched => {
      const hot = pipelines.find(({ label }) => label === launched.label)?.loops[0]
      return boundOf(launched, figures, hot?.fma ? hot.fma / hot.valu : null)
    })
    const { name: product, tflops, gbs } = figures
    const title = `${network}/b${batch} on ${name} (${product}: ${tflops} TFLOP/s, ${gbs} GB/s), µs`
    if (json) for (const bound of bounds) console.log(JSON.stringify({ card: name, ...bound }))
    else console.log([title, ...table(bounds), ...summary(bounds), ''].join('\n'))
  }
  if (!json) console.log(caution)
}
