/** The end of a zip archive, which says where its directory lies. */
import { check } from '../kernels/check.js'
import { viewOf } from './bytes.js'

export interface Directory {
  readonly count: number
  readonly from: number
  readonly to: number
}

const [end, end64, locator64] = [0x06054b50, 0x06064b50, 0x07064b50]
const [endLength, end64Length, locator64Length, longestComment] = [22, 56, 20, 0xffff]
const shortestEntry = 46

/** @throws Error unless the directory lies within the file, and its entries within it */
export function findDirectory(bytes: Uint8Array, file: string): Directory {
  const view = viewOf(bytes)
  const last = bytes.length - endLength
  let at = last
  const isEnd = () =>
    view.getUint32(at, true) === end && view.getUint16(at + 20, true) === last - at
  while (at >= 0 && at >= last - longestComment && !isEnd()) at--
  check(
    at >= 0 && at >= last - longestComment,
    () =>
      `${file}: no zip archive ends with its ${bytes.length} bytes; the file is truncated or of ` +
      'another kind',
  )
  const disks = view.getUint16(at + 4, true) + view.getUint16(at + 6, true)
  let [here, count] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
  let [size, from] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)]
  let until = at
  if (count === 0xffff || size === 0xffffffff || from === 0xffffffff) {
    until = findEnd64(view, file, at)
    const big = (offset: number) => Number(view.getBigUint64(until + offset, true))
    ;[here, count, size, from] = [big(24), big(32), big(40), big(48)]
  }
  check(
    (disks === 0 || until < at) && here === count,
    () => `${file}: the zip archive's end at byte ${at} says that it has several parts`,
  )
  check(
    from + size <= until && count * shortestEntry <= size,
    () =>
      `${file}: the zip archive's end at byte ${at} says that ${count} entries are listed in ` +
      `${size} bytes from byte ${from} on, where they have no room; the file is damaged`,
  )
  return { count, from, to: from + size }
}

/** Where the record with sizes of 64 bits begins. */
function findEnd64(view: DataView, file: string, end: number): number {
  const at = end - locator64Length
  const hasLocator = at >= 0 && view.getUint32(at, true) === locator64
  const found = hasLocator ? Number(view.getBigUint64(at + 8, true)) : -1
  check(
    found >= 0 && found + end64Length <= at && view.getUint32(found, true) === end64,
    () =>
      `${file}: the zip archive's end at byte ${end} points to a zip64 record, ` +
      'and there is none; the file is damaged',
  )
  return found
}
