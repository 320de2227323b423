/** A user's module, read from its file. */
import { access } from 'node:fs/promises'
import { register } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { reason } from '../node/files.js'

/** Imports a module; TypeScript too, in versions of Node that do not read it. */
export async function importFrom(path: string): Promise<object> {
  await access(path).catch(error => {
    throw new Error(`${path}: ${reason(error)}`)
  })
  const read = async (mark = '') =>
    (await import(pathToFileURL(resolve(path)).href + mark)) as object
  try {
    return await read().catch(error => {
      if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
      register('./typescript.js', import.meta.url)
      return read('?typescript') // another address, since Node remembers the failure
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const isAlone = code === 'ERR_MODULE_NOT_FOUND' && message.includes("'kernelgrad'")
    const remedy = isAlone ? '; npm install it in the folder of the module, or above' : ''
    throw new Error(`${path}: ${message}${remedy}`, { cause: error })
  }
}
