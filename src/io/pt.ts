/**
 * Files of `torch.save`: a zip archive (PyTorch 1.6 and later) with a pickle, data.pkl, and the
 * numbers of each storage, data/0, data/1, …
 */
import { check } from '../kernels/check.js'
import { described, optionsOf } from '../tensor/arguments.js'
import { sizeOf } from '../tensor/shape.js'
import { quoted } from './bytes.js'
import type { HostTensor } from './hosttensor.js'
import { unpickle } from './pickle.js'
import { TorchArchive } from './torcharchive.js'
import { type TorchTensor, torch } from './torchglobals.js'
import { treeOf } from './torchtree.js'

/**
 * What `torch.save` has written: tensors by name, and all other values nested as they were saved.
 * Nested tensors have their paths as names, `optimizer_state_dict.state.0.exp_avg`; a tensor that
 * was saved alone has the name ''. `prefix` chooses the tensors whose names begin with it and a
 * dot, and cuts both off.
 *
 *     torch.save({'model': model.state_dict(), 'epoch': 3}, 'run.pt')        # in Python
 *
 *     const { tensors, values } = await io.decodePt(bytes, 'run.pt', { prefix: 'model' })
 *     model.loadStateDict(io.fromHost(tensors))
 *     values.epoch                                                           // 3
 *
 * half and bfloat16 are widened to F32; all else keeps its dtype. Views are copied. The pickle is
 * read as data: nothing in it is executed, and what is no tensor or plain value is refused.
 * @param name of the file, for messages
 * @throws Error that says what is wrong with the file, and where; for files of PyTorch before 1.6,
 * TorchScript and whole modules, with the remedy
 */
export async function decodePt<V = Record<string, unknown>>(
  bytes: Uint8Array,
  name = 'pt',
  options: { prefix?: string } = {},
): Promise<{ tensors: Record<string, HostTensor>; values: V }> {
  const { prefix } = optionsOf('decodePt', options, ['prefix'])
  check(
    bytes instanceof Uint8Array,
    () => `${name}: got ${described(bytes)} where the bytes of a file belong, in a Uint8Array`,
  )
  checkZipped(bytes, name)
  const archive = new TorchArchive(bytes, name)
  const pickle = await archive.pickle()
  const root = unpickle(pickle, `${name}: data.pkl`, torch)
  const all = treeOf(root, name, 4 * pickle.length + 1000)
  const chosen = prefix === undefined ? [...all.tensors] : below(prefix, all.tensors, name)
  checkRoom(chosen, bytes.length, name)
  const tensors: [string, HostTensor][] = []
  for (const [key, tensor] of chosen) tensors.push([key, await archive.tensor(key, tensor)])
  return { tensors: Object.fromEntries(tensors), values: (all.values ?? {}) as V }
}

function checkZipped(bytes: Uint8Array, name: string): void {
  const legacy = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  check(
    !legacy.every((byte, i) => bytes[i] === byte),
    () =>
      `${name}: the format of PyTorch before 1.6; save it again with a later one: ` +
      "torch.save(torch.load(path, map_location='cpu'), path)",
  )
}

/** The tensors of one part, without its name. */
function below(prefix: string, tensors: ReadonlyMap<string, TorchTensor>, name: string) {
  const found = [...tensors].filter(([key]) => key.startsWith(`${prefix}.`))
  const first = new Set(Array.from(tensors.keys(), key => quoted(key.split('.')[0])))
  check(
    found.length > 0,
    () =>
      `${name}: no tensor's name begins with ${described(prefix)} and a dot; ` +
      `the names begin with ${[...first].slice(0, 12).join(', ') || 'nothing: there are none'}`,
  )
  return found.map(([key, tensor]) => [key.slice(prefix.length + 1), tensor] as const)
}

/** Many views of one storage, or large ones by strides of 0, may take far more than the file. */
function checkRoom(
  tensors: readonly (readonly [string, TorchTensor])[],
  length: number,
  name: string,
): void {
  const most = 8 * length + 2 ** 28
  const total = tensors.reduce((sum, [, { shape }]) => sum + 8 * sizeOf(shape), 0)
  check(
    total <= most,
    () =>
      `${name}: its tensors would take up to ${total} bytes, though the file has ${length}; ` +
      'choose a part with prefix, or save without expanded views',
  )
}
