/** What limits a driver that computes on the CPU in this process, and the garbage collector. */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const few = 16_384 // buffers, with which no program comes near the limit
let counted = -Infinity // buffers, when the mappings were counted last
let most = Infinity // buffers, by that count

/**
 * Buffers that a driver can have which maps each by itself. Linux ends a process that maps more.
 * The process's mappings are counted anew with every thousandth buffer.
 */
export function mostBuffers(existing: number): number {
  if (existing < few) return Infinity
  if (Math.abs(existing - counted) < 1024) return most
  counted = existing
  // besides buffers there are libraries, and the code of each pipeline
  const others = Math.max(8192, contentOf('/proc/self/maps').split('\n').length - existing)
  const limit = Number(contentOf('/proc/sys/vm/max_map_count'))
  most = limit > 0 ? limit - others - 2048 : Infinity
  return most
}

/**
 * Bytes that the process may still take: of memory, and of the address space that it is allowed.
 */
export function freeMemory(): number {
  const available = numberIn('/proc/meminfo', /^MemAvailable:\s+(\d+) kB/m) * 1024
  const allowed = numberIn('/proc/self/limits', /^Max address space\s+(\d+)/m)
  const taken = numberIn('/proc/self/status', /^VmSize:\s+(\d+) kB/m) * 1024
  const reserve = 256 * 2 ** 20 // for what the driver and the program allocate beside buffers
  const known = [available, allowed - taken].filter(Number.isFinite)
  return Math.max(0, Math.min(Infinity, ...known) - reserve)
}

let gc: (() => void) | null = null

/** Collects the garbage now. */
export function collectGarbage(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc')
    gc = runInNewContext('gc') as () => void
  }
  gc()
}

function numberIn(file: string, pattern: RegExp): number {
  return Number(contentOf(file).match(pattern)?.[1] ?? NaN)
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // not Linux, or not allowed
  }
}
