/** A Python that has PyTorch, and programs that run in it. */
import { execFile, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { promisify } from 'node:util'

const run = promisify(execFile)
const candidates = ['python3', '/usr/bin/python3', 'python']
const minutes = 60_000

/** The first of these Pythons that can import torch, or null. */
export function findTorch(names: readonly string[] = candidates): string | null {
  const works = (name: string) =>
    spawnSync(name, ['-c', 'import torch, numpy'], { timeout: minutes }).status === 0
  return names.find(works) ?? null
}

/** @throws Error that says what to install when no Python can import torch */
export function requireTorch(names: readonly string[] = candidates): string {
  const python = findTorch(names)
  if (python !== null) return python
  throw new Error(
    `no PyTorch: none of ${names.join(', ')} can import torch and numpy; install them, such ` +
      'as with `apt install python3-torch` on Debian and Ubuntu, or `pip install torch numpy`',
  )
}

interface Where {
  readonly cwd: string
  readonly env?: Record<string, string>
  /** Ends the program. */
  readonly signal?: AbortSignal
}

/**
 * Runs a Python program to its end.
 * @throws Error with the last line that it wrote to stderr
 */
export async function runPython(
  python: string,
  args: readonly string[],
  { env = {}, ...where }: Where,
): Promise<void> {
  const options = { ...where, timeout: 10 * minutes, maxBuffer: 2 ** 26 }
  await run(python, [...args], {
    ...options,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
  }).catch(error => {
    const last = String(error.stderr ?? '')
      .trim()
      .split('\n')
      .at(-1)
    throw new Error(`${python} ${args[0]}: ${last || error.message}`, { cause: error })
  })
}

/**
 * Runs a program in `count` processes that talk to each other, as torchrun would start them.
 * @throws Error of the first that fails; the others are ended
 */
export async function runTogether(
  python: string,
  args: readonly string[],
  { cwd, count }: { cwd: string; count: number },
): Promise<void> {
  const port = await freePort()
  const shared = { WORLD_SIZE: `${count}`, MASTER_ADDR: '127.0.0.1', MASTER_PORT: `${port}` }
  const end = new AbortController()
  const ranks = Array.from({ length: count }, async (_, rank) => {
    const env = { ...shared, RANK: `${rank}`, OMP_NUM_THREADS: '1' }
    await runPython(python, args, { cwd, env, signal: end.signal })
  })
  try {
    await Promise.all(ranks)
  } finally {
    end.abort()
    await Promise.allSettled(ranks)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 29500))
    })
  })
}
