/** The whole suite, with the lines that `npm run gradcheck` prints. */
import { failure, head, line, summary } from './report.js'
import { examine, type Result, type Subject, type SuiteOptions } from './suite.js'

export interface GradcheckOptions extends SuiteOptions {
  print: (lines: string) => void
  /** Called before each subject. */
  onSubject?: (name: string, nth: number, count: number) => void
  /** The width of the table. */
  columns?: number
}

const shown = 5 // failures of one op

/** Examines the subjects one after the other. Returns whether all checks passed. */
export async function gradcheck(
  list: readonly Subject[],
  { print, onSubject, columns = Infinity, ...options }: GradcheckOptions,
): Promise<boolean> {
  const width = Math.max(...list.map(({ name }) => name.length))
  print(head(width))
  const began = performance.now()
  const results: Result[] = []
  for (const [i, subject] of list.entries()) {
    onSubject?.(subject.name, i, list.length)
    const result = await examine(subject, options)
    if (options.stopped?.())
      throw new Error('stopped by Ctrl-C: what stands above was checked, the rest was not')
    const text = line(result, width)
    print(text.length > columns ? `${text.slice(0, columns - 1)}…` : text)
    results.push(result)
  }
  if (results.some(({ subject }) => !subject.row.generate))
    print('\n* makes no cases at random: those of its row again, with other values and layouts')
  const failed = results.filter(({ failures }) => failures.length > 0)
  for (const { subject, failures, checks } of failed) {
    print(`\n${subject.name}: ${failures.length} of ${checks} checks fail`)
    for (const one of failures.slice(0, shown)) print(failure(subject, one, options.seed))
    if (failures.length > shown) print(`  … and ${failures.length - shown} more`)
  }
  print(`\n${summary(results, (performance.now() - began) / 1000)}`)
  return failed.length === 0
}
