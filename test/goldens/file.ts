/** A file of PyTorch's results: its cases, and the tensors that they name. */
import { decodeSafetensors, type HostTensor } from '../../src/io/safetensors.js'

/** The error of PyTorch's own float32 result against the float64 truth. */
export interface Err {
  abs: number
  rel: number
  scale: number
}

/** Element i is fround(((i·a + b) mod m) / m · scale + shift). */
export interface Formula {
  a: number
  b: number
  m: number
  scale: number
  shift: number
}

/** A result: stored whole under `key`, or as every stride-th element and several sums. */
export interface Truth {
  shape: number[]
  err: Err
  sens?: number
  key?: string
  sampled?: { stride: number; sample: string; total?: string; rowsum?: string; colsum?: string }
}

export type ViewStep = [name: string, ...args: unknown[]]

export interface Input {
  name: string
  key?: string
  formula?: Formula
  shape?: number[]
  views?: ViewStep[]
  grad?: Truth
}

export interface Output extends Omit<Truth, 'err'> {
  name: string
  /** Missing for whole numbers, which must be equal. */
  err?: Err
  gout?: string
  gout_formula?: Formula
}

export type Params = Record<string, unknown>

export interface Case {
  name: string
  op: string
  params: Params
  tags: string[]
  inputs: Input[]
  outputs: Output[]
}

export interface Goldens<C = Case> {
  cases: C[]
  at(key: string): HostTensor
}

/** Reads a file of the format goldens-v1; C is the type of its cases. */
export function parseGoldens<C = Case>(bytes: Uint8Array, name: string): Goldens<C> {
  const { tensors, metadata } = decodeSafetensors(bytes, name)
  if (metadata.format !== 'goldens-v1')
    throw new Error(`${name}: format is ${metadata.format}; goldens-v1 is wanted`)
  return {
    cases: JSON.parse(metadata.cases ?? `[${metadata.model}]`) as C[],
    at(key) {
      const t = tensors[key]
      if (!t) throw new Error(`${name}: there is no tensor ${key}`)
      return t
    },
  }
}

/** The tensor of a formula, evaluated in float64. */
export function byFormula({ a, b, m, scale, shift }: Formula, size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (((i * a + b) % m) / m) * scale + shift)
}
