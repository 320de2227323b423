/** All that decides a training: what its flags and its config file say, and what the run keeps. */
import { closest, distance } from 'fastest-levenshtein'
import { check } from '../../kernels/check.js'
import { schedules } from './schedule.js'

/** A training. From it and the images everything follows, to the last bit. */
export interface Config {
  /** A name, or the path of a module. */
  model: string
  /** See `openImages`. */
  data: string
  /** Training images; null: all. */
  count: number | null
  /** Passes over them. */
  epochs: number
  /** Images per step. */
  batch: number
  /** Learning rate. */
  lr: number
  schedule: (typeof schedules)[number]
  /** λ of AdamW; 0: Adam. */
  weightDecay: number
  /** Largest length of the gradient; null: any. */
  clip: number | null
  /** Of the weights, the order, the noise and the drawn digits. */
  seed: number
  /** Noise on the images that the network sees, such as gaussian:0.3; null: none. */
  noise: string | null
  /** Weight of the Kullback–Leibler term; null: the model's own. */
  beta: number | null
  /** Numbers in a code; null: the model's own. */
  latent: number | null
  /** Factor of the channels; null: the model's own. */
  width: number | null
  /** A file of weights to begin with; null: new ones. */
  init: string | null
  /** Patterns of the parameters that stay as they are, with commas between; null: none. */
  freeze: string | null
  /** Epochs without a lower test error after which the training ends; null: never. */
  patience: number | null
  /** Whether to compute every step anew, instead of recording one and replaying it. */
  eager: boolean
}

type Check = readonly [rule: string, holds: (value: unknown) => boolean]

const isWhole = (least: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= least
const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isFrom = (least: number) => (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) && value >= least
const isAbove0 = (value: unknown) => isFrom(0)(value) && value !== 0
const orNull = ([rule, holds]: Check): Check => [
  `${rule}, or null`,
  value => value === null || holds(value),
]

const above0: Check = ['a number above 0', isAbove0]
const from0: Check = ['a number from 0 up', isFrom(0)]
const from1: Check = ['a whole number from 1 up', isWhole(1)]
const text: Check = ['a text', isText]

const checks: Readonly<Record<keyof Config, Check>> = {
  model: text,
  data: text,
  count: orNull(from1),
  epochs: from1,
  batch: from1,
  lr: above0,
  schedule: [
    `one of ${schedules.join(', ')}`,
    value => (schedules as readonly unknown[]).includes(value),
  ],
  weightDecay: from0,
  clip: orNull(above0),
  seed: ['a whole number from 0 up', isWhole(0)],
  noise: orNull(text),
  beta: orNull(from0),
  latent: orNull(from1),
  width: orNull(from1),
  init: orNull(text),
  freeze: orNull(text),
  patience: orNull(from1),
  eager: ['true or false', value => typeof value === 'boolean'],
}

/**
 * The settings in a config file: any part of a `Config`, as JSON.
 * @param name of the file, for messages
 * @throws Error of one line that names the setting and the rule
 */
export function parseConfig(json: string, name: string): Partial<Config> {
  let given: unknown
  try {
    given = JSON.parse(json)
  } catch (error) {
    throw new Error(`${name}: it is no JSON: ${(error as Error).message}`)
  }
  check(
    typeof given === 'object' && given !== null && !Array.isArray(given),
    () => `${name}: it must be an object such as { "model": "mlp", "epochs": 4 }`,
  )
  for (const [key, value] of Object.entries(given)) {
    check(Object.hasOwn(checks, key), () => `${name}: there is no setting ${key}; ${near(key)}`)
    const [rule, holds] = checks[key as keyof Config]
    check(holds(value), () => `${name}: ${key} is ${JSON.stringify(value)}; it must be ${rule}`)
  }
  return given as Partial<Config>
}

/** @throws Error of one line when a setting is missing or wrong */
export function parseWholeConfig(json: string, name: string): Config {
  const config = parseConfig(json, name)
  const missing = Object.keys(checks).filter(key => !Object.hasOwn(config, key))
  check(missing.length === 0, () => `${name}: it lacks ${missing.join(', ')}; the file is damaged`)
  return config as Config
}

/** The same settings in the order in which `Config` has them. */
export function ordered(config: Config): Config {
  const names = Object.keys(checks) as (keyof Config)[]
  return Object.fromEntries(names.map(name => [name, config[name]])) as unknown as Config
}

function near(key: string): string {
  const known = Object.keys(checks)
  const nearest = closest(key, known)
  return distance(key, nearest) <= 3 ? `did you mean ${nearest}?` : `there are ${known.join(', ')}`
}
