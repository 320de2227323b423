/** Commands in this process: what they print, and how they end. A process each takes seconds. */
import { format } from 'node:util'
import { type Command, CommanderError } from 'commander'

export interface Said {
  status: number
  stdout: string
  /** Lines on stderr. */
  errors: string[]
}

/** Runs a command with its words. Like a process of its own it ends with the device closed. */
export async function say(command: Command, ...words: string[]): Promise<Said> {
  let [stdout, stderr] = ['', '']
  const { log, error } = console
  const before = process.exitCode
  console.log = (...parts) => (stdout += `${format(...parts)}\n`)
  console.error = (...parts) => (stderr += `${format(...parts)}\n`)
  command.exitOverride().configureOutput({ writeErr: text => (stderr += text) })
  process.exitCode = undefined
  let status = 0
  try {
    await command.parseAsync(words, { from: 'user' })
    status = Number(process.exitCode ?? 0)
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    status = thrown.exitCode
  } finally {
    process.exitCode = before
    Object.assign(console, { log, error })
  }
  return { status, stdout, errors: stderr.split('\n').filter(Boolean) }
}
