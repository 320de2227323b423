/** Deflated data without a frame, as they lie in zip archives. */

/**
 * The content, of a size and a CRC-32 that are known before.
 * @param where begins the message
 * @throws Error when it is damaged, or has another size or CRC; no more than `size` is ever kept
 */
export async function inflateRaw(
  raw: Uint8Array,
  where: string,
  { size, crc }: { readonly size: number; readonly crc: number },
): Promise<Uint8Array> {
  // In the frame of gzip, which every Node and browser inflates and which compares CRC and size:
  // 1f 8b · method 8 · 7 bytes of no interest · data · CRC-32 · size.
  const frame = new Uint8Array(10 + raw.length + 8)
  frame.set([0x1f, 0x8b, 8])
  frame.set(raw, 10)
  const view = new DataView(frame.buffer)
  view.setUint32(10 + raw.length, crc, true)
  view.setUint32(14 + raw.length, size, true)
  const content = await inflated(frame, size)
  if (content) return content
  const wanted = `${size} bytes with CRC-32 ${crc.toString(16).padStart(8, '0')}`
  throw new Error(`${where} does not inflate to ${wanted}; the file is damaged`)
}

/** Null when it is damaged or has another size. */
async function inflated(frame: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    const plain = new Blob([frame]).stream().pipeThrough(new DecompressionStream('gzip'))
    const reader = (plain as ReadableStream<Uint8Array>).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.length
      if (length > size) {
        await reader.cancel().catch(() => {})
        return null
      }
      chunks.push(value)
    }
  } catch {
    return null
  }
  if (length !== size) return null
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
