/**
 * Builds `dist/cli.js`, the command of the installed package: our own code, and the libraries that
 * it uses, in one file. The engine stays outside, so that a user's module shares it. The licences
 * of the libraries go beside it.
 */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

const own = resolve('src/cli')

/** Imports that leave src/cli are those of dist. */
const engine: Plugin = {
  name: 'engine',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
      const target = resolve(dirname(importer), path)
      const isInside = target.startsWith(own) || !importer.startsWith(own)
      return isInside ? null : { path: `./${relative('src', target)}`, external: true }
    })
  },
}

const { metafile } = await build({
  entryPoints: { cli: 'src/cli/main.ts', typescript: 'src/cli/typescript.ts' },
  outdir: 'dist',
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['webgpu'],
  loader: { '.wgsl': 'text' },
  metafile: true,
  logLevel: 'error',
  plugins: [engine],
  banner: {
    js: `#!/usr/bin/env node
import { createRequire as requireFor } from 'node:module'
const require = requireFor(import.meta.url)`,
  },
})
chmodSync('dist/cli.js', 0o755)

const packages = new Set(
  Object.keys(metafile.inputs).flatMap(
    path => path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1] ?? [],
  ),
)
const licences = [...packages].sort().map(folder => {
  const files = readdirSync(folder).filter(name => /licen[cs]e/i.test(name))
  const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const texts = files.map(file => readFileSync(join(folder, file), 'utf8').trim())
  return `${folder.replace(/^.*node_modules\//, '')} (${license})\n\n${texts.join('\n\n')}\n`
})
writeFileSync('dist/cli-licences.txt', licences.join(`\n${'-'.repeat(72)}\n\n`))
