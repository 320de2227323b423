/** Holds what a program takes from the built package, bundled and compressed, to its limits. */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const limits: readonly (readonly [kB: number, what: string, code: string])[] = [
  [9, 'tensor', "export { tensor } from './dist/index.js'"],
  [
    24,
    'init, tensor, matmul without methods',
    "export { init, tensor, matmul } from './dist/functional.js'",
  ],
  [
    50.5,
    'the exclusive or without methods',
    `export { init, tensor, mseLoss, backward } from './dist/functional.js'
     export { Linear, Sequential, Tanh, Adam } from './dist/nn/index.js'`,
  ],
  [144, 'everything', "export * from './dist/index.js'"],
]

for (const [limit, what, contents] of limits) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  })
  const bytes = outputFiles[0].contents
  const [raw, packed] = [bytes, gzipSync(bytes, { level: 9 })].map(each => each.length / 1000)
  console.log(
    `${packed.toFixed(1).padStart(6)} kB of ${limit} (minified ${raw.toFixed(1)}): ${what}`,
  )
  if (packed > limit) process.exitCode = 1
}
