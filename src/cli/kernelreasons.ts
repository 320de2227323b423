/** Why a class of adapter gets a kernel, in words for the doctor. `fastestFor` knows which. */
import { type AdapterClass, adapterClass } from '../kernels/adapterclass.js'
import { type Family, variants } from '../launches/variants.js'
import { tuningFile } from '../node/tuning.js'

/** What a choice rests on: a clock, a compiler's output (`npm run isa`), or what others report. */
type Ground = 'measured' | 'compiled' | 'literature' | 'none'

/** A kernel that the table has for a class, and why. */
export type Reason = readonly [kernel: string, ground: Ground, why: string]

const shuffle =
  'a broadcast within a subgroup is a shuffle, at a quarter of the rate of multiply-adds ' +
  '(CUDA C++ Programming Guide, throughput of instructions): tiles in workgroup memory instead'
const small =
  'a Mali has 64 registers per invocation, and its workgroup memory is main memory (Arm, ' +
  'documents 101574 and 100614): small blocks'
const unmeasured = 'nobody has measured on such a card yet; it gets what other GPUs get'

// biome-ignore format: a table reads in columns
export const reasons: Readonly<Record<Family, Readonly<Record<AdapterClass, Reason>>>> = {
  matmul: {
    cpu: ['subgroup', 'measured', '2.1 × register on lavapipe, 1.5 × on SwiftShader'],
    amd: ['vector', 'compiled', '0.96 multiply-adds per vector instruction (RDNA2, RDNA3)'],
    nvidia: ['vector', 'literature', shuffle],
    intel: ['vector', 'none', unmeasured],
    apple: ['vector', 'none', unmeasured],
    mobile: ['tiled', 'literature', small],
    unknown: ['vector', 'none', unmeasured],
  },
  linear: {
    cpu: ['subgroup', 'measured', '2.6 × register on lavapipe, 12 × on SwiftShader'],
    amd: ['vector', 'compiled', '0.95 multiply-adds per vector instruction (RDNA2, RDNA3)'],
    nvidia: ['vector', 'literature', shuffle],
    intel: ['vector', 'none', unmeasured],
    apple: ['vector', 'none', unmeasured],
    mobile: ['register', 'literature', small],
    unknown: ['vector', 'none', unmeasured],
  },
  conv: {
    cpu: ['subgroup', 'measured', 'as fast as register on the layers of the models'],
    amd: ['tiled', 'compiled', 'up to 0.93 multiply-adds per vector instruction (RDNA2, RDNA3)'],
    nvidia: ['tiled', 'none', unmeasured],
    intel: ['tiled', 'none', unmeasured],
    apple: ['tiled', 'none', unmeasured],
    mobile: ['register', 'literature', small],
    unknown: ['tiled', 'none', unmeasured],
  },
}

/** The kernel that a family uses on this device, and why. */
export interface Used {
  readonly family: Family
  readonly kernel: string
  readonly ground: Ground | 'asked' | 'tuned'
  readonly why: string
}

/** The kernels in use, and why. The device is open. */
export function kernelsInUse(): Used[] {
  const used = Object.entries(variants()) as [Family, ReturnType<typeof variants>[Family]][]
  return used.map(([family, { variant: kernel, from }]) => {
    const asked = 'KERNELGRAD_VARIANTS or useVariants names it'
    if (from === 'asked') return { family, kernel, ground: from, why: asked }
    const kept = `measured here, kept in ${tuningFile()}`
    if (from === 'tuned') return { family, kernel, ground: from, why: kept }
    const [, ground, why] = reasons[family][adapterClass()]
    return { family, kernel, ground, why }
  })
}
