/** `kernelgrad export`: a network for other programs, and whether they compute the same. */
import { Command, Option } from 'commander'
import { drawDigits } from '../../data/digits.js'
import { check } from '../../kernels/check.js'
import { init } from '../../node.js'
import { onnxFiles } from '../export/onnx/index.js'
import { requireTorch } from '../export/python.js'
import { exportTorch } from '../export/torch/index.js'
import { verifyTorch } from '../export/verify/index.js'
import { findRuntime, requireRuntime, verifyOnnx } from '../export/verify/onnx.js'
import { inputsOf } from '../export/verify/ours.js'
import { holds, type Row, table } from '../export/verify/table.js'
import { exportOnnx, exportWeights, verifyWeights } from '../export/write.js'
import { openNetwork, type Wanted } from '../loaded.js'
import { fileNameOf, type Network } from '../networks.js'
import { run } from '../run.js'
import { type DataOptions, openData, withImages, withNetwork } from './common.js'

interface Options extends Wanted, DataOptions {
  format: 'onnx' | 'torch' | 'safetensors' | 'npz'
  output?: string
  half: boolean
  verify: boolean
}

export const exportNetwork = withImages(withNetwork(new Command('export')))
  .description('Writes a network for ONNX, PyTorch, or as weights alone, and verifies it.')
  .addOption(
    new Option('--format <what>', 'of the files')
      .choices(['onnx', 'torch', 'safetensors', 'npz'])
      .makeOptionMandatory(),
  )
  .option('-o, --output <path>', 'a file, or the folder for torch (default: named by the model)')
  .option('--half', 'round each weight to 16 bits: safetensors and npz', false)
  .option('--verify', 'compare with what PyTorch, or onnxruntime-web, computes', false)
  .addHelpText(
    'after',
    `
onnx         NAME.onnx from x to the reconstruction, and NAME-encoder.onnx and NAME-decoder.onnx.
             The batch may have any size. A variational model takes its noise as input epsilon: by
             default it is 0, and the code is the mean. (onnxruntime-web cannot give an input that
             has a default: draw the code between encoder and decoder there.)
torch        a folder: model.py, weights.safetensors, images.npy of --data, and train_ddp.py, which
             trains on one or several processes, and goes on from checkpoints of runs
safetensors  the weights by PyTorch's names          npz  the same for NumPy

--verify prints the largest differences and what is allowed, and ends with 1 if one is over. For
torch it needs a python3 with torch: outputs, gradients, 20 steps of training, weights there and
back, and two processes with one at twice the batch. For onnx it needs onnxruntime-web.

Examples:
  kernelgrad export --format onnx --model vae -o vae.onnx
  kernelgrad export --format torch --run runs/mlp-digits-1 -o mlp --verify
  cd mlp && torchrun --nproc-per-node 2 train_ddp.py --epochs 5 --save more.safetensors
  kernelgrad export --format npz --weights mine.safetensors --model conv -o conv.npz`,
  )
  .action((options: Options) => run(() => start(options)))

async function start(options: Options): Promise<void> {
  const { format, verify, half } = options
  check(
    !half || format === 'safetensors' || format === 'npz',
    () => `--half: it is for the formats safetensors and npz, not for ${format}`,
  )
  if (verify && format === 'torch') requireTorch() // before any work
  if (verify && format === 'onnx') await requireRuntime()
  await init()
  const { network, from } = await openNetwork(options)
  const path =
    options.output ?? fileNameOf(network) + (format === 'torch' ? '-torch' : `.${format}`)
  console.log(`${network.title}, ${from}`)
  const { written, rows } = await write(path, network, options)
  console.log(`written: ${written}`)
  if (!verify) return
  const found = await rows()
  console.log(`\n${table(found)}`)
  const over = found.filter(row => !holds(row))
  if (over.length > 0)
    throw new Error(`export: ${over.map(({ what }) => what).join(', ')}: more than is allowed`)
}

interface Written {
  /** The files, for people. */
  written: string
  /** Compares what was written with the network. */
  rows(): Promise<Row[]>
}

async function write(path: string, network: Network, options: Options): Promise<Written> {
  const { format, seed, half } = options
  if (format === 'onnx') {
    const { written, files } = await exportOnnx(path, network)
    return { written: written.join(', '), rows: () => onnxRows(network, files, seed) }
  }
  if (format === 'torch') {
    const { trainSet: set } = await openData(options)
    const names = await exportTorch(path, network, set)
    const rows = async () => [
      ...(await verifyTorch(requireTorch(), path, { network, set, seed })),
      ...((await findRuntime()) ? await onnxRows(network, await filesOf(network), seed) : []),
    ]
    return { written: `${path} with ${names.join(', ')}`, rows }
  }
  await exportWeights(path, format, network, half)
  return { written: path, rows: () => verifyWeights(path, format, network, half) }
}

const filesOf = ({ model, shape }: Network) => onnxFiles(model, shape)

async function onnxRows(
  network: Network,
  files: Record<string, Uint8Array>,
  seed: number,
): Promise<Row[]> {
  const { x } = inputsOf(network, drawDigits({ count: 16, seed }), { ...plan, seed })
  return verifyOnnx(await requireRuntime(), network, files, x)
}

const plan = { batch: 1, steps: 0, lr: 0 } // nothing is trained
