/** What the makers of cards say of them. */
export interface Card {
  readonly name: string
  /** Peak of float32 multiply-adds, which are two operations each. */
  readonly tflops: number
  /** Peak of the card's memory. */
  readonly gbs: number
  /** Multiply-adds per vector instruction at that peak: two where it may be a dual instruction. */
  readonly fmaPerValu: number
  /** Places where a workgroup runs: pairs of compute units on RDNA, single ones before. */
  readonly places: number
}

/** By the name of the chip's family. The figures are those of AMD's product pages. */
export const cards: Readonly<Record<string, Card>> = {
  navi31: { name: 'Radeon RX 7900 XTX', tflops: 61.4, gbs: 960, fmaPerValu: 2, places: 48 },
  navi21: { name: 'Radeon RX 6900 XT', tflops: 23.04, gbs: 512, fmaPerValu: 1, places: 40 },
  vega10: { name: 'Radeon RX Vega 64', tflops: 12.7, gbs: 484, fmaPerValu: 1, places: 64 },
}

/**
 * Microseconds per launch: what the host needs for one in a compiled step, measured by
 * `npm run isa -- --host` (0.11 ms for the 20 launches of the MLP).
 */
export const launchCost = 5
