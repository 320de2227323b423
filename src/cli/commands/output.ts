/** How a command says what it found, and where its files go. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { ensureFolder, writeFileAtomic } from '../../node/files.js'

export interface OutputOptions {
  out: string
  json?: boolean
}

export interface Found {
  /** For people, before the line that names the files. */
  lines: readonly string[]
  /** For programs: one object. The names of the files are added. */
  values: Readonly<Record<string, unknown>>
  /** Contents by name. */
  files?: Readonly<Record<string, Uint8Array | string>>
}

export function withOutput(command: Command): Command {
  return withJson(command.option('--out <folder>', 'where files go', 'out'))
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object and nothing else')
}

/** Makes the folder for the files before the work begins, so that no work is lost. */
export function prepare({ out }: OutputOptions): Promise<void> {
  return ensureFolder(out)
}

/** Writes the files, then prints what was found. The last line says what was written. */
export async function deliver(
  { out, json }: OutputOptions,
  { lines, values, files }: Found,
): Promise<void> {
  for (const [name, content] of Object.entries(files ?? {}))
    await writeFileAtomic(join(out, name), content)
  const paths = Object.keys(files ?? {}).map(name => join(out, name))
  if (json) return console.log(JSON.stringify({ ...values, ...(files && { files: paths }) }))
  for (const line of lines) console.log(line)
  if (paths.length > 0) console.log(`written: ${paths.join(', ')}`)
}
