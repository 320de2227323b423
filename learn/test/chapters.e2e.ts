/** Programs and exercises in chapters: run, judged, stopped. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exercises } from '../exercises/index.js'
import { leave, visit } from './page.js'

test.after(leave)

const place = (page: Page, title: string) => page.locator('.exercise', { hasText: title })

/** Puts a text into an editor as a reader would: all marked, then typed over. */
async function write(page: Page, title: string, text: string): Promise<void> {
  await place(page, title).locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

async function verdict(page: Page, title: string): Promise<string> {
  const exercise = place(page, title)
  await exercise.getByRole('button', { name: 'Run' }).click()
  await exercise.locator('.verdict.right, .verdict.wrong').waitFor()
  return exercise.locator('.verdict').innerText()
}

test('a program of a chapter runs with those before it, and shows what it alone prints', () =>
  visit('#/chapter/1', async page => {
    const program = page.locator('.program').nth(1)
    await program.getByRole('button', { name: 'Run' }).click()
    await program.locator('.verdict.right').waitFor({ state: 'attached' })
    assert.is(
      await program.locator('.printed').innerText(),
      '[3, 2] [1, 3]\n[[1, 4], [2, 5], [3, 6]]\nthe same memory: true',
    )
  }))

test('the operation of chapter 2 is written and proved in the page', () =>
  visit('#/chapter/2', async page => {
    const { title, answer, wrong } = exercises.hypot
    assert.match(await verdict(page, title), /\S/)
    await write(page, title, wrong[0][0])
    assert.match(await verdict(page, title), wrong[0][1])
    await write(page, title, answer)
    assert.match(await verdict(page, title), /^✓ Right/)
    assert.match(await place(page, title).locator('.printed').innerText(), /^ok true\nerror \d/)
    await place(page, title).getByRole('button', { name: 'Start again' }).click()
    await place(page, title).getByRole('button', { name: 'Show the answer' }).click()
    assert.match(await verdict(page, title), /^✓ Right/)
  }))

test('figures are computed in the page', async () => {
  await visit('#/chapter/1', async page => {
    const sums = page.locator('figure').last().locator('.memory .gradient')
    await sums.first().waitFor()
    assert.equal((await sums.allTextContents()).slice(0, 4), ['5', '7', '9', '0'])
  })
  await visit('#/chapter/2', async page => {
    const x = page.locator('figure').last().locator('[data-name=x] .gradient')
    await x.waitFor()
    assert.is(await x.textContent(), '7')
    await page.locator('figure').last().getByRole('link').click()
    await page.locator('.panel', { hasText: 'Back through %1 = mul(x, x)' }).waitFor()
  })
})

test('an error stands at its line', () =>
  visit('#/chapter/2', async page => {
    const { title } = exercises.cube
    await write(page, title, 'const a = 1\nconst b = a.nothing.more\n')
    assert.match(await verdict(page, title), /^Line 2: .*undefined/)
  }))

test('a loop that never ends does not hang the page', () =>
  visit('#/chapter/1', async page => {
    const { title } = exercises.strides
    await write(page, title, 'export function strides() { for (;;); }')
    await place(page, title).getByRole('button', { name: 'Run' }).click()
    await page.getByRole('link', { name: 'the chain rule as a tape', exact: true }).hover()
    await place(page, title).locator('.verdict.wrong').waitFor()
    assert.match(await place(page, title).locator('.verdict').innerText(), /never ends/)
  }))

test.run()
