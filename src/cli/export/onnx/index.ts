/** Models as ONNX files. */
import type { nn, Shape } from '../../../index.js'
import { graphsOf } from './models.js'

/**
 * A model in evaluation as the bytes of ONNX files, with a batch of any size. An autoencoder of the
 * library has three: `model` from x to reconstruction and code, `encoder` and `decoder`. A
 * variational one samples by its input `epsilon`, or takes the mean where that is left out. Any
 * other module has one, `model`, from `x` to `y`.
 * @param shape of one sample
 * @throws Error that names a layer which ONNX has not
 */
export async function onnxFiles(
  model: nn.Module<unknown>,
  shape: Shape,
): Promise<Record<string, Uint8Array>> {
  const files: [string, Uint8Array][] = []
  for (const [name, graph] of Object.entries(graphsOf(model, shape)))
    files.push([name, await graph.bytes()])
  return Object.fromEntries(files)
}
