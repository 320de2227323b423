/** A folder of goldens: its files, and the description in each. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { decodeSafetensors } from '../../src/io/safetensors.js'
import { reason } from '../../src/node/files.js'
import { loadMnist } from '../../src/node/mnist.js'

export interface GoldenFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly group: string
  /** The origin: PyTorch's version, the seed. */
  readonly origin: string
  /** Its cases, known without running them. A model is one case. */
  readonly cases: readonly { readonly name: string; readonly op: string }[]
  /** The file contains the images that its indices name. */
  readonly hasImages: boolean
}

/** The names of a folder's files. @throws Error if there is no such folder or file */
export async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(error => {
    throw new Error(`${folder}: ${reason(error)}`)
  })
  const goldens = names.filter(name => name.endsWith('.safetensors')).sort()
  if (goldens.length === 0)
    throw new Error(`${folder}: no *.safetensors file in it; goldens are such files`)
  return goldens
}

/** @throws Error for a file that is damaged, or not of this format */
export async function readGoldens(folder: string, name: string): Promise<GoldenFile> {
  const bytes = await readFile(join(folder, name)).catch(error => {
    throw new Error(`${name}: ${reason(error)}`)
  })
  const { tensors, metadata } = decodeSafetensors(bytes, name)
  const { format, group, torch, seed, cases, model } = metadata
  if (format !== 'goldens-v1')
    throw new Error(`${name}: its format is ${format ?? 'not named'}; goldens-v1 is wanted`)
  return {
    name,
    bytes,
    group,
    origin: `PyTorch ${torch}, seed ${seed}`,
    cases: listed(cases ?? `[${model}]`, name),
    hasImages: 'images' in tensors,
  }
}

/** MNIST's test images, from the given folder, or from `mnist` in, beside or above the goldens. */
export async function testImages(folder: string, named?: string): Promise<Uint8Array> {
  const own = resolve(folder)
  const near = [own, dirname(own), dirname(dirname(own))].map(place => join(place, 'mnist'))
  const found = named ?? near.find(existsSync)
  if (!found)
    throw new Error(
      `MNIST's test images are needed, and no folder mnist is near ${folder}; --mnist DIR names it`,
    )
  if (!existsSync(found)) throw new Error(`--mnist ${found}: no such folder`)
  const set = await loadMnist(found, 'test').catch(error => {
    const [wrong] = (error as Error).message.split(';')
    throw new Error(`MNIST's test images: ${wrong}; --mnist DIR names another folder`)
  })
  return set.images
}

/** Each case by its op, scheduler, optimizer, layer or function; a model by its name. */
function listed(json: string, file: string): { name: string; op: string }[] {
  const cases = parse(json, file)
  return cases.map(({ name, model = '', op, sched, opt, layer, function: f, kind }) => ({
    name: name ?? model,
    op: op ?? sched ?? opt ?? layer ?? f ?? kind ?? model,
  }))
}

function parse(json: string, file: string): Record<string, string | undefined>[] {
  try {
    return JSON.parse(json)
  } catch {
    throw new Error(`${file}: the list of its cases is not JSON; the file is damaged`)
  }
}
