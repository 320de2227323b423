export interface OneCycleOptions {
  /** The highest rate, for all groups or for each. */
  maxLr: number | readonly number[]
  /** Steps of the whole cycle; or give epochs and stepsPerEpoch. */
  totalSteps?: number
  epochs?: number
  stepsPerEpoch?: number
  /** The part of the cycle in which the rate rises. */
  pctStart?: number
  /** How the rate changes from one value to the next. */
  annealStrategy?: 'cos' | 'linear'
  /** Whether momentum (Adam: the first beta) falls while the rate rises, and rises afterwards. */
  cycleMomentum?: boolean
  baseMomentum?: number
  maxMomentum?: number
  /** The first rate is maxLr / divFactor. */
  divFactor?: number
  /** The last rate is the first / finalDivFactor. */
  finalDivFactor?: number
  /** Fall to the first rate in as many steps as the rise took, then to the last rate. */
  threePhase?: boolean
}

/** What holds unless it is given. */
export const defaults: Required<
  Omit<OneCycleOptions, 'maxLr' | 'totalSteps' | 'epochs' | 'stepsPerEpoch'>
> = {
  pctStart: 0.3,
  annealStrategy: 'cos',
  cycleMomentum: true,
  baseMomentum: 0.85,
  maxMomentum: 0.95,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
}

export const names = [
  'maxLr',
  'totalSteps',
  'epochs',
  'stepsPerEpoch',
  ...Object.keys(defaults),
] as never[]
