/** A run as one page that opens from disk: curves, pictures, numbers. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { writeFileAtomic } from '../../node/files.js'
import { lossCurve } from '../plot.js'
import type { Config } from './config.js'
import type { Environment } from './environment.js'
import type { Metric } from './metrics.js'
import type { RunFolder } from './runfolder.js'
import type { Progress } from './saving.js'

export interface Story {
  title: string
  config: Config
  environment: Environment
  metrics: readonly Metric[]
  progress: Progress
  /** What the page says of the run, such as "training" or "finished". */
  state: string
}

/** Writes `index.html`. While the run goes on, the page loads itself anew every five seconds. */
export async function writePage(run: RunFolder, story: Story): Promise<void> {
  await writeFileAtomic(run.page, await page(run, story))
}

async function page(run: RunFolder, story: Story): Promise<string> {
  const { title, config, environment, metrics, progress, state } = story
  const points = metrics.flatMap(({ step, loss }) => (loss === undefined ? [] : [{ step, loss }]))
  const test = metrics.flatMap(({ step, testError }) =>
    testError === undefined ? [] : [{ step, loss: testError }],
  )
  const heading = `${title}, batch ${config.batch}`
  const curve = lossCurve(points, { title: heading, y: 'loss; test: squared error', test })
  const { step, epoch, best } = progress
  const numbers = {
    state,
    epochs: `${epoch} of ${config.epochs}`,
    steps: step.toLocaleString('en'),
    'last training loss': points.at(-1)?.loss.toPrecision(4) ?? '',
    'last test error': test.at(-1)?.loss.toPrecision(4) ?? '',
    'lowest test error': best ? `${best.testError.toPrecision(4)} after epoch ${best.epoch}` : '',
    'seconds of training': metrics.at(-1)?.seconds.toFixed(1) ?? '',
  }
  const refresh = state === 'training' ? '<meta http-equiv="refresh" content="5">' : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}
<title>${escaped(run.name)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(run.name)}</h1>
<p>${escaped(title)}</p>
${table(numbers)}
<h2>Loss</h2>
<figure>${curve}</figure>
${await pictures(run, config)}
<h2>Settings</h2>
${table(config)}
<h2>Environment</h2>
${table(environment)}
</body>
</html>
`
}

/** The newest picture of each kind large, those of earlier epochs behind a click. */
async function pictures(run: RunFolder, config: Config): Promise<string> {
  const folder = run.at('samples')
  if (!existsSync(folder)) return ''
  const names = (await readdir(folder)).filter(name => name.endsWith('.png')).sort()
  const kinds = [...new Set(names.map(name => name.replace(/-\d+\.png$/, '')))]
  const sections = kinds
    .sort()
    .reverse()
    .map(async kind => {
      const of = names.filter(name => name.startsWith(`${kind}-`))
      const rows = kind === 'reconstructions' ? rowsOf(config) : 'decoded from random codes'
      const figures = await Promise.all(of.map(name => figure(folder, name, rows)))
      const earlier = figures.slice(0, -1).reverse().join('\n')
      const more = earlier && `<details><summary>earlier epochs</summary>${earlier}</details>`
      return `<h2>${escaped(kind[0].toUpperCase() + kind.slice(1))}</h2>\n${figures.at(-1)}${more}`
    })
  return (await Promise.all(sections)).join('\n')
}

function rowsOf({ noise }: Config): string {
  return noise === null
    ? 'originals, and below them their copies'
    : 'images with noise, below them what is made of them, and the originals'
}

async function figure(folder: string, name: string, rows: string): Promise<string> {
  const bytes = await readFile(`${folder}/${name}`)
  const epoch = Number(name.match(/-(\d+)\.png$/)?.[1])
  const source = `data:image/png;base64,${bytes.toString('base64')}`
  const caption = `${rows}; after epoch ${epoch}`
  const image = `<img src="${source}" alt="${caption}">`
  return `<figure>${image}<figcaption>${caption}</figcaption></figure>`
}

function table(rows: object): string {
  const cells = Object.entries(rows)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(String(value))}</td></tr>`)
  return `<table>${cells.join('')}</table>`
}

function escaped(text: string): string {
  const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, mark => marks[mark])
}

const style = `
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --line: #ddd; }
@media (prefers-color-scheme: dark) { :root { --ink: #ddd; --paper: #161616; --line: #3a3a3a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 500; width: 12rem; }
figure { margin: 1rem 0; overflow-x: auto; } figure svg { min-width: 560px; }
figure svg, img { max-width: 100%; height: auto; border-radius: 4px; }
img { image-rendering: pixelated; }
figcaption { font-size: 13px; opacity: .75; }
`
