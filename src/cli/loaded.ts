/** A trained network for a command: from a run, from a file of weights, or pretrained. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from '../kernels/check.js'
import { choices, type Network, type NetworkName, type NetworkOptions } from './networks.js'
import { isModule, networkFrom } from './usermodule.js'
import { giveWeights, readWeights } from './weightsfile.js'

/** What the options of a command say about the network. */
export interface Wanted extends NetworkOptions {
  /** The name of a network; of pretrained weights, unless a run or a file is given. */
  model?: string
  /** A folder that `kernelgrad train` made. */
  run?: string
  /** A file of weights: .safetensors, .pt, .pth or .npz. */
  weights?: string
  /** Which of a run's weights: those with the lowest test error, or the last. */
  checkpoint?: 'best' | 'last'
}

export interface Loaded {
  network: Network
  /** The file that the weights come from. */
  origin: string
  /** The same for people. */
  from: string
}

/**
 * Makes the network and gives it its weights. It is in evaluation mode, and needs `init()` before.
 * @throws Error of one line when there are no such weights, or they are of another network
 */
export async function openNetwork(wanted: Wanted): Promise<Loaded> {
  checkChoice(wanted)
  const file = weightsFile(wanted)
  const read = await readWeights(file)
  const { metadata } = read
  const name = wanted.model ?? metadata.model
  check(
    name !== undefined,
    () => `${file}: it does not say of which model its weights are; say it with --model NAME`,
  )
  const known = savedOptions(file, metadata.options)
  const { beta, latent, width } = wanted
  const given = Object.entries({ beta, latent, width }).filter(([, value]) => value !== undefined)
  check(
    metadata.model === name || ![name, metadata.model].every(isChoice),
    () => `${file}: its weights are of the model ${metadata.model}, not of ${name}`,
  )
  const network = await makeNetwork(name, { ...known, ...Object.fromEntries(given) })
  giveWeights(network.model, read, file)
  network.model.eval()
  const isPretrained = wanted.run === undefined && wanted.weights === undefined
  return { network, origin: file, from: isPretrained ? 'pretrained' : `weights from ${file}` }
}

/**
 * A network by its name, or from a user's module.
 * @throws Error when there is no such network, or an option is not one of its own
 */
export async function makeNetwork(name: string, options: NetworkOptions = {}): Promise<Network> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  if (isModule(name)) {
    check(given.length === 0, () => `--${given[0][0]}: a module has no such option`)
    return networkFrom(name)
  }
  checkName(name)
  const choice = choices[name as NetworkName]
  const knows: readonly string[] = choice.knows
  const unknown = given.find(([option]) => !knows.includes(option))
  check(
    !unknown,
    () =>
      `--${unknown![0]}: the model ${name} has no such option` +
      (knows.length > 0 ? `; it has --${knows.join(', --')}` : ''),
  )
  return choice.make(options)
}

const isChoice = (name: string | undefined) => name !== undefined && Object.hasOwn(choices, name)

function checkName(name: string): void {
  check(
    isModule(name) || isChoice(name),
    () =>
      `--model ${name}: there are ${Object.keys(choices).join(', ')}; a module's name ends in ` +
      '.js or .ts',
  )
}

/** @throws Error when options contradict each other, or have no meaning */
function checkChoice({ model, run, weights, checkpoint }: Wanted): void {
  check(
    run === undefined || weights === undefined,
    () => '--run and --weights: both name weights; name one of them',
  )
  check(
    run !== undefined || checkpoint === undefined,
    () => `--checkpoint ${checkpoint}: it is for a run; name one with --run`,
  )
  if (model !== undefined) checkName(model)
}

function weightsFile({ model, run, weights, checkpoint }: Wanted): string {
  if (weights !== undefined) return weights
  if (run !== undefined) {
    check(existsSync(run), () => `${run}: no such folder; \`kernelgrad runs\` lists the runs`)
    const folder = join(run, 'checkpoints')
    const names = checkpoint ? [checkpoint] : ['best', 'last']
    const found = names.map(name => join(folder, `${name}.safetensors`)).find(existsSync)
    check(found, () => `${run}: no weights in ${folder}; a run has them after its first epoch`)
    return found
  }
  const name = model ?? 'mlp'
  const file = join(pretrainedFolder(), `${name}.safetensors`)
  check(
    existsSync(file),
    () => `there are no pretrained weights of ${name}; name a run with --run, or --weights FILE`,
  )
  return file
}

/** The folder `pretrained` of the package, beside `src` and `dist`. */
function pretrainedFolder(): string {
  const here = fileURLToPath(new URL('.', import.meta.url))
  return join(here, here.includes(`${join('src', 'cli')}`) ? '../../pretrained' : '../pretrained')
}

function savedOptions(file: string, text = '{}'): NetworkOptions {
  try {
    return JSON.parse(text) as NetworkOptions
  } catch {
    throw new Error(`${file}: its metadata are damaged: options is ${text.slice(0, 40)}`)
  }
}
