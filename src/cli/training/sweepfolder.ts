/** The folder that holds the runs of a sweep. */
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { check } from '../../kernels/check.js'
import { makeFolder, reason, writeFileAtomic } from '../../node/files.js'

/**
 * Makes the folder of a sweep, and notes in sweep.json the flags that all its trainings have.
 * @throws Error when it has a sweep with other flags, whose results would be taken for these
 */
export async function openSweep(common: readonly string[], out: string): Promise<void> {
  await makeFolder(out).catch(error => {
    throw new Error(`${out}: ${reason(error)}`)
  })
  const file = join(out, 'sweep.json')
  const text = `${JSON.stringify({ flags: common })}\n`
  const before = await readFile(file, 'utf8').catch(() => text)
  check(
    before === text,
    () => `${out}: it has a sweep with other flags, ${before.trim()}; name another --out`,
  )
  await writeFileAtomic(file, text)
}

/** A sweep that could not begin leaves no folder. */
export async function forget(out: string): Promise<void> {
  const names = await readdir(out)
  if (names.join() === 'sweep.json') await rm(out, { recursive: true })
}

/** The next free folder for a sweep. */
export function free(): string {
  for (let n = 1; ; n++) if (!existsSync(`runs/sweep-${n}`)) return `runs/sweep-${n}`
}
