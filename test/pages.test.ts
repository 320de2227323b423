/** The TypeScript of README.md and docs/guides compiles: one call of tsc, with the package's names mapped to src. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { programsIn } from './programs.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** Of each page, what a reader writes in a file: a README's programs one by one, a guide's in a row. */
function programs(): Record<string, string> {
  const readme = programsIn(read('README.md')).map((code, i) => [`README-${i + 1}`, code])
  const guides = readdirSync(join(root, 'docs/guides')).map(guide => [
    guide.replace('.md', ''),
    programsIn(read(`docs/guides/${guide}`)).join('\n'),
  ])
  return Object.fromEntries([...readme, ...guides].filter(([, code]) => code))
}

test('the programs of README.md and docs/guides compile', () => {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'pages-')) // in here tsc finds the types of packages
  try {
    for (const [name, code] of Object.entries(programs()))
      writeFileSync(join(folder, `${name}.mts`), `${code}\nexport {}\n`)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
      { cwd: folder, encoding: 'utf8', timeout: 300_000 },
    )
    assert.is(stdout, '')
    assert.is(status, 0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** Strict, as this project's. A page shows values that it does not use. */
const config = {
  extends: join(root, 'tsconfig.json'),
  compilerOptions: {
    noUnusedLocals: false,
    paths: {
      kernelgrad: [join(root, 'src/node.ts')],
      'kernelgrad/functional': [join(root, 'src/node-functional.ts')],
      'kernelgrad/kernels': [join(root, 'src/kernels/sources.ts')],
      'kernelgrad/*': [join(root, 'src/*/index.ts')],
    },
  },
  include: ['*.mts'],
  exclude: [],
}

test.run()
