/** The options that all recurrent layers have. */
export interface RecurrentOptions {
  /** Layers one above the other; 1 by default. */
  numLayers?: number
  /** Whether the gates have biases; true by default. */
  bias?: boolean
  /** Whether x and y are [n, length, …] instead of [length, n, …], the default. */
  batchFirst?: boolean
  /** The probability of dropout between two layers; 0 by default. */
  dropout?: number
  /** Whether a second cell reads the sequence from its end; false by default. */
  bidirectional?: boolean
}

export const recurrentOptions = [
  'numLayers',
  'bias',
  'batchFirst',
  'dropout',
  'bidirectional',
] as const
