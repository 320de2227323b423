/** One of the kernels that compute the same thing: a rung of a family's ladder. */
export interface Rung {
  /** The name of its file in the family's folder of src/kernels/wgsl, or of its folder there. */
  readonly name: string
  /** The class of adapter on which it is taken to be the fastest. */
  readonly fastestOn?: 'cpu' | 'gpu'
}
