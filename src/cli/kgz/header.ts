/** The header of a .kgz file, of which nothing is believed. */
import { quoted, textOf } from '../../io/bytes.js'
import { check } from '../../kernels/check.js'
import { type Header, headerAt, mostPixels, version } from './format.js'

/** The least and the most of each whole number. */
const limits = {
  version: [1, 2 ** 31],
  count: [1, mostPixels],
  height: [1, 4096],
  width: [1, 4096],
  latent: [1, 2 ** 16],
  bits: [1, 16],
  codes: [1, 2 ** 31],
  residual: [0, 2 ** 31],
  pixels: [0, 2 ** 32 - 1],
} as const satisfies Partial<Record<keyof Header, readonly [number, number]>>

const texts = { model: /^\P{Cc}{1,1024}$/u, weights: /^[0-9a-f]{64}$/, adapter: /^.{0,512}$/ }

/** @throws Error of one line that names the field and the rule */
export function readHeader(bytes: Uint8Array, file: string): Header {
  const where = `${file}: the header at byte ${headerAt}`
  const fields = parsed(bytes, where)
  const field = (name: string) => {
    check(Object.hasOwn(fields, name), () => `${where} has no ${name}`)
    return fields[name]
  }
  for (const [name, [least, most]] of Object.entries(limits)) {
    const value = field(name)
    check(
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
      () => `${where} has ${name} ${quoted(value)}; it is a whole number from ${least} to ${most}`,
    )
    check(
      name !== 'version' || value === version,
      () => `${where} has version ${value}; version ${version} is read`,
    )
  }
  for (const [name, pattern] of Object.entries(texts)) {
    const value = field(name)
    check(
      typeof value === 'string' && pattern.test(value),
      () => `${where} has ${name} ${quoted(value)}, which it cannot be`,
    )
  }
  checkOptions(field('options'), where)
  const header = fields as unknown as Header
  const { count, height, width, latent, residual, pixels } = header
  check(
    count * height * width <= mostPixels && count * latent <= mostPixels,
    () =>
      `${where} has ${count} images of ${height} × ${width} with codes of ${latent}; at most ` +
      `${mostPixels} pixels and as many numbers in codes are read`,
  )
  check(
    residual > 0 || pixels === 0,
    () => `${where} has a CRC-32 of pixels, but no residual that restores them`,
  )
  return header
}

function parsed(bytes: Uint8Array, where: string): Record<string, unknown> {
  const text = textOf(bytes)
  check(text !== null, () => `${where} is no UTF-8`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(`${where} is no JSON: ${quoted(text)}`)
  }
  check(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    () => `${where} is no JSON object: ${quoted(text)}`,
  )
  return value as Record<string, unknown>
}

function checkOptions(options: unknown, where: string): void {
  check(
    typeof options === 'object' &&
      options !== null &&
      !Array.isArray(options) &&
      Object.entries(options).every(
        ([name, value]) => /^\w{1,32}$/.test(name) && Number.isFinite(value),
      ),
    () => `${where} has options ${quoted(options)}; they are numbers by name`,
  )
}
