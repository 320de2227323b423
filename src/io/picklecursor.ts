/** The bytes of a pickle, read one after the other. */
import { check } from '../kernels/check.js'
import { textOf, viewOf } from './bytes.js'

export class PickleCursor {
  /** Where the opcode began that is being read. */
  opcodeAt = 0
  #at = 0
  readonly #view: DataView

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
  ) {
    this.#view = viewOf(bytes)
  }

  get length(): number {
    return this.bytes.length
  }

  get left(): number {
    return this.bytes.length - this.#at
  }

  /** Where in which file, to begin a message with. */
  get where(): string {
    return `${this.file}, byte ${this.opcodeAt}`
  }

  opcode(): number {
    this.opcodeAt = this.#at
    return this.u8()
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  u64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true))
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true)
  }

  /** The one number in a pickle that has its high end first. */
  f64(): number {
    return this.#view.getFloat64(this.#take(8))
  }

  /** A whole number of so many bytes, in two's complement; big if it must be. */
  long(length: number): number | bigint {
    const from = this.#take(length)
    let value = 0n
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[from + i])
    const whole = BigInt.asIntN(8 * length, value)
    const number = Number(whole)
    return Number.isSafeInteger(number) ? number : whole
  }

  text(length: number): string {
    const from = this.#take(length)
    const text = textOf(this.bytes.subarray(from, from + length))
    check(text !== null, () => `${this.where}: a text that is not UTF-8; the file is damaged`)
    return text
  }

  /** The text up to the end of the line. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.#at)
    check(end >= 0, () => `${this.where}: a line without an end; the file is truncated`)
    const text = this.text(end - this.#at)
    this.#take(1)
    return text
  }

  /** The place of the next bytes, which are then behind. */
  #take(count: number): number {
    const from = this.#at
    check(
      count <= this.left,
      () => `${this.where}: ${count} bytes should follow, and ${this.left} do; it is truncated`,
    )
    this.#at += count
    return from
  }
}
