/** What products may know of a matrix unit. See matrixunits.ts. */
/** What one call of a unit multiplies: M × K by K × N factors of that type, with sums of f32. */
export interface MatrixUnit {
  readonly factor: 'f16' | 'f32'
  readonly M: number
  readonly N: number
  readonly K: number
  /** Invocations per subgroup, where its kernel fixes their number; else null. */
  readonly pinned: number | null
  /** Invocations of a workgroup: four subgroups of the largest size there may be. */
  readonly workgroup: number
  /** Terms of a product that are in workgroup memory at a time. */
  readonly depth: number
}
