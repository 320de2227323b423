/** Files of NumPy and PyTorch, made by scripts/formatfixtures.py, and what they hold. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { decodeSafetensors, type HostTensor } from '../src/io/safetensors.js'

export const formats = fileURLToPath(new URL('fixtures/formats/', import.meta.url))

export const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(formats + file))

const { tensors: expected } = decodeSafetensors(bytesOf('expected.safetensors'))

/** What a file holds, by name. */
export function expectedOf(file: string): Record<string, HostTensor> {
  const own = Object.entries(expected).filter(([name]) => name.startsWith(`${file}/`))
  return Object.fromEntries(own.map(([name, t]) => [name.slice(file.length + 1), t]))
}

/** Bit for bit: NaN equals NaN, −0 does not equal 0. */
export function assertSame(
  got: Record<string, HostTensor>,
  want: Record<string, HostTensor>,
  what: string,
): void {
  assert.ok(Object.keys(want).length > 0, `${what}: nothing is expected`)
  assert.equal(Object.keys(got).sort(), Object.keys(want).sort(), what)
  for (const [name, t] of Object.entries(want)) {
    const { dtype, shape, data } = got[name]
    assert.equal([dtype, shape], [t.dtype, t.shape], `${what}: ${name}`)
    assert.equal(bits(data), bits(t.data), `${what}: ${name}`)
  }
}

const bits = ({ buffer, byteOffset, byteLength }: HostTensor['data']) => [
  ...new Uint8Array(buffer, byteOffset, byteLength),
]
