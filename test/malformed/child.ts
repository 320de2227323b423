/** Reads every malformed file in a process that can be ended, and sends what the reader said. */
import { formats } from './table.js'

export interface Answer {
  readonly file: string
  readonly what: string
  /** Undefined when the file is about to be read, null when nothing was thrown. */
  readonly message?: string | null
  /** The most memory that the process has held. */
  readonly megabytes: number
}

const send = (answer: Omit<Answer, 'megabytes'>) =>
  process.send!({ ...answer, megabytes: process.resourceUsage().maxRSS / 1024 })

async function main() {
  for (const { file, read, rows } of formats)
    for (const { what, bytes } of rows) {
      send({ file, what })
      const message = await Promise.resolve()
        .then(() => read(bytes, file))
        .then(
          () => null,
          error => (error instanceof Error ? error.message : `no Error: ${error}`),
        )
      send({ file, what, message })
    }
  process.disconnect()
}

main()
