/** What an exercise is, and the verdict on an answer. */
import { type CustomKernel, defineKernel } from '../../src/index.js'
import { guarded } from '../scenes/kernel/guard.js'
import { type Module, moduleOf, type UrlOf } from './program.js'

/** An answer with a mistake, and what the verdict must say of it. */
export type Wrong = readonly [text: string, verdict: RegExp]

interface Texts {
  /** What a screen reader calls it. */
  readonly title: string
  /** What stands in the editor at first. */
  readonly start: string
  readonly answer: string
  readonly wrong: readonly [Wrong, Wrong, Wrong]
}

/** The answer is a module: the judge calls what it exports. */
export interface Program extends Texts {
  readonly language: 'javascript'
  /** Says what was checked. @throws Error that says what is wrong */
  judge(answer: Module): Promise<string>
}

/** The answer is a kernel: the judge runs it. */
export interface Kernel extends Texts {
  readonly language: 'wgsl'
  /** Says what was checked. @throws Error that says what is wrong */
  judge(answer: CustomKernel): Promise<string>
}

export type Exercise = Program | Kernel

/** Runs an answer, and says in words what was checked. @throws Error that says what is wrong */
export async function verdict(exercise: Exercise, text: string, urlOf: UrlOf): Promise<string> {
  if (exercise.language === 'wgsl') return exercise.judge(defineKernel(guarded(text)))
  return exercise.judge(await moduleOf(text, urlOf))
}
