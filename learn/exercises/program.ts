/** A reader's program as a module, which imports the engine of this page as 'kernelgrad'. */
import * as explain from '../../src/explain/index.js'
import * as kernelgrad from '../../src/index.js'

/** What a module exports. */
export type Module = Readonly<Record<string, unknown>>

/** Gives a text an address that can be imported: a blob in a browser, a data URL in Node. */
export type UrlOf = (code: string) => string

const libraries: Readonly<Record<string, Module>> = { kernelgrad, 'kernelgrad/explain': explain }
Object.assign(globalThis, { libraries }) // the modules made below find them here

/** Runs a program. @throws Error of the program, or of its syntax */
export async function moduleOf(code: string, urlOf: UrlOf): Promise<Module> {
  const linked = code.replace(
    /(\bfrom\s*|\bimport\s*\(\s*)(['"])([\w/]+)\2/g,
    (whole, before, _, name) =>
      name in libraries ? before + JSON.stringify(urlOf(reexport(name))) : whole,
  )
  return import(/* @vite-ignore */ urlOf(linked))
}

function reexport(name: string): string {
  const names = Object.keys(libraries[name]).join(', ')
  return `export const { ${names} } = globalThis.libraries['${name}']`
}

/** What console.log shows of a value in the page. */
export function printed(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  const own = value.toString !== Object.prototype.toString && !Array.isArray(value)
  return own ? String(value) : spaced(value)
}

/** [2, 3] and { "ok": true } */
function spaced(value: object): string {
  const lines = JSON.stringify(value, null, 1)
  return lines.replace(/\[\s+|\s+\]/g, bracket => bracket.trim()).replace(/\s*\n\s*/g, ' ')
}
