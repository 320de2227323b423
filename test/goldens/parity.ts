/** Compares this library with any folder of goldens: `npm run parity`. */
import { checkNames } from '../../scripts/names.js'
import { adapterInfo, init } from '../../src/node.js'
import { parseGoldens } from './file.js'
import { filesOf, type GoldenFile, readGoldens, testImages } from './folder.js'
import { runInit } from './init.js'
import { runLayers } from './layers.js'
import { runModel } from './model.js'
import { runOptim } from './optim.js'
import { caseLine, failures, head, passes, rows, summary } from './report.js'
import { type Outcome, runCases } from './run.js'

export interface ParityOptions {
  /** Only these ops, by their names in the goldens. */
  ops?: readonly string[]
  /** Only these cases. */
  cases?: readonly string[]
  /** One line per case. */
  verbose?: boolean
  /** The folder of MNIST. */
  mnist?: string
  print: (lines: string) => void
  /** Called before each file. */
  onFile?: (name: string, nth: number, count: number) => void
  stopped?: () => unknown
}

type Filter = (one: { name: string; op: string }) => boolean

/** `images` are MNIST's, for a file without images. */
type Runner = (
  file: GoldenFile,
  given: { only: Filter; images: () => Promise<Uint8Array | undefined> },
) => Outcome[] | Promise<Outcome[]>

/** How the files of each group are run. */
const runners: Readonly<Record<string, Runner>> = {
  ops: ({ bytes, name }, { only }) => runCases(parseGoldens(bytes, name), only),
  large: ({ bytes, name }, { only }) => runCases(parseGoldens(bytes, name), only),
  optim: ({ bytes, name }) => runOptim(bytes, name),
  layers: ({ bytes, name }, { only }) => runLayers(bytes, name, only),
  init: ({ bytes, name }, { only }) => runInit(bytes, name, only),
  model: async ({ bytes, name }, { images }) => runModel(bytes, name, await images()),
}

/**
 * Runs the folder's files one after the other. Returns whether every case of every file passed.
 * A case that cannot run (an unknown op, a damaged file) has not passed.
 * @throws Error for a folder without goldens
 */
export async function parity(folder: string, options: ParityOptions): Promise<boolean> {
  const { print, onFile, stopped = () => false } = options
  const files: GoldenFile[] = []
  const broken: string[] = []
  const refuse = (name: string, error: unknown) => {
    broken.push(name)
    print(`✗ ${name}: ${(error as Error).message.replace(`${name}: `, '')}\n`)
  }
  for (const name of await filesOf(folder))
    await readGoldens(folder, name).then(
      file => files.push(file),
      error => refuse(name, error),
    )
  const listed = files.flatMap(({ cases }) => cases)
  const only = filter(options, listed)
  await init()
  const began = performance.now()
  print(`on ${adapterInfo().description}\n`)
  const outcomes: Outcome[] = []
  const chosen = files.filter(({ cases }) => cases.some(only))
  for (const [i, file] of chosen.entries()) {
    if (stopped()) throw new Error('stopped by Ctrl-C: what stands above was run, the rest was not')
    onFile?.(file.name, i, chosen.length)
    try {
      const results = await outcomesOf(file, folder, only, options.mnist)
      print([head(file, results.length), ...rows(results)].join('\n'))
      if (options.verbose) print(results.map(caseLine).join('\n'))
      print([...failures(results, folder), ''].join('\n'))
      outcomes.push(...results)
    } catch (error) {
      refuse(file.name, error)
    }
  }
  print(summary(outcomes, broken, (performance.now() - began) / 1000))
  return broken.length === 0 && outcomes.every(passes)
}

/**
 * The cases that the options select. A model is one case with several outcomes, such as `mlp/loss`:
 * the name of the case selects them all, and each of theirs selects the case.
 * @throws Error for a name that no case has
 */
function filter({ ops, cases }: ParityOptions, listed: GoldenFile['cases']): Filter {
  const names = listed.map(({ name }) => name)
  const strange = cases?.filter(wanted => !names.some(name => part(wanted, name)))
  checkNames(ops ?? [], { among: listed.map(({ op }) => op), kind: 'op' })
  checkNames(strange ?? [], { among: names, kind: 'case' })
  return ({ name, op }) =>
    (ops?.includes(op) ?? true) &&
    (cases?.some(wanted => part(wanted, name) || part(name, wanted)) ?? true)
}

/** Whether an outcome belongs to a case: `mlp/loss` to `mlp`, but `mul/10` not to `mul/1`. */
function part(name: string, whole: string): boolean {
  return name.startsWith(whole) && !/\w/.test(name[whole.length] ?? ' ')
}

/** The selected outcomes of a file, under the ops of its list of cases; none is missing. */
async function outcomesOf(
  file: GoldenFile,
  folder: string,
  only: Filter,
  mnist?: string,
): Promise<Outcome[]> {
  const images = async () => (file.hasImages ? undefined : testImages(folder, mnist))
  const runner = runners[file.group] ?? (() => waiting(file, `the group '${file.group}'`))
  const listed = new Map(file.cases.map(one => [one.name, one.op]))
  const outcomes = (await runner(file, { only, images }))
    .map(one => ({ ...one, op: listed.get(one.name) ?? one.op }))
    .filter(only)
  const missing = file.cases.filter(
    one => only(one) && !outcomes.some(({ name }) => part(name, one.name)),
  )
  return [...outcomes, ...waiting({ ...file, cases: missing }, 'a result of the run')]
}

/** Cases of an unknown group: none of them passes. */
function waiting({ cases }: GoldenFile, what: string): Outcome[] {
  return cases.map(one => ({ ...one, ratio: 0, worst: '', lacks: [what] }))
}
