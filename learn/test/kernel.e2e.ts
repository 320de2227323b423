/** The scene of kernels: errors at their lines, a verdict that turns red and green, puzzles. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { leave, visit } from './page.js'

test.after(leave)

/** The words of the verdict under the editor, once they match. */
async function verdict(page: Page, words: RegExp): Promise<string> {
  const place = page.locator('.work .verdict')
  await place.filter({ hasText: words }).waitFor({ timeout: 60e3 })
  return (await place.textContent()) ?? ''
}

/** Adds text at the end of the line that has these words. */
async function typeAfter(page: Page, words: string, text: string): Promise<void> {
  await page.locator('.work .cm-line').filter({ hasText: words }).click()
  await page.keyboard.press('End')
  await page.keyboard.type(text)
}

test('an error stands at its line; a wrong edit is red, the original green', () =>
  visit('#/kernel?rung=plain', async page => {
    await verdict(page, /^Right: C = A B/)
    await typeAfter(page, 'var sum = 0.0;', ' nonsense = 1;')
    const words = await verdict(page, /does not compile/)
    const line = Number(words.match(/Line (\d+)/)?.[1])
    const marked = page.locator('.work .cm-line:has(.cm-lintRange-error)')
    await marked.waitFor()
    assert.match((await marked.textContent()) ?? '', /var sum = 0\.0; nonsense = 1;/)
    const numbers = await page.locator('.work .cm-lineNumbers .cm-gutterElement').allTextContents()
    const texts = await page.locator('.work .cm-line').allTextContents()
    const at = texts.findIndex(text => text.includes('nonsense'))
    assert.is(Number(numbers[1 + at]), line, 'the first number of the gutter only makes room')

    await page.getByRole('button', { name: 'The original text' }).click()
    await verdict(page, /^Right/)
    await typeAfter(page, 'var sum = 0.0;', ' sum = 1.0;')
    assert.match(await verdict(page, /in float64/), /C = A B: element 0 is/)
    assert.ok(await page.locator('.work .verdict.wrong').count())
    await page.getByRole('button', { name: 'The original text' }).click()
    await verdict(page, /^Right/)
    assert.ok(await page.locator('.work .verdict.right').count())
  }))

test('an edit that reads a transposed matrix wrongly is found by the gradients', () =>
  visit('#/kernel?rung=plain', async page => {
    await verdict(page, /^Right/)
    await typeAfter(page, 'let row = start.x', '')
    await page.keyboard.press('Home')
    await page.keyboard.type('let row = start.x + i * params.k;//')
    assert.match(await verdict(page, /in float64/), /^dB = Aᵀ dC: element/)
  }))

test('a right edit is counted and timed in a row of its own', () =>
  visit('#/kernel?rung=plain', async page => {
    await verdict(page, /^Right/)
    await typeAfter(page, 'var sum = 0.0;', ' sum += 0.0 * A[row];') // a load more per element
    const row = page.locator('.stairs tr').filter({ hasText: 'your text' })
    await row.filter({ hasText: (2 + 1 / 64).toFixed(3) }).waitFor({ timeout: 60e3 })
    await page.getByRole('button', { name: 'Measure here' }).click()
    await page.getByRole('button', { name: 'Measure again' }).waitFor({ timeout: 120e3 })
    const speeds = await page.locator('.stairs .speed').allTextContents()
    assert.ok(speeds.length > 5)
    for (const speed of speeds) assert.ok(Number(speed) > 0, speed)
  }))

test('loads per multiply-add are what the sizes of blocks say', () =>
  visit('#/kernel', async page => {
    const loads = (name: string) =>
      page.locator('.stairs tr').filter({ hasText: name }).locator('.loads .number')
    // of A and B: 64³ each; for a block of b × b, two in b
    for (const [name, count] of [
      ['plain', '2.000'],
      ['textbook', (2 / 16).toFixed(3)],
      ['register', (2 / 8).toFixed(3)],
    ])
      await loads(name).filter({ hasText: count }).waitFor({ timeout: 60e3 })
  }))

test('the grid shows what the chosen invocation reads, by mouse and by keys', () =>
  visit('#/kernel?rung=plain', async page => {
    const counts = page.locator('.counts')
    await counts.filter({ hasText: 'loads 64 of A and 64 of B for 1 element' }).waitFor()
    const result = page.getByRole('slider', { name: 'C, written' })
    await result.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    assert.is(await result.getAttribute('aria-valuetext'), 'row 1, column 1')
    await page.getByRole('button', { name: 'textbook' }).click()
    await counts.filter({ hasText: 'loads 4 of A and 4 of B for 1 element' }).waitFor()
  }))

const answers: readonly (readonly [right: string, ...wrong: string[]])[] = [
  ['i * params.n + j', 'i * params.m + j', 'j * params.n + i', 'i + j'],
  ['id.x >= params.n', 'id.x > params.n', 'id.x >= 64u', 'false'],
  ['workgroupBarrier();', 'storageBarrier();', '', 'if (i < 32u) { workgroupBarrier(); }'],
  ['half / 2u', 'half', 'half - 1u', 'half / 4u'],
  ['j * params.k + q', 'q * params.n + j', 'j * params.n + q', 'i * params.k + q'],
]

test('each puzzle accepts its answer and refuses three others', () =>
  visit('#/kernel?puzzle=1', async page => {
    const place = page.locator('.puzzle .verdict')
    for (const [i, [right, ...wrong]] of answers.entries()) {
      await page
        .locator('.puzzles button')
        .filter({ hasText: `${i + 1} ` })
        .click()
      for (const answer of [...wrong, right]) {
        await page.getByLabel('What stands in the blank').fill(answer)
        await page.getByRole('button', { name: 'Check' }).click()
        await page.locator('.puzzle .verdict:is(.right, .wrong)').waitFor({ timeout: 60e3 })
        const words = `${answer}: ${await place.textContent()}`
        assert.is(await place.evaluate(e => e.classList.contains('right')), answer === right, words)
      }
    }
    assert.is(await page.locator('.puzzles button .right').count(), answers.length)
  }))

test.run()
