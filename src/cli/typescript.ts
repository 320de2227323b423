/** Lets versions of Node that do not read TypeScript import a user's module: its types are cut. */
import { readFile } from 'node:fs/promises'
import type { LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transform } from 'sucrase'

const isTypeScript = (url: string) => /^file:[^?]*\.[cm]?ts(\?|$)/.test(url)

/** './layers.js' may be the TypeScript file './layers.ts'. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context)
  } catch (error) {
    const isLocal = isTypeScript(context.parentURL ?? '') && /^\.\.?\/.*\.js$/.test(specifier)
    if (!isLocal) throw error
    return next(specifier.replace(/js$/, 'ts'), context)
  }
}

export const load: LoadHook = async (url, context, next) => {
  if (!isTypeScript(url)) return next(url, context)
  const source = await readFile(fileURLToPath(url), 'utf8')
  const { code } = transform(source, { transforms: ['typescript'], disableESTransforms: true })
  return { format: 'module', source: code, shortCircuit: true }
}
