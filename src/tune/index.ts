/** Which kernels are the fastest on the user's own machine, found while the program is idle. */
export type { Tried } from './measure.js'
export { type TuneOptions, tune } from './tune.js'
