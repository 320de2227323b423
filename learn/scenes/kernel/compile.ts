/** What the browser's WGSL compiler says of a text, line by line. */
import { device } from '../../../src/kernels/device.js'
import type { LineMessage } from '../../shell/editor.js'

/** The errors of this text at their lines; none if it compiles. */
export async function compileErrors(wgsl: string): Promise<LineMessage[]> {
  const gpu = device()
  gpu.pushErrorScope('validation') // else the engine would report the error at its next read
  const module = gpu.createShaderModule({ code: wgsl })
  const scope = gpu.popErrorScope()
  const { messages } = await module.getCompilationInfo()
  await scope
  return messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, message }) => ({ line: lineNum, message }))
}
