/** The archive that `torch.save` writes: a folder with data.pkl, and data/0, data/1, … */
import { check } from '../kernels/check.js'
import { quoted, textOf } from './bytes.js'
import { arrays } from './header.js'
import { checkTruths, type HostTensor, type TypedArray, widened } from './hosttensor.js'
import { rowByRow } from './strided.js'
import type { TorchStorage, TorchTensor } from './torchglobals.js'
import { readZip, type ZipEntry } from './zip.js'

export class TorchArchive {
  readonly #entries: ReadonlyMap<string, ZipEntry>
  readonly #folder: string
  /** Each storage's bytes once, and each tensor once, however often they are named. */
  readonly #storages = new Map<string, Uint8Array>()
  readonly #tensors = new Map<TorchTensor, HostTensor>()

  constructor(
    bytes: Uint8Array,
    private readonly file: string,
  ) {
    this.#entries = readZip(bytes, file)
    const pickle = [...this.#entries.keys()].find(name => /^[^/]+\/data\.pkl$/.test(name))
    check(pickle, () => `${file}: a zip archive without data.pkl; torch.save has not written it`)
    this.#folder = pickle.slice(0, -'data.pkl'.length)
    check(
      !this.#entries.has(`${this.#folder}constants.pkl`),
      () =>
        `${file}: a TorchScript program; save its weights alone: ` +
        'torch.save(torch.jit.load(path).state_dict(), path)',
    )
  }

  /** The pickle. @throws Error when it, or the order of bytes, cannot be read */
  async pickle(): Promise<Uint8Array> {
    if (this.#entries.has(`${this.#folder}byteorder`)) {
      const order = textOf(await this.#read('byteorder')) ?? 'no text'
      check(
        order === 'little',
        () => `${this.file}: its byte order is ${quoted(order)}; only little is read`,
      )
    }
    return this.#read('data.pkl')
  }

  async tensor(name: string, tensor: TorchTensor): Promise<HostTensor> {
    const { storage, shape } = tensor
    const known = this.#tensors.get(tensor)
    if (known) return known
    const data = rowByRow(await this.#elements(storage), tensor)
    const host = widened({ dtype: storage.dtype, shape: [...shape], data })
    checkTruths(`${this.file}: ${quoted(name)}`, host)
    this.#tensors.set(tensor, host)
    return host
  }

  async #elements({ key, dtype, count, bytes }: TorchStorage): Promise<TypedArray> {
    const path = `data/${key}`
    const own = this.#storages.get(key) ?? aligned(await this.#read(path))
    this.#storages.set(key, own)
    check(
      own.byteLength >= bytes,
      () =>
        `${this.file}: ${quoted(path)} has ${own.byteLength} bytes, but ${count} elements of ` +
        `${dtype} take ${bytes}; the file is damaged`,
    )
    return new arrays[dtype](own.buffer as ArrayBuffer, own.byteOffset, count)
  }

  async #read(name: string): Promise<Uint8Array> {
    const entry = this.#entries.get(this.#folder + name)
    check(entry, () => `${this.file}: there is no ${quoted(name)} in it; the file is damaged`)
    return entry.read()
  }
}

/** The same bytes, where numbers of 8 bytes may begin. PyTorch writes them so. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
}
