/** What the tape says, and a walk back along it by hand: to learn from, and to find mistakes. */

export { type ExplainBackwardOptions, explainBackward } from './backward.js'
export { Bill, bill, type Charge, type ChargedBuffer, type Phase } from './bill.js'
export { type ExplainOptions, Explanation, explain } from './explain.js'
export { type KernelProfile, Profile, profile } from './profile.js'
export type { StepperOptions } from './stepper.js'
export { type BackwardStep, type GradientPassed, Stepper, stepper } from './stepper.js'
export type { Named, Names, TapeInput, TapeRecord } from './tape.js'
