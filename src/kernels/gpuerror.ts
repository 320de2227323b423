/** What the GPU reports, as an error. */

const place = /^Error while parsing WGSL: :(\d+):(\d+) error: ([\s\S]*?)\s*\n - While /
const module = /\[ShaderModuleDescriptor "{1,2}(.+?)"{1,2}\]/

/** Says of WGSL that does not compile which kernel it is, then where and why. */
export function gpuError(message: string): Error {
  const [, line, column, reason] = message.match(place) ?? []
  const [, name] = message.match(module) ?? []
  if (!reason || !name) return new Error(`GPU: ${message}`)
  return new Error(
    `GPU: the WGSL of ${name} does not compile: line ${line}, column ${column}: ${reason}`,
  )
}
