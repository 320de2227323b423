/** Settings that nothing was said of. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { choices } from '../networks.js'
import type { Config } from './config.js'

/** Paths become whole, so that a run can be resumed anywhere. */
export function withDefaults(given: Partial<Config>): Config {
  const { model = 'mlp', data = 'digits' } = given
  const choice = choices[model as keyof typeof choices] ?? { epochs: 10, batch: 64 }
  const whole = (path: string) => (existsSync(path) ? resolve(path) : path)
  return {
    epochs: data === 'digits' ? choice.epochs : 5,
    batch: choice.batch,
    ...usual,
    ...given,
    model: whole(model),
    init: given.init ? whole(given.init) : null,
    data: data.split(',').map(whole).join(','),
  }
}

const usual = {
  count: null,
  lr: 1e-3,
  schedule: 'constant',
  weightDecay: 0,
  clip: null,
  seed: 0,
  noise: null,
  beta: null,
  latent: null,
  width: null,
  init: null,
  freeze: null,
  patience: null,
  eager: false,
} as const
