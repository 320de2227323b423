/** The pictures of a run after each epoch. */
import { writeFileAtomic } from '../../node/files.js'
import { grid, rowsOfImages } from '../pictures.js'
import { shown } from './judge.js'
import type { RunFolder } from './runfolder.js'
import type { Session } from './session.js'

const [columns, count] = [10, 30]

/** Writes the pictures after an epoch. */
export async function writeSamples(run: RunFolder, session: Session, epoch: number): Promise<void> {
  const { original, seen, copy, generated } = await shown(session, count)
  const { range } = session.network
  const look = { columns, range, scale: 2 }
  const isNoisy = seen.some((value, i) => value !== original[i])
  const rows = isNoisy ? [seen, copy, original] : [original, copy]
  const pictures = {
    reconstructions: rowsOfImages(rows, look),
    ...(generated && { generated: grid(generated, look) }),
  }
  const number = String(epoch).padStart(3, '0')
  for (const [name, content] of Object.entries(pictures))
    await writeFileAtomic(run.at('samples', `${name}-${number}.png`), content)
}
