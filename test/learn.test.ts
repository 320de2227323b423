/** The page that teaches: its exercises judge rightly, and the programs in its chapters run. */
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { verdict } from '../learn/exercises/exercise.js'
import { exercises } from '../learn/exercises/index.js'
import { moduleOf, printed } from '../learn/exercises/program.js'
import { arrows, linesOf } from '../learn/scenes/tape/arrows.js'
import { functions } from '../learn/scenes/tape/functions.js'
import { marks } from '../learn/scenes/tape/marks.js'
import { gpu } from './gpu.js'

test.before(gpu)

const urlOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
const folder = new URL('../learn/chapters/', import.meta.url)
const chapters = readdirSync(folder).filter(file => file.endsWith('.md'))
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8')

for (const [name, exercise] of Object.entries(exercises)) {
  const { start, answer, wrong } = exercise

  test(`the exercise ${name} accepts its answer`, async () => {
    assert.match(await verdict(exercise, answer, urlOf), /^[A-Z].*\.$/)
  })

  for (const [i, text] of [start, ...wrong.map(([text]) => text)].entries())
    test(`the exercise ${name} refuses ${i === 0 ? 'its start' : `wrong answer ${i}`}`, async () => {
      assert.is.not(text, answer)
      const says = i === 0 ? /./ : wrong[i - 1][1]
      const words = await verdict(exercise, text, urlOf).then(
        () => 'accepted',
        error => String(error.message),
      )
      assert.is.not(words, 'accepted')
      assert.match(words, says, words)
    })
}

test('every exercise stands in a chapter or on a scene, and every mark has its exercise', () => {
  const marks = chapters.flatMap(file =>
    [...textOf(file).matchAll(/class="exercise" data-name="(\w+)"/g)].map(([, name]) => name),
  )
  assert.equal([...marks].sort(), Object.keys(exercises).sort())
})

test('each line of the source that the tape marks stands there once', () => {
  for (const { file, lines } of Object.values(marks)) {
    const source = readFileSync(new URL(`../src/autograd/${file}`, import.meta.url), 'utf8')
    for (const line of lines) assert.is(source.split(line).length, 2, `${file}: ${line}`)
  }
})

test('the arrows of every operation of an expression are found in the source', () => {
  const made = Object.keys(functions).filter(name => name !== 'mse')
  const view = new URL('../learn/scenes/tape/arrowview.ts', import.meta.url)
  const shown = /\{([\w,]+)\}\.ts/.exec(readFileSync(view, 'utf8'))![1].split(',')
  for (const op of [...made, 'mseLoss', 'add', 'sub', 'mul', 'div', 'neg', 'expand', 'reshape']) {
    const file = new URL(`../src/autograd/ops/${arrows[op].file}`, import.meta.url)
    assert.ok(shown.includes(arrows[op].file.replace('.ts', '')), `the page has ${file}`)
    const source = readFileSync(file, 'utf8')
    assert.is(source.split(arrows[op].first).length, 2, op)
    assert.match(linesOf(arrows[op], source).text, /=>/, op)
  }
})

test('what a chapter quotes of the source stands in the source', () => {
  const src = new URL('../src/', import.meta.url)
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  const source = files
    .filter(file => /\.(ts|wgsl)$/.test(file) && !file.startsWith('kernels/wgsl.ts'))
    .map(file => readFileSync(new URL(file, src), 'utf8'))
    .join('\n')
  for (const chapter of chapters)
    for (const [, quote] of textOf(chapter).matchAll(/```(?:ts|wgsl)\n([\s\S]*?)```/g))
      assert.ok(source.includes(quote), `${chapter} quotes\n${quote}`)
})

for (const chapter of chapters)
  test(`the programs of chapter ${chapter} run in a row, and print what it says`, async () => {
    const blocks = [...textOf(chapter).matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)
    if (blocks.length === 0) return
    const code = blocks.join('\n')
    const expected = [...code.matchAll(/^\s*\/\/ → (.*)$/gm)].map(([, line]) => line)
    const lines: string[] = []
    const { log } = console
    console.log = (...values) => lines.push(...values.map(printed).join(' ').split('\n'))
    try {
      await moduleOf(code, urlOf)
    } finally {
      console.log = log
    }
    assert.equal(lines, expected)
  })

test.run()
