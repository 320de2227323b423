/** Compares this engine with onnxruntime, where that is installed. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { noGrad, type Tensor } from '../../../node.js'
import type { Network } from '../../networks.js'
import { isNoisy, outputOf } from './ours.js'
import { largest, type Row } from './table.js'

type Runtime = typeof import('onnxruntime-web')

const name = 'onnxruntime-web' // a variable, so that no bundler looks for it

/** onnxruntime-web beside this program, or in the project of the current folder; or null. */
export async function findRuntime(): Promise<Runtime | null> {
  try {
    return (await import(name)) as Runtime
  } catch {}
  try {
    const path = createRequire(join(process.cwd(), 'package.json')).resolve(name)
    return (await import(pathToFileURL(path).href)) as Runtime
  } catch {
    return null
  }
}

/** @throws Error that says what to install when there is no onnxruntime */
export async function requireRuntime(): Promise<Runtime> {
  const runtime = await findRuntime()
  if (runtime) return runtime
  throw new Error(
    `no ${name}: it computes what an ONNX file says; \`npm install ${name}\` in this folder`,
  )
}

/** The files of `onnxFiles` against the network, on images x. Of a distribution, the mean. */
export async function verifyOnnx(
  runtime: Runtime,
  network: Network,
  files: Record<string, Uint8Array>,
  x: Tensor,
): Promise<Row[]> {
  const noisy = isNoisy(network)
  const codes = files.encoder && noGrad(() => network.encode(x))
  const images = noisy && codes ? noGrad(() => network.decode(codes)) : outputOf(network, { x })
  const row = async (what: string, t: RuntimeTensor | undefined, ours: Tensor): Promise<Row> => {
    const difference = largest(t?.data as Float32Array | undefined, await ours.data())
    return { what: `ONNX: ${what}`, difference, bound: 1e-5 }
  }
  const whole = await computed(runtime, files.model, { x })
  const rows = [await row('outputs', whole.reconstruction ?? whole.y, images)]
  if (!codes) return rows
  const [output, input] = noisy ? ['mu', 'z'] : ['latent', 'latent']
  const encoded = await computed(runtime, files.encoder, { x })
  const decoded = await computed(runtime, files.decoder, { [input]: encoded[output] })
  return [
    ...rows,
    await row('encoder', encoded[output], codes),
    await row('decoder', decoded.reconstruction, images),
  ]
}

type RuntimeTensor = import('onnxruntime-web').Tensor

async function computed(
  { InferenceSession, Tensor: Theirs }: Runtime,
  bytes: Uint8Array,
  inputs: Record<string, Tensor | RuntimeTensor>,
): Promise<Record<string, RuntimeTensor>> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 })
  const feeds: Record<string, RuntimeTensor> = {}
  for (const [key, t] of Object.entries(inputs))
    feeds[key] = 'dims' in t ? t : new Theirs('float32', await t.data(), t.shape)
  const outputs = await session.run(feeds)
  await session.release()
  return outputs as Record<string, RuntimeTensor>
}
