/** `kernelgrad explain`: the tape of one step, and where its time goes. */
import { extname } from 'node:path'
import { Command } from 'commander'
import { drawDigits } from '../../data/digits.js'
import { explainBackward, explain as explained, profile } from '../../explain/index.js'
import { check } from '../../kernels/check.js'
import { writeFileAtomic } from '../../node/files.js'
import { init, manualSeed, type Tensor, tensor } from '../../node.js'
import { pixelsFor } from '../batchwise.js'
import { makeNetwork } from '../loaded.js'
import type { Network, NetworkOptions } from '../networks.js'
import { whole } from '../options.js'
import { run } from '../run.js'

interface Options extends NetworkOptions {
  model: string
  batch: number
  backward?: boolean
  profile?: boolean
  out?: string
}

export const explain = new Command('explain')
  .description('Shows what the tape holds after one forward pass, and what backward does with it.')
  .option('--model <name>', 'a network, or the path of a module', 'mlp')
  .option('--latent <n>', "numbers in the textbook VAE's code", whole(1, 784))
  .option('--width <n>', "factor of the convolutional network's channels", whole(1, 64))
  .option('--batch <n>', 'images in the step', whole(1, 10_000), 4)
  .option('--backward', 'tell the backward pass, newest operation first')
  .option('--profile', 'what each kernel of a forward and a backward pass costs')
  .option(
    '--out <file>',
    'a drawing instead: .html stands alone, .dot is for Graphviz, .mmd Mermaid',
  )
  .addHelpText(
    'after',
    `
A gradient passes back to what has a star.

Examples:
  kernelgrad explain --model vae
  kernelgrad explain --model conv --backward
  kernelgrad explain --model conv --batch 64 --profile
  kernelgrad explain --model ./my.ts --out tape.html`,
  )
  .action((options: Options) => run(() => start(options)))

async function start(options: Options): Promise<void> {
  const { model: name, batch, out, latent, width } = options
  const kind = out === undefined ? '' : extname(out)
  check(
    out === undefined || kind in drawings,
    () => `--out ${out}: it must end in ${Object.keys(drawings).join(', ')}`,
  )
  await init()
  manualSeed(0)
  const network = await makeNetwork(name, { latent, width })
  const x = images(network, batch)
  if (options.profile) {
    const step = () => network.loss(x).backward()
    step() // compiles the kernels
    return console.log(String(await profile(step)))
  }
  const loss = network.loss(x)
  const names = { model: network.model, x }
  if (out !== undefined) {
    await writeFileAtomic(out, drawings[kind](explained(loss, { names })))
    return console.log(`written: ${out}`)
  }
  console.log(
    options.backward ? await explainBackward(loss, { names }) : `${explained(loss, { names })}`,
  )
}

const drawings: Record<string, (tape: ReturnType<typeof explained>) => string> = {
  '.html': tape => tape.toHtml(),
  '.dot': tape => tape.toDot(),
  '.mmd': tape => tape.toMermaid(),
}

function images(network: Network, count: number): Tensor {
  const values = pixelsFor(network, drawDigits({ count }))
  return tensor(values, { shape: [count, ...network.shape] })
}
