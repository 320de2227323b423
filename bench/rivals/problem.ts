/**
 * The input of every engine: the same weights, images and noise, as one safetensors file.
 *
 *   weights by PyTorch's names
 *   x       [batches, b, 784], pixels from `lowest` to 1
 *   epsilon [batches, b, 10]
 */
import { readFile, writeFile } from 'node:fs/promises'
import { drawDigits } from '../../src/data/digits.js'
import { decodeSafetensors, encodeSafetensors, type HostTensor } from '../../src/io/safetensors.js'
import { threefry, unit } from '../../src/tensor/threefry.js'
import { type ModelName, networks } from './networks.js'

/** How many different batches there are, used in turn. */
export const batches = 5

export interface Problem {
  model: ModelName
  batch: number
  /** In PyTorch's order. */
  weights: { name: string; shape: number[]; data: Float32Array<ArrayBuffer> }[]
  x: Float32Array<ArrayBuffer>[]
  epsilon: Float32Array<ArrayBuffer>[]
}

/** Writes the problem's file. The same model and batch give the same bytes on every machine. */
export async function writeProblem(path: string, model: ModelName, batch: number): Promise<void> {
  const { lowest, parameters } = networks[model]
  const tensors: Record<string, HostTensor> = {}
  for (const [i, { name, shape, fanIn }] of parameters.entries()) {
    const bound = 1 / Math.sqrt(fanIn)
    tensors[name] = floats(shape, (_, chance) => bound * (2 * chance - 1), i + 1)
  }
  const { images } = drawDigits({ count: batches * batch, seed: 1 })
  tensors.x = floats([batches, batch, 784], i => lowest + (1 - lowest) * (images[i] / 255))
  tensors.epsilon = floats([batches, batch, 10], normal, 1000)
  await writeFile(path, encodeSafetensors(tensors, { model, batch: String(batch) }))
}

/** @throws Error that says what is wrong with the file */
export async function readProblem(path: string): Promise<Problem> {
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path)
  const model = metadata.model as ModelName
  const host = (name: string) => tensors[name].data as Float32Array<ArrayBuffer>
  const split = (all: Float32Array<ArrayBuffer>) => {
    const size = all.length / batches
    return Array.from({ length: batches }, (_, i) => all.slice(i * size, (i + 1) * size))
  }
  return {
    model,
    batch: Number(metadata.batch),
    weights: networks[model].parameters.map(({ name, shape }) => ({
      name,
      shape,
      data: host(name),
    })),
    x: split(host('x')),
    epsilon: split(host('epsilon')),
  }
}

/** A tensor whose element i is f(i, a number in [0, 1) that belongs to (stream, i)). */
function floats(shape: number[], f: (i: number, chance: number) => number, stream = 0): HostTensor {
  const data = new Float32Array(shape.reduce((n, size) => n * size, 1))
  for (let i = 0; i < data.length; i++) data[i] = f(i, unit(threefry([4, stream], [i, 0])[0]))
  return { dtype: 'F32', shape, data }
}

/** N(0, 1) by Box and Muller. */
function normal(i: number, chance: number): number {
  const angle = 2 * Math.PI * unit(threefry([4, 1001], [i, 0])[0])
  return Math.sqrt(-2 * Math.log(1 - chance)) * Math.cos(angle)
}
