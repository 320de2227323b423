/** The pictures of a run after each epoch. */
import { writeFileAtomic } from '../../node/files.js'
import { grid, rowsOfImages } from '../pictures.js'
import { shown } from './judge.js'
import type { RunFolder } from './runfolder.js'
import type { Session } from './session.js'

const [columns, count] = [10, 30]

/** Writes the pictures after an epoch. Returns their paths in the run. */
export async function writeSamples(
  run: RunFolder,
  session: Session,
  epoch: number,
): Promise<Picture[]> {
  const { original, seen, copy, generated } = await shown(session, count)
  const { range } = session.network
  const look = { columns, range, scale: 2 }
  const isNoisy = seen.some((value, i) => value !== original[i])
  const rows = isNoisy ? [seen, copy, original] : [original, copy]
  const number = String(epoch).padStart(3, '0')
  const pictures: (Picture & { content: Uint8Array })[] = [
    {
      name: `reconstructions-${number}.png`,
      title: isNoisy ? 'noisy, cleaned, original' : 'originals and their reconstructions',
      content: rowsOfImages(rows, look),
    },
  ]
  if (generated)
    pictures.push({
      name: `generated-${number}.png`,
      title: 'generated from noise',
      content: grid(generated, look),
    })
  for (const { name, content } of pictures) await writeFileAtomic(run.at('samples', name), content)
  return pictures.map(({ name, title }) => ({ name, title }))
}

export interface Picture {
  /** Of the file in samples/. */
  name: string
  title: string
}
