/** The content of gzip files, never more of it than asked for. */

/**
 * The whole content.
 * @throws Error of one line when it is truncated, damaged, followed by more, or longer than `most`
 */
export async function inflate(
  bytes: Uint8Array,
  name: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { chunks, size } = await inflateUpTo(bytes, name, most)
  if (size > most) throw wrong(name, `is longer than ${most} bytes`)
  return joined(chunks, size)
}

/** The first `count` bytes of the content, or all if there are fewer. */
export async function inflateBegin(
  bytes: Uint8Array,
  name: string,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { chunks, size } = await inflateUpTo(bytes, name, count)
  return joined(chunks, size).subarray(0, count)
}

/** Chunks of the content, until they are longer than `most` or end. */
async function inflateUpTo(bytes: Uint8Array, name: string, most: number) {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    const zipped = new Blob([new Uint8Array(bytes)]).stream()
    const plain = zipped.pipeThrough(new DecompressionStream('gzip'))
    const reader = (plain as ReadableStream<Uint8Array>).getReader()
    while (size <= most) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value)
      size += value.length
    }
    if (size > most) await reader.cancel().catch(() => {})
  } catch {
    throw wrong(name, `ends early or is damaged (${bytes.length} bytes)`)
  }
  return { chunks, size }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

function wrong(name: string, what: string): Error {
  return new Error(`${name}: the gzip data ${what}; fetch it again`)
}
